package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MremapFlag;
import dev.pagewalk.kernel.MsyncFlag;
import java.util.Random;

/** Draws the next step: mostly one that makes sense where the walk is now. */
final class StepMaker {
  private static final long HUGE = 2 << 20;
  private static final int[] PROTS = {3, 3, 3, 3, 1, 1, 0, 7, 5, 2};

  /** Each as often as it should come up. */
  private static final Advice[] ADVICES = {
    Advice.PAGEOUT,
    Advice.PAGEOUT,
    Advice.PAGEOUT,
    Advice.PAGEOUT,
    Advice.PAGEOUT,
    Advice.DONTNEED,
    Advice.DONTNEED,
    Advice.FREE,
    Advice.FREE,
    Advice.FREE,
    Advice.HUGEPAGE,
    Advice.HUGEPAGE,
    Advice.WILLNEED,
    Advice.COLD,
    Advice.COLLAPSE,
    Advice.COLLAPSE,
    Advice.REMOVE,
    Advice.POPULATE_READ,
    Advice.POPULATE_WRITE,
    Advice.GUARD_INSTALL,
    Advice.GUARD_REMOVE,
  };

  private final Walk walk;
  private final Random random;
  private final ExtraStepMaker extras;
  private Operation operation;
  private int who;

  StepMaker(Walk walk, long seed) {
    this.walk = walk;
    this.random = new Random(seed);
    this.extras = new ExtraStepMaker(this, walk, random);
  }

  Step next() {
    who = random.nextInt(Walk.PLACES);
    if (walk.processes[who] == null) {
      int other = (who + 1 + random.nextInt(2)) % Walk.PLACES;
      boolean fork = walk.processes[other] != null && random.nextInt(4) > 0;
      int child = who;
      who = fork ? other : who;
      operation = fork ? Operation.FORK : Operation.SPAWN;
      return step(child, 0, 0, 0);
    }
    boolean plain = walk.setting.extras().equals(Setting.Extras.NONE);
    int draw = random.nextInt(plain ? 1000 : 1150);
    if (draw >= 1000) {
      return extras.step(draw - 1000);
    }
    if (draw < 480) {
      return access(draw);
    }
    return draw < 930 ? call(draw - 480) : rare(draw - 930);
  }

  /** A step of another kind, with its four arguments. */
  Step step(Operation kind, long... arguments) {
    operation = kind;
    return step(arguments[0], arguments[1], arguments[2], arguments[3]);
  }

  /** Some rights, mostly to read and write. */
  int prot() {
    return PROTS[random.nextInt(PROTS.length)];
  }

  private Step step(long a, long b, long c, long d) {
    return new Step(operation, who, random.nextInt(Walk.CORES), a, b, c, d);
  }

  // --- accesses ---

  private Step access(int draw) {
    long page = address();
    int offset = Contents.place(random.nextInt(4));
    if (draw < 160) {
      operation = Operation.LOAD;
      int size = 1 << random.nextInt(4);
      return step(page + Math.min(4092, offset + random.nextInt(6)), size, 0, 0);
    }
    if (draw < 340) {
      operation = Operation.STORE;
      int size = 1 << random.nextInt(4);
      if (random.nextInt(12) == 0) {
        return step(page + 4092, 8, random.nextLong(), 0);
      }
      return step(
          page + offset + (long) random.nextInt(8 / size) * size, size, random.nextLong(), 0);
    }
    if (draw < 400) {
      operation = draw < 370 ? Operation.ADD : Operation.EXCHANGE;
      return step(page + offset + random.nextInt(8), random.nextInt(3), random.nextInt(256), 0);
    }
    if (draw < 430) {
      operation = Operation.FETCH;
      return step(page + offset, 1, 0, 0);
    }
    boolean crosses = random.nextInt(3) == 0;
    operation = draw < 455 ? Operation.COPY_FROM : Operation.COPY_TO;
    return step(crosses ? page + 4088 : page, crosses ? 24 : 16, random.nextLong(), 0);
  }

