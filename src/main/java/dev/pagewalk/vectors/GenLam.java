package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Linear-address masking: pointers with data in their upper bits, under LAM_U48, LAM_U57, LAM_SUP
 * and none, with 4-level and 5-level paging.
 */
final class GenLam implements GenMaker {
  private static final List<Long> CR3 =
      List.of(0L, Cr3.LAM_U48, Cr3.LAM_U57, Cr3.LAM_U48 | Cr3.LAM_U57);
  private static final long BIT_63 = 1L << 63;

  /** What is in a pointer's upper bits. */
  private enum Data {
    /** What makes the address canonical. */
    NONE,
    /** Anything from bit 57 up. */
    FROM_57,
    /** Anything from bit 48 up. */
    FROM_48,
    /** The same, and the bit below is not as bit 63. */
    WRONG_SIGN
  }

  @Override
  public int round() {
    return 2 * CR3.size() * 2 * 2 * Data.values().length * 3 * 2 * 2;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    AccessKind kind = choices.kind();
    Data data = choices.of(Data.values());
    long lamUser = choices.of(CR3);
    boolean lamSupervisor = choices.yes();
    boolean la57 = choices.yes();
    boolean upperHalf = choices.yes();
    boolean absent = choices.yes();
    boolean user = choices.yes();
    GenSketch sketch =
        new GenSketch(random, GenSketch.allBut(Feature.CET, Feature.CET_SS, Feature.PKS), la57);
    Registers state = sketch.state();
    state = state.withCr3(state.cr3() | lamUser);
    sketch.state(state.withCr4(state.cr4() | (lamSupervisor ? Cr4.LAM_SUP : 0)));
    long address = address(sketch, upperHalf, data);
    List<Long> path = sketch.map(state.root(), address, sketch.oneIn(3) ? Level.PD : Level.PT);
    GenRights.unmark(sketch, path);
    if (absent) {
      sketch.clear(path.get(random.nextInt(path.size())), Entry.P);
    }
    long pointer = pointer(address, data, random);
    RightsSetting how = new RightsSetting(kind, user ? RightsSetting.USER : 0);
    sketch.touch(how, pointer, sketch.size(kind));
    if (sketch.oneIn(2)) {
      another(sketch, how, pointer, address);
    }
    return sketch.draft();
  }

  /** A linear address of that half, in 48 bits or in those of the paging mode. */
  private static long address(GenSketch sketch, boolean upperHalf, Data data) {
    int width = data == Data.FROM_57 || data == Data.NONE ? sketch.state().linearWidth() : 48;
    long low = sketch.random().nextLong() & ((1L << (width - 1)) - 1) & -8;
    return upperHalf ? LinearAddress.signExtend(low | 1L << (width - 1), width) : low;
  }

  private static long pointer(long address, Data data, RandomGenerator random) {
    long from = data == Data.NONE ? BIT_63 : data == Data.FROM_57 ? 1L << 57 : 1L << 48;
    long free = ~BIT_63 & -from;
    long pointer = (address & ~free) | (random.nextLong() & free);
    return data == Data.WRONG_SIGN ? pointer ^ 1L << (random.nextBoolean() ? 47 : 56) : pointer;
  }

  /** The address without data, or the pointer once more under other masking. */
  private static void another(GenSketch sketch, RightsSetting how, long pointer, long address) {
    Registers state = sketch.state();
    switch (sketch.random().nextInt(3)) {
      case 0 -> sketch.touch(new RightsSetting(AccessKind.WRITE, how.bits()), address, 1);
      case 1 -> {
        long other = CR3.get(sketch.random().nextInt(CR3.size()));
        sketch.add(new Action.MovCr3(state.root() | other));
        sketch.touch(how, pointer, 1);
      }
      default -> {
        sketch.add(new Action.MovCr4(state.cr4() ^ Cr4.LAM_SUP));
        sketch.touch(how, pointer, 1);
      }
    }
  }
}
