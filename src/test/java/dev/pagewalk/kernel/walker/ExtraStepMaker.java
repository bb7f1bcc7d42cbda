package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MremapFlag;
import dev.pagewalk.kernel.Rlimit;
import java.util.Random;

/** Draws steps that only machines with extras are walked by. */
final class ExtraStepMaker {
  private final StepMaker maker;
  private final Walk walk;
  private final Random random;
  private final long bytes;

  ExtraStepMaker(StepMaker maker, Walk walk, Random random) {
    this.maker = maker;
    this.walk = walk;
    this.random = random;
    this.bytes = walk.setting.extras().hugetlbBytes();
  }

  /** A step; {@code draw} is below 150. */
  Step step(int draw) {
    if (draw < 60) {
      return huge(draw);
    }
    if (draw < 100) {
      return keys(draw - 60);
    }
    if (draw < 120) {
      boolean bind = draw < 112;
      long address = bind ? maker.address() + (random.nextInt(40) == 0 ? 1 : 0) : 0;
      int mode = random.nextInt(12) == 0 ? random.nextInt(8) - 1 : random.nextInt(6);
      boolean none = mode == 0 || mode == 4 || random.nextInt(20) == 0;
      long nodes = none ? 0 : random.nextInt(5);
      Operation kind = bind ? Operation.MBIND : Operation.SET_MEMPOLICY;
      return maker.step(kind, address, bind ? maker.length() : 0, mode, nodes);
    }
    return rest(draw - 120);
  }

  private Step rest(int draw) {
    if (draw < 8) {
      return limit();
    }
    if (draw < 12) {
      int flags = random.nextInt(3) == 0 ? random.nextInt(9) : 0;
      return flags == 0
          ? maker.step(Operation.MUNLOCKALL, 0, 0, 0, 0)
          : maker.step(Operation.MLOCKALL, 0, 0, flags, 0);
    }
    if (draw < 16) {
      long address = random.nextInt(4) == 0 ? 1L << (47 + random.nextInt(8)) : maker.address();
      return maker.step(Operation.LOAD_STACK, address, 1, 0, 0);
    }
    if (draw < 21) {
      return maker.step(
          Operation.MPROTECT_GROWSDOWN, maker.address(), maker.length(), maker.prot(), 0);
    }
    if (draw < 24) {
      return maker.step(Operation.READAHEAD, random.nextInt(Walk.FILES), 0, 0, 0);
    }
    if (draw < 26) {
      return maker.step(Operation.PROC, 0, 0, 0, 0);
    }
    if (draw < 27) {
      return maker.step(Operation.OOM_ADJUST, 0, 0, 100L * (random.nextInt(21) - 10), 0);
    }
    return draw < 29
        ? maker.step(Operation.SET_GROUP, 0, 0, random.nextInt(3), 0)
        : maker.step(Operation.GROUP_MAX, 0, 60 + random.nextInt(400), 0, 0);
  }

  /** No limit, or one that is near to what there is. */
  private Step limit() {
    Rlimit[] limits = {Rlimit.DATA, Rlimit.AS, Rlimit.STACK};
    Rlimit limit = limits[random.nextInt(3)];
    long bytes =
        switch (random.nextInt(5)) {
          case 0 -> 4096L * random.nextInt(300);
          case 1 -> 4096L * (maker.process().mapped() + random.nextInt(40)) - random.nextInt(2);
          case 2 -> limit == Rlimit.DATA ? 0 : Long.MAX_VALUE;
          default -> -1;
        };
    if (limit == Rlimit.STACK) {
      // A stack without limit could leave what the model covers.
      bytes = bytes < 0 ? 8 << 20 : Math.min(bytes, 8 << 20);
    }
    return maker.step(Operation.SETRLIMIT, 0, bytes, limit.ordinal(), 0);
  }

