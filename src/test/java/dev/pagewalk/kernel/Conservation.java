package dev.pagewalk.kernel;

import dev.pagewalk.kernel.policy.FutureUses;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.PolicySimulation;
import dev.pagewalk.machine.Machine;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Four processes on two cores load and store, in memory of half their working set, and compare each
 * word with what they stored last: some of it private, some of a file that they share, some locked.
 */
final class Conservation implements AutoCloseable {
  private static final int PROCESSES = 4;
  private static final int PRIVATE = 96;
  private static final int SHARED = 32;
  private static final int LOCKED = 4;
  private static final int PAGES = PRIVATE + SHARED;
  private static final int FRAMES = (PROCESSES * PRIVATE + SHARED) / 2;
  private static final long SEED = 20261121;
  private static final int TICK = 512;

  private final int[] trace;
  private final PressureRig rig;
  private final AddressSpace[] processes = new AddressSpace[PROCESSES];
  private final FileObject file;

  /** How often each page was stored to: each process's private pages, then those of the file. */
  private final long[] words = new long[PROCESSES * PRIVATE + SHARED];

  /** Does something wrong now and then, after an access; does nothing at first. */
  Consumer<Conservation> spoiler = conservation -> {};

  /**
   * A run of the policy of that name.
   *
   * @param scope over which pages it chooses
   */
  Conservation(String policy, ReclaimOptions.Scope scope, int accesses) {
    this(policy, scope, accesses, Machine::new);
  }

  /** The same on a machine that may be faulty. */
  Conservation(
      String policy, ReclaimOptions.Scope scope, int accesses, Function<Kernel, Machine> maker) {
    trace = trace(SEED, accesses);
    FutureUses future = Policies.needsFuture(policy) ? FutureUses.of(trace) : null;
    ReclaimOptions options =
        ReclaimOptions.of((frames, view) -> Policies.create(policy, frames, view, future))
            .withScope(scope);
    rig = new PressureRig(1024, 1024, new PressureRig.Setup(KernelOptions.DEFAULT, options, maker));
    file = rig.file(SHARED);
    rig.machine.call(() -> rig.kernel.fileCalls().ftruncate(file, 0));
    rig.machine.call(() -> rig.kernel.fileCalls().ftruncate(file, SHARED * 4096L));
    rig.kernel.rootGroup().setMax(FRAMES);
    rig.machine.spend();
    for (int i = 0; i < PROCESSES; i++) {
      AddressSpace mm = rig.kernel.newAddressSpace().orElseThrow();
      rig.machine.spend();
      processes[i] = mm;
      rig.mapFile(mm, file, SHARED);
      long start = PressureRig.BASE + SHARED * 4096L;
      rig.map(mm, start, PRIVATE, MapFlag.PRIVATE | MapFlag.FIXED);
      rig.machine.call(() -> mm.calls().mlock(start, LOCKED * 4096L));
    }
  }

  Kernel kernel() {
    return rig.kernel;
  }

  AddressSpace process(int number) {
    return processes[number];
  }

  /** Where the locked pages of each process begin. */
  static long locked() {
    return PressureRig.BASE + SHARED * 4096L;
  }

  /** Accesses with some locality: mostly a few neighbours, which move on. */
  private static int[] trace(long seed, int accesses) {
    SplittableRandom random = new SplittableRandom(seed);
    int[] trace = new int[accesses];
    int[] at = new int[PROCESSES];
    for (int i = 0; i < accesses; i++) {
      int who = random.nextInt(PROCESSES);
      if (random.nextInt(16) == 0) {
        at[who] = random.nextInt(PAGES);
      }
      int page = (at[who] + random.nextInt(8)) % PAGES;
      int number = page < SHARED ? PROCESSES * PRIVATE + page : who * PRIVATE + page - SHARED;
      int access = number * PROCESSES + who;
      trace[i] = random.nextInt(3) == 0 ? PolicySimulation.write(access) : access;
    }
    return trace;
  }

  /** Makes all accesses, and looks at everything; throws an AssertionError at what is wrong. */
  void run() {
    for (int i = 0; i < trace.length; i++) {
      access(i);
      spoiler.accept(this);
      if (rig.kernel.rootGroup().current() > FRAMES) {
        throw new AssertionError("more pages than there may be");
      }
      if (i % TICK == 0) {
        rig.machine.call(() -> {
          rig.kernel.tick();
          return 0;
        });
      }
      if (i % (trace.length / 4 + 1) == 0) {
        rig.check();
        lockedAreThere();
      }
    }
    rig.check();
    compareAll();
  }

  private void access(int position) {
    int access = PolicySimulation.page(trace[position]);
    int who = access % PROCESSES;
    int number = access / PROCESSES;
    AddressSpace mm = processes[who];
    int page = pageOf(who, number);
    if (trace[position] < 0) {
      words[number]++;
      rig.store(mm, page, value(number));
    } else {
      compare(who, number);
    }
    if (rig.kernel.wantsAccesses()) {
      long frame = mm.page(PressureRig.BASE + page * 4096L).frame();
      rig.kernel.accessed(frame, position);
    }
  }

  private static int pageOf(int who, int number) {
    return number >= PROCESSES * PRIVATE
        ? number - PROCESSES * PRIVATE
        : number - who * PRIVATE + SHARED;
  }

  private void compare(int who, int number) {
    long expected = value(number);
    long there = rig.load(processes[who], pageOf(who, number));
    if (there != expected) {
      throw new AssertionError(
          "process %d, page %d: %d, expected %d"
              .formatted(who, pageOf(who, number), there, expected));
    }
  }

  /** The word of a page that was stored so often; 0 if it never was. */
  private long value(int number) {
    return words[number] == 0 ? 0 : words[number] * 1000 + number;
  }

  private void lockedAreThere() {
    for (AddressSpace mm : processes) {
      for (int i = 0; i < LOCKED; i++) {
        if (mm.page(locked() + i * 4096L).kind() != PageView.Kind.PRESENT) {
          throw new AssertionError("a locked page is gone");
        }
      }
    }
  }

  private void compareAll() {
    lockedAreThere();
    for (int who = 0; who < PROCESSES; who++) {
      for (int page = 0; page < PAGES; page++) {
        compare(who, page < SHARED ? PROCESSES * PRIVATE + page : who * PRIVATE + page - SHARED);
      }
    }
    for (AddressSpace mm : processes) {
      rig.machine.exit(mm);
    }
    KernelCheck.empty(rig.kernel);
    byte[] bytes = new byte[1];
    for (int page = 0; page < SHARED; page++) {
      long offset = page * 4096L;
      rig.machine.call(() -> rig.kernel.fileCalls().read(file, offset, bytes));
      int number = PROCESSES * PRIVATE + page;
      long expected = value(number);
      if (bytes[0] != (byte) expected) {
        throw new AssertionError("page %d of the file is lost".formatted(page));
      }
    }
  }

  /** How many pages have gone and come back. */
  long reclaimed() {
    return rig.count(VmEvent.PGSTEAL_DIRECT) + rig.count(VmEvent.PGSTEAL_KSWAPD);
  }

  @Override
  public void close() {
    rig.close();
  }
}
