package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Registers;
import java.util.Optional;

/**
 * Something that dropped cached entries, as far as the MMU's rules promise it. Source: SDM 3A
 * "Operations that Invalidate TLBs and Paging-Structure Caches".
 *
 * @param kind which entries
 * @param pcid the PCID concerned, or {@link #EVERY_PCID}
 * @param linearAddress the address concerned, if any
 */
record Invalidation(Kind kind, int pcid, long linearAddress) {
  static final int EVERY_PCID = -1;

  private static final Optional<Invalidation> NOTHING = Optional.empty();

  /** What is dropped. */
  enum Kind {
    /** INVLPG: the page under this PCID and global ones, all paging-structure caches of it. */
    PAGE,
    /** A page fault: the page under this PCID and global ones, what is used for the address. */
    FAULT,
    /** INVPCID type 0: the page under this PCID, what is used for the address; no global ones. */
    PCID_ADDRESS,
    /** Everything of the PCID but global entries. */
    PCID,
    /** Everything of the PCID, and global entries of all. */
    PCID_AND_GLOBALS,
    /** Everything. */
    ALL
  }

  /** What is dropped by {@code op}, no access, which was not refused; nothing if nothing is. */
  static Optional<Invalidation> by(Op op, Cpu cpu, Registers before, Registers after) {
    int pcid = TableReader.pcid(after);
    return switch (op) {
      case Op.Invlpg invlpg -> {
        long address = invlpg.linearAddress();
        boolean canonical = LinearAddress.isCanonical(address, after.linearWidth());
        yield canonical ? Optional.of(new Invalidation(Kind.PAGE, pcid, address)) : NOTHING;
      }
      case Op.Invpcid invpcid -> Optional.of(by(invpcid.operand(), cpu));
      case Op.MovCr3 mov -> {
        boolean keep = after.pcide() && (mov.value() & Cr3.NO_FLUSH) != 0;
        yield keep ? NOTHING : Optional.of(new Invalidation(Kind.PCID, pcid, 0));
      }
      case Op.MovCr4 mov -> by(before.cr4(), after.cr4(), pcid);
      // MODEL: the manual does not ask for it, but reserved bits change.
      case Op.Wrmsr wrmsr ->
          before.nxe() == after.nxe()
              ? NOTHING
              : Optional.of(new Invalidation(Kind.ALL, EVERY_PCID, 0));
      default -> NOTHING;
    };
  }

  private static Invalidation by(InvpcidOperand operand, Cpu cpu) {
    boolean dropsAll = cpu.choices().invalidation() == ModelChoices.Invalidation.INVPCID_DROPS_ALL;
    if (operand.type() == 2 || dropsAll) {
      return new Invalidation(Kind.ALL, EVERY_PCID, 0);
    }
    if (operand.type() == 3) {
      return new Invalidation(Kind.PCID, EVERY_PCID, 0);
    }
    Kind kind = operand.type() == 0 ? Kind.PCID_ADDRESS : Kind.PCID;
    return new Invalidation(kind, (int) operand.pcid(), operand.linearAddress());
  }

  private static Optional<Invalidation> by(long before, long after, int pcid) {
    long changed = before ^ after;
    if ((changed & Cr4.PGE) != 0 || (changed & before & Cr4.PCIDE) != 0) {
      return Optional.of(new Invalidation(Kind.ALL, EVERY_PCID, 0));
    }
    return (changed & after & Cr4.SMEP) != 0
        ? Optional.of(new Invalidation(Kind.PCID_AND_GLOBALS, pcid, 0))
        : NOTHING;
  }

  /**
   * Whether it drops TLB entries of {@code page}, filled under {@code owner}.
   *
   * @param page a linear address within the page
   * @param level of the entry that maps the page
   */
  boolean dropsPage(int owner, boolean global, long page, Level level) {
    boolean pcidMatches = pcid == EVERY_PCID || pcid == owner;
    boolean within = (linearAddress ^ page) >>> level.shift() == 0;
    return switch (kind) {
      case PAGE, FAULT -> within && (global || pcidMatches);
      case PCID_ADDRESS -> within && !global && pcidMatches;
      case PCID -> !global && pcidMatches;
      case PCID_AND_GLOBALS -> global || pcidMatches;
      case ALL -> true;
    };
  }

  /** Whether it drops cached entries of {@code level} that are used for {@code address}. */
  boolean dropsTable(int owner, long address, Level level) {
    boolean within = (linearAddress ^ address) >>> level.shift() == 0;
    boolean everyAddress = kind != Kind.FAULT && kind != Kind.PCID_ADDRESS;
    return (pcid == EVERY_PCID || pcid == owner) && (everyAddress || within);
  }
}