  private Step keys(int draw) {
    if (draw < 5) {
      return maker.step(Operation.PKEY_ALLOC, 0, 0, random.nextInt(9) % 5, 0);
    }
    if (draw < 6) {
      return maker.step(Operation.PKEY_FREE, 0, 0, random.nextInt(18) - 1, 0);
    }
    if (draw < 30) {
      int key = random.nextInt(12) == 0 ? random.nextInt(18) - 1 : random.nextInt(3);
      long length = random.nextBoolean() ? maker.length() : 4096L * random.nextInt(90);
      return maker.step(Operation.PKEY_MPROTECT, maker.address(), length, maker.prot(), key);
    }
    // Mostly key 0 stays open, or nothing could be done.
    int value = random.nextBoolean() ? random.nextInt() & 0xff & ~3 : random.nextInt() & ~3;
    value = random.nextInt(4) == 0 ? 0 : value;
    value |= random.nextInt(25) == 0 ? random.nextInt(4) : 0;
    return maker.step(Operation.WRPKRU, 0, 0, Integer.toUnsignedLong(value), 0);
  }

  // --- explicit huge pages ---

  private Step huge(int draw) {
    int place = random.nextInt(ModelUnit.PLACES);
    int most = Math.min(3, ModelUnit.PLACES - place);
    long address = ModelUnit.address(place, bytes);
    long length = bytes * (1 + random.nextInt(most));
    long odd = random.nextInt(15) == 0 ? 4096 : 0;
    if (draw < 12) {
      return map(address + odd, length - (random.nextInt(6) == 0 ? 5000 : 0));
    }
    if (draw < 15) {
      return maker.step(Operation.HUGE_UNMAP, address + odd, length, 0, 0);
    }
    if (draw < 20) {
      return maker.step(Operation.HUGE_PROTECT, address + odd, length, maker.prot(), 0);
    }
    if (draw < 24) {
      return maker.step(Operation.HUGE_DISCARD, address + odd, length - odd, 0, 0);
    }
    if (draw < 28) {
      return move(address, length);
    }
    if (draw < 30) {
      long pages = walk.setting.extras().hugetlbPages();
      return maker.step(Operation.HUGE_POOL, 0, random.nextInt((int) pages + 3), 0, 0);
    }
    long small = new long[] {0, 1, bytes / 8192, bytes / 4096 - 1}[random.nextInt(4)];
    long at = address + 4096 * small + Contents.place(new int[] {0, 2, 3}[random.nextInt(3)]);
    return draw < 42
        ? maker.step(Operation.HUGE_LOAD, at, 8, 0, 0)
        : maker.step(Operation.HUGE_STORE, at, 8, random.nextLong(), 0);
  }

  private Step map(long address, long length) {
    int flags = MapFlag.ANONYMOUS | MapFlag.HUGETLB;
    flags |= Long.numberOfTrailingZeros(bytes) << MapFlag.HUGE_SHIFT;
    flags |= random.nextInt(3) == 0 ? MapFlag.SHARED : MapFlag.PRIVATE;
    flags |= random.nextInt(3) == 0 ? MapFlag.FIXED : MapFlag.FIXED_NOREPLACE;
    flags |= random.nextInt(3) == 0 ? MapFlag.NORESERVE : 0;
    flags |= random.nextInt(5) == 0 ? MapFlag.POPULATE : 0;
    long c = MapArguments.pack(random.nextInt(4) == 0 ? maker.prot() : 3, flags);
    return maker.step(Operation.HUGE_MAP, address, length, c, 0);
  }

  private Step move(long address, long length) {
    if (random.nextBoolean()) {
      long newLength = bytes * (1 + random.nextInt(3));
      return maker.step(Operation.HUGE_MOVE, address, length, newLength, 0);
    }
    int count = (int) (length / bytes);
    int target = random.nextInt(ModelUnit.PLACES - count + 1);
    long to = ModelUnit.address(target, bytes);
    int flags = MremapFlag.MAYMOVE | MremapFlag.FIXED;
    return maker.step(Operation.HUGE_MOVE, address, length, length, to | flags);
  }
}
