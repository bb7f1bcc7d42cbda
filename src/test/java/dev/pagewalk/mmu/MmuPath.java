package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.rights.AccessPath;
import dev.pagewalk.rights.ManualRules;
import dev.pagewalk.rights.ManualRules.Walked;
import dev.pagewalk.rights.RightsBit;
import dev.pagewalk.rights.RightsRig;

/**
 * A way through the MMU that an access under test goes: first an access fills what it shall find.
 *
 * <p>That one is made under registers and on behalf of a mode that forbid nothing, but with NXE and
 * SMEP as they will be, whose changes invalidate. Counters show that the access under test has gone
 * the way that was meant.
 *
 * @param fill what is accessed before
 */
record MmuPath(CpuModel model, Fill fill) implements AccessPath {
  /** What is accessed before the access under test. */
  enum Fill {
    /** Nothing. */
    NOTHING,
    /** The page: a first-level TLB has it. */
    PAGE,
    /** The page, then another that takes its place in the first level: the second level has it. */
    PAGE_THEN_OTHER,
    /** Another page of the same tables: the paging-structure caches have those. */
    OTHER
  }

  /** Every so many accesses counters are looked at. */
  private static final int SAMPLING = 29;

  @Override
  public boolean exists(Walked walked) {
    return switch (fill) {
      case NOTHING -> true;
      case PAGE, PAGE_THEN_OTHER -> !RightsBit.FAULT.in(walked.facts());
      case OTHER -> walked.last().compareTo(Level.PDPT) >= 0;
    };
  }

  @Override
  public long marksBefore(ManualRules rules, Walked walked, long setting) {
    return switch (fill) {
      case NOTHING -> 0;
      case PAGE, PAGE_THEN_OTHER -> {
        boolean write = RightsBit.WRITE.in(setting) && !RightsBit.SHADOW_STACK.in(setting);
        long model =
            setting & RightsBit.range(RightsBit.NO_A_ON_FAULT, RightsBit.NO_D_ON_READ_ONLY);
        long filling = write ? model | RightsBit.WRITE.mask() : model;
        yield rules.marksOf(rules.decide(walked.facts() | filling));
      }
      case OTHER -> ManualRules.TABLES_A;
    };
  }

  @Override
  public Machine over(RightsRig rig) {
    Registers any = Registers.longMode(0);
    Mmu mmu = Mmu.create(model, rig.cpu(), rig.memory(), any);
    return (setting, registers, access) -> {
      Prepared prepared = new Prepared(this, rig, mmu, access);
      prepared.under(registers);
      return prepared;
    };
  }

  /** Whether {@code counters} of one access are those of the way that it was to go. */
  private void checkWay(Walked walked, Level root, MmuCounters counters, boolean write) {
    boolean hit = fill == Fill.PAGE || fill == Fill.PAGE_THEN_OTHER;
    boolean clean = write && !RightsBit.LEAF_D.in(walked.facts());
    assertEquals(hit && !clean ? 0 : 1, counters.walks(), "walks");
    if (fill == Fill.OTHER) {
      int from = root.ordinal();
      for (Level cached : model.pagingStructureCaches().keySet()) {
        from = cached.compareTo(walked.last()) < 0 ? Math.max(from, cached.ordinal() + 1) : from;
      }
      assertEquals(walked.last().ordinal() - from + 1, counters.wordsRead(), "words read");
    }
    if (hit && !clean) {
      String level = fill == Fill.PAGE ? "L1" : "L2";
      long hits = 0;
      for (var tlb : counters.tlbs().entrySet()) {
        hits += tlb.getKey().startsWith(level) ? tlb.getValue().hits() : 0;
      }
      assertEquals(1, hits, "hits of " + level);
    }
  }

  /** An access that is ready to be made. */
  private static final class Prepared implements Attempt {
    private final MmuPath path;
    private final RightsRig rig;
    private final Mmu mmu;
    private Registers registers;
    private Registers openRegisters;
    private final Access access;
    private final int fillCode;
    private int made;

    Prepared(MmuPath path, RightsRig rig, Mmu mmu, Access access) {
      this.path = path;
      this.rig = rig;
      this.mmu = mmu;
      this.access = access;
      AccessKind kind = access.kind() == AccessKind.WRITE ? AccessKind.WRITE : AccessKind.READ;
      this.fillCode = AccessCode.of(kind, Mode.SUPERVISOR);
    }

    /** Sets the registers of the access, and those of its preparation. */
    void under(Registers wanted) {
      registers = wanted;
      openRegisters =
          wanted
              .withCr0(wanted.cr0() & ~Cr0.WP)
              .withCr4(wanted.cr4() & ~(Cr4.SMAP | Cr4.PKE | Cr4.PKS | Cr4.CET));
    }

    @Override
    public Outcome make(Walked walked) {
      if (path.fill == Fill.NOTHING) {
        mmu.reset(rig.cpu(), registers);
      } else {
        mmu.reset(rig.cpu(), openRegisters);
        fill(walked);
        // CR0 first: CR4.CET wants CR0.WP.
        if (registers.cr0() != openRegisters.cr0()) {
          mmu.movToCr0(registers.cr0());
        }
        if (registers.cr4() != openRegisters.cr4()) {
          mmu.movToCr4(registers.cr4());
        }
      }
      if (made++ % SAMPLING != 0) {
        return mmu.access(access);
      }
      assertEquals(registers, mmu.registers());
      mmu.resetCounters();
      Outcome outcome = mmu.access(access);
      path.checkWay(walked, rig.root(), mmu.counters(), access.kind().isWrite());
      return outcome;
    }

    private void fill(Walked walked) {
      long other = rig.neighbour(walked.last());
      switch (path.fill) {
        case NOTHING -> {}
        case PAGE -> reach(access.linearAddress());
        case PAGE_THEN_OTHER -> {
          reach(access.linearAddress());
          reach(other);
        }
        case OTHER -> reach(other);
      }
    }

    private void reach(long linearAddress) {
      long result = mmu.translate(linearAddress, fillCode);
      if (Faults.isFault(result)) {
        throw new AssertionError("the filling access faults: " + Faults.outcome(result, mmu.cr2()));
      }
    }
  }
}