  // --- places ---

  ModelProcess process() {
    return walk.processes[who];
  }

  /** A page; mostly one that is mapped. */
  long address() {
    long page = 0;
    for (int i = 0; i < 4; i++) {
      page = anyAddress();
      if (process().at(page) != null) {
        return page;
      }
    }
    return page;
  }

  private long anyAddress() {
    int draw = random.nextInt(100);
    if (draw < 55) {
      return ModelProcess.LOW + 4096L * random.nextInt(96);
    }
    if (draw < 80) {
      long start = ModelProcess.LOW + HUGE * (1 + random.nextInt(3));
      long near = random.nextInt(4) == 0 ? random.nextInt(512) : random.nextInt(12) - 4;
      return start + 4096 * near;
    }
    if (draw < 88) {
      return ModelProcess.HEAP + 4096L * random.nextInt(24);
    }
    var vmas = process().mm.view();
    if (draw < 98 && !vmas.isEmpty()) {
      var vma = vmas.get(random.nextInt(vmas.size()));
      if (!ModelProcess.covers(vma.start(), vma.end())) {
        return ModelProcess.LOW;
      }
      long pages = (vma.end() - vma.start()) >> 12;
      return vma.start() + 4096 * random.nextLong(pages);
    }
    return random.nextBoolean() ? 0 : 0x7fff_ffff_e000L;
  }

  /** A place in the window, where what is mapped by force does no harm. */
  private long fixedAddress(long length) {
    if (length >= HUGE) {
      long odd = random.nextInt(4) == 0 ? 4096L * random.nextInt(16) : 0;
      return ModelProcess.LOW + HUGE * (1 + random.nextInt(2)) + odd;
    }
    return random.nextInt(5) == 0
        ? ModelProcess.LOW + HUGE * (1 + random.nextInt(3)) + 4096L * (random.nextInt(12) - 4)
        : ModelProcess.LOW + 4096L * random.nextInt(96);
  }

  long length() {
    int draw = random.nextInt(100);
    if (draw < 85) {
      return 4096L * (1 + random.nextInt(6)) - (random.nextInt(10) == 0 ? 1000 : 0);
    }
    if (draw < 99) {
      return 4096L * (1 + random.nextInt(40));
    }
    return 0;
  }

  /** A range for advice and the like: small, or the whole or part of a huge page. */
  private Step range(long c) {
    long address = address();
    if (random.nextInt(5) == 0) {
      return step(address & -HUGE, random.nextInt(3) == 0 ? HUGE + 8192 : HUGE, c, 0);
    }
    if (random.nextInt(60) == 0) {
      address++;
    }
    return step(address, length(), c, 0);
  }

  // --- system calls ---

  private Step call(int draw) {
    if (draw < 90) {
      return map();
    }
    if (draw < 130) {
      operation = Operation.MUNMAP;
      return range(0);
    }
    if (draw < 190) {
      operation = Operation.MPROTECT;
      return range(PROTS[random.nextInt(PROTS.length)]);
    }
    if (draw < 240) {
      return remap();
    }
    if (draw < 370) {
      operation = Operation.MADVISE;
      boolean common = random.nextInt(4) > 0;
      Advice[] all = common ? ADVICES : Advice.values();
      return range(all[random.nextInt(all.length)].code());
    }
    if (draw < 390) {
      operation = Operation.BRK;
      return step(ModelProcess.HEAP - 4096 + random.nextInt(25 * 4096), 0, 0, 0);
    }
    if (draw < 400) {
      operation = Operation.MINCORE;
      return range(0);
    }
    if (draw < 410) {
      operation = Operation.MSYNC;
      int[] flags = {MsyncFlag.SYNC, MsyncFlag.SYNC, MsyncFlag.ASYNC, 2, 6, 5};
      return range(flags[random.nextInt(flags.length)]);
    }
    return file();
  }

