package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.AddressSpace;

/** Makes steps, each by those who know that kind. */
final class Steps {
  private final Walk walk;
  private final AccessSteps accesses;
  private final CopySteps copies;
  private final MapSteps maps;
  private final RightsSteps rights;
  private final RemapSteps remaps;
  private final AdviceSteps advices;
  private final FileSteps files;
  private final TaskSteps tasks;
  private final HugetlbSteps huge;

  Steps(Walk walk) {
    this.walk = walk;
    accesses = new AccessSteps(walk);
    copies = new CopySteps(walk);
    maps = new MapSteps(walk);
    rights = new RightsSteps(walk);
    remaps = new RemapSteps(walk);
    advices = new AdviceSteps(walk);
    files = new FileSteps(walk);
    tasks = new TaskSteps(walk);
    huge = new HugetlbSteps(walk);
  }

  boolean perform(Step step) {
    return switch (step.operation()) {
      case SPAWN -> spawn(step);
      case TRUNCATE, PUNCH, FILE_READ, FILE_WRITE, FSYNC, DROP_CACHE, READAHEAD -> {
        files.perform(step);
        yield true;
      }
      default -> walk.processes[step.who()] != null && performIn(step);
    };
  }

  private boolean performIn(Step step) {
    switch (step.operation()) {
      case FORK -> {
        return fork(step);
      }
      case EXIT -> exit(step);
      case LOAD, STORE, ADD, EXCHANGE, FETCH, LOAD_STACK -> accesses.perform(step);
      case COPY_FROM, COPY_TO -> copies.perform(step);
      case MMAP, MUNMAP, BRK -> maps.perform(step);
      case MREMAP -> {
        return remaps.perform(step);
      }
      case MADVISE -> advices.perform(step);
      case SETRLIMIT,
          PKEY_ALLOC,
          PKEY_FREE,
          WRPKRU,
          MLOCKALL,
          SET_MEMPOLICY,
          MBIND,
          PROC,
          SET_GROUP,
          GROUP_MAX,
          OOM_ADJUST -> {
        return tasks.perform(step);
      }
      case HUGE_MAP,
          HUGE_UNMAP,
          HUGE_PROTECT,
          HUGE_DISCARD,
          HUGE_MOVE,
          HUGE_LOAD,
          HUGE_STORE,
          HUGE_POOL ->
          huge.perform(step);
      default -> rights.perform(step);
    }
    return true;
  }

  private boolean spawn(Step step) {
    if (walk.processes[step.who()] != null) {
      return false;
    }
    AddressSpace mm = walk.kernel.newAddressSpace().orElse(null);
    if (mm == null) {
      return noMemory();
    }
    mm.setBrk(ModelProcess.HEAP);
    walk.processes[step.who()] = new ModelProcess(mm);
    walk.joinGroup(step.who());
    return true;
  }

  private boolean fork(Step step) {
    int place = (int) step.a();
    if (walk.processes[place] != null) {
      return false;
    }
    ModelProcess parent = walk.processes[step.who()];
    AddressSpace child = walk.kernel.fork(parent.mm).orElse(null);
    walk.machine.spend();
    if (child == null) {
      noMemory();
      return true;
    }
    walk.processes[place] = parent.fork(child);
    return true;
  }

  /** There may be too little memory for another process only where it is short. */
  private boolean noMemory() {
    if (!walk.setting.tight()) {
      throw new AssertionError("no memory for another process");
    }
    return false;
  }

  private void exit(Step step) {
    walk.machine.exit(walk.processes[step.who()].mm);
    walk.processes[step.who()] = null;
  }
}
