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

  Steps(Walk walk) {
    this.walk = walk;
    accesses = new AccessSteps(walk);
    copies = new CopySteps(walk);
    maps = new MapSteps(walk);
    rights = new RightsSteps(walk);
    remaps = new RemapSteps(walk);
    advices = new AdviceSteps(walk);
    files = new FileSteps(walk);
  }

  boolean perform(Step step) {
    return switch (step.operation()) {
      case SPAWN -> spawn(step);
      case TRUNCATE, PUNCH, FILE_READ, FILE_WRITE, FSYNC, DROP_CACHE -> {
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
      case LOAD, STORE, ADD, EXCHANGE, FETCH -> accesses.perform(step);
      case COPY_FROM, COPY_TO -> copies.perform(step);
      case MMAP, MUNMAP, BRK -> maps.perform(step);
      case MREMAP -> {
        return remaps.perform(step);
      }
      case MADVISE -> advices.perform(step);
      default -> rights.perform(step);
    }
    return true;
  }

  private boolean spawn(Step step) {
    if (walk.processes[step.who()] != null) {
      return false;
    }
    AddressSpace mm;
    try {
      mm = walk.kernel.newAddressSpace();
    } catch (IllegalStateException e) {
      return notForMemory(e);
    }
    mm.setBrk(ModelProcess.HEAP);
    walk.processes[step.who()] = new ModelProcess(mm);
    return true;
  }

  private boolean fork(Step step) {
    int place = (int) step.a();
    if (walk.processes[place] != null) {
      return false;
    }
    ModelProcess parent = walk.processes[step.who()];
    AddressSpace child;
    try {
      child = walk.kernel.fork(parent.mm);
    } catch (IllegalStateException e) {
      notForMemory(e);
      walk.machine.spend();
      return true;
    }
    walk.machine.spend();
    walk.processes[place] = parent.fork(child);
    return true;
  }

  /** The one exception that says that memory is short. */
  private boolean notForMemory(IllegalStateException e) {
    if (!walk.setting.tight() || !"no memory for another process".equals(e.getMessage())) {
      throw e;
    }
    return false;
  }

  private void exit(Step step) {
    walk.machine.exit(walk.processes[step.who()].mm);
    walk.processes[step.who()] = null;
  }
}