  private Step map() {
    operation = Operation.MMAP;
    boolean huge = random.nextInt(8) == 0;
    long length = huge ? HUGE : length();
    boolean anonymous = random.nextInt(5) < 3;
    int flags = random.nextInt(3) == 0 ? MapFlag.SHARED : MapFlag.PRIVATE;
    flags |= anonymous ? MapFlag.ANONYMOUS : 0;
    int place = random.nextInt(10);
    flags |= place < 6 ? MapFlag.FIXED : place == 6 ? MapFlag.FIXED_NOREPLACE : 0;
    flags |= random.nextInt(12) == 0 ? MapFlag.POPULATE : 0;
    flags |= random.nextInt(40) == 0 ? MapFlag.LOCKED : 0;
    flags |= random.nextInt(20) == 0 ? MapFlag.NORESERVE : 0;
    flags |= random.nextInt(15) == 0 ? MapFlag.GROWSDOWN : 0;
    long address = place == 9 ? 0 : fixedAddress(length);
    long object = MapArguments.packObject(random.nextInt(Walk.FILES), 4096L * random.nextInt(12));
    int prot = PROTS[random.nextInt(PROTS.length)];
    return step(address, length, MapArguments.pack(prot, flags), object);
  }

  private Step remap() {
    operation = Operation.MREMAP;
    long address = address();
    boolean huge = random.nextInt(6) == 0;
    address &= huge ? -HUGE : -1;
    long oldLength = huge ? HUGE : length();
    int kind = random.nextInt(10);
    boolean fixed = kind < 5;
    long newLength = kind < 4 ? oldLength : length();
    int flags = kind == 9 ? 0 : MremapFlag.MAYMOVE;
    flags |= fixed ? MremapFlag.FIXED : 0;
    if (kind == 0 || kind == 6) {
      flags |= MremapFlag.DONTUNMAP;
      newLength = oldLength;
    }
    long target = fixed ? fixedAddress(newLength) : 0;
    oldLength = random.nextInt(25) == 0 ? 0 : oldLength;
    return step(address, oldLength, newLength, target | flags);
  }

  private Step file() {
    int number = random.nextInt(Walk.FILES);
    long unit = walk.setting.tight() ? 4096 : 2048;
    int draw = random.nextInt(40);
    if (draw < 7) {
      operation = Operation.TRUNCATE;
      return step(number, unit * random.nextInt((int) (16 * 4096 / unit)), 0, 0);
    }
    if (draw < 12) {
      operation = Operation.PUNCH;
      return step(number, unit * random.nextInt(20), unit * (1 + random.nextInt(8)), 0);
    }
    if (draw < 20) {
      operation = Operation.FILE_READ;
      return step(number, 4096L * random.nextInt(17) + random.nextInt(12), 16, 0);
    }
    if (draw < 34) {
      operation = Operation.FILE_WRITE;
      boolean crosses = random.nextBoolean();
      long page = 4096L * random.nextInt(16);
      return step(number, crosses ? page + 4088 : page, crosses ? 24 : 16, random.nextLong());
    }
    operation = draw < 38 ? Operation.FSYNC : Operation.DROP_CACHE;
    return step(number, 0, 0, 0);
  }

  private Step rare(int draw) {
    if (draw < 12) {
      operation = Operation.EXIT;
      return step(0, 0, 0, 0);
    }
    if (draw < 26) {
      operation = Operation.FORK;
      return step(random.nextInt(Walk.PLACES), 0, 0, 0);
    }
    operation =
        draw < 38
            ? Operation.MLOCK
            : draw < 44
                ? Operation.MLOCK_ON_FAULT
                : draw < 60
                    ? Operation.MUNLOCK
                    : draw < 69 ? Operation.MUNLOCKALL : Operation.MSEAL;
    if (operation == Operation.MSEAL && random.nextInt(4) > 0) {
      operation = Operation.MUNLOCK;
    }
    return range(0);
  }
}
