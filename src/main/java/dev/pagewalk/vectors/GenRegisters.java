package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import java.util.EnumSet;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Writes of registers that may be refused, bit by bit, with an access behind each. */
final class GenRegisters implements GenMaker {
  private static final int WAYS = 7;

  /** Bits that end paging, or that accesses depend on in other ways than by paging. */
  private static final long CR0_LEFT = Cr0.PG | Cr0.PE | Cr0.AM;

  private static final long CR4_LEFT = Cr4.PAE | Cr4.LA57 | Cr4.PCIDE;

  @Override
  public int round() {
    return WAYS * Long.SIZE * 2;
  }

  @Override
  public FuzzDraft make(int number, RandomGenerator random) {
    GenChoices choices = new GenChoices(number, round());
    long bit = 1L << choices.below(Long.SIZE);
    boolean bare = choices.yes();
    int way = choices.below(WAYS);
    Set<Feature> features =
        bare ? EnumSet.of(Feature.NX, Feature.PGE) : GenSketch.allBut(Feature.LAM, Feature.CET_SS);
    GenSketch sketch = new GenSketch(random, features, !bare && random.nextInt(4) == 0);
    Registers state = sketch.state();
    if (!bare) {
      state = state.withCr4(state.cr4() | (random.nextLong() & (Cr4.PKE | Cr4.PCIDE | Cr4.PGE)));
      sketch.state(state);
    }
    long address = sketch.address();
    sketch.map(state.root(), address, sketch.oneIn(3) ? Level.PD : Level.PT);
    sketch.add(write(way, bit, state, address));
    if (way == 3 && bit == Efer.NXE) {
      // What TLBs have of pages with XD is anybody's guess until they are emptied.
      sketch.add(new Action.MovCr3(state.cr3()));
    }
    int user = random.nextBoolean() ? RightsSetting.USER : 0;
    sketch.touch(new RightsSetting(GenSketch.kind(random.nextInt(3)), user), address, 1);
    return sketch.draft();
  }

  private static Action write(int way, long bit, Registers state, long address) {
    return switch (way) {
      case 0 -> new Action.MovCr0(state.cr0() ^ (bit & ~CR0_LEFT));
      case 1 -> new Action.MovCr3(state.cr3() ^ (bit & 0xfff0_0000_0000_0fffL));
      case 2 -> new Action.MovCr4(state.cr4() ^ (bit & ~CR4_LEFT));
      case 3 -> new Action.Wrmsr(Efer.MSR, state.efer() ^ (bit & ~Efer.LME));
      case 4 -> new Action.Wrmsr(ProtectionKeys.PKRS_MSR, bit);
      case 5 -> new Action.Wrpkru(bit);
      default -> {
        long type = Long.numberOfTrailingZeros(bit) % 5;
        long pcid = bit & (Cr3.PCID | 0xffff_0000L);
        yield new Action.Invpcid(new InvpcidOperand(type, pcid, address ^ (bit & ~0xffffL)));
      }
    };
  }
}
