package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.mmu.streams.Invalidation.Kind;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A machine with a TLB and paging-structure caches without bounds, and one {@link Mistake}.
 *
 * <p>It proves the tests: without a mistake they accept it, with any of them they must not.
 */
final class ToySubject implements Subject {
  /**
   * What a TLB or a paging-structure cache holds.
   *
   * @param pcid under which it was filled
   * @param level of the last entry
   * @param chain the entries, the last of which maps the page or references the table
   * @param then registers at the fill
   */
  private record Held(int pcid, Level level, Chain chain, Registers then) {
    long last() {
      return chain.entries().getLast();
    }

    boolean covers(long linearAddress, int extra) {
      return (linearAddress ^ chain.linearAddress()) >>> (level.shift() + extra) == 0;
    }
  }

  private final Mistake mistake;
  private final Cpu cpu;
  private final Scenario scenario;
  private final PhysicalMemory memory;
  private final Judge judge;
  private final List<Held> pages = new ArrayList<>();
  private final List<Held> tables = new ArrayList<>();
  private Registers registers;
  private ReservedBits reserved;

  private ToySubject(Mistake mistake, Judge judge, Scenario scenario, PhysicalMemory memory) {
    this.mistake = mistake;
    this.judge = judge;
    this.scenario = scenario;
    this.cpu = scenario.cpu();
    this.memory = memory;
    load(scenario.registers());
  }

  /** Machines that make {@code mistake}. */
  static Subject.Maker with(Mistake mistake, Judge judge) {
    return (scenario, memory) -> new ToySubject(mistake, judge, scenario, memory);
  }

  @Override
  public Registers registers() {
    return registers;
  }

  private void load(Registers after) {
    registers = after;
    reserved = new ReservedBits(cpu, after);
  }

  @Override
  public Outcome perform(Op op) {
    if (op instanceof Op.Touch touch) {
      return touch(touch.access());
    }
    Registers before = registers;
    RegisterWrite write =
        switch (op) {
          case Op.Invlpg invlpg -> new RegisterWrite.Accepted(registers);
          case Op.Invpcid invpcid -> RegisterRules.invpcid(cpu, registers, invpcid.operand());
          default -> SpecSubject.write(cpu, registers, op);
        };
    if (write instanceof RegisterWrite.Accepted(Registers after)) {
      load(after);
      Invalidation.by(op, cpu, before, after).ifPresent(what -> drop(op, wrong(op, before, what)));
    }
    return Subject.outcome(write);
  }

  /** {@code what} as some mistakes have it. */
  private Optional<Invalidation> wrong(Op op, Registers before, Invalidation what) {
    boolean nothing =
        switch (mistake) {
          case INVLPG_DROPS_NOTHING -> op instanceof Op.Invlpg;
          case INVPCID_OF_AN_ADDRESS_DROPS_NOTHING -> what.kind() == Kind.PCID_ADDRESS;
          case INVPCID_OF_A_PCID_DROPS_NOTHING ->
              op instanceof Op.Invpcid invpcid && invpcid.operand().type() == 1;
          case CR3_LOAD_DROPS_NOTHING -> op instanceof Op.MovCr3;
          case PCIDE_CLEARED_DROPS_NOTHING ->
              op instanceof Op.MovCr4 && before.pcide() && !registers.pcide();
          case NXE_CHANGE_DROPS_NOTHING -> op instanceof Op.Wrmsr;
          default -> false;
        };
    if (nothing) {
      return Optional.empty();
    }
    boolean allKeepsGlobals =
        switch (mistake) {
          case INVPCID_OF_ALL_KEEPS_GLOBAL_PAGES -> op instanceof Op.Invpcid;
          case PGE_CHANGE_KEEPS_GLOBAL_PAGES -> op instanceof Op.MovCr4;
          default -> false;
        };
    if (allKeepsGlobals && what.kind() == Kind.ALL) {
      return Optional.of(new Invalidation(Kind.PCID, Invalidation.EVERY_PCID, 0));
    }
    boolean onePcid =
        switch (mistake) {
          case INVPCID_OF_ALL_BUT_GLOBALS_DROPS_ONE_PCID -> op instanceof Op.Invpcid;
          case CR3_LOAD_DROPS_THE_OLD_PCID -> op instanceof Op.MovCr3;
          default -> false;
        };
    return onePcid && what.kind() == Kind.PCID
        ? Optional.of(new Invalidation(Kind.PCID, TableReader.pcid(before), 0))
        : Optional.of(what);
  }

  private void drop(Op op, Optional<Invalidation> what) {
    what.ifPresent(one -> {
      pages.removeIf(page -> dropsPage(one, page));
      if (!keepsTables(op, one)) {
        tables.removeIf(table ->
            one.dropsTable(table.pcid, table.chain.linearAddress(), table.level)
                || one.kind() == Kind.ALL);
      }
    });
  }

  private boolean dropsPage(Invalidation what, Held page) {
    boolean invlpg = what.kind() == Kind.PAGE;
    boolean kept =
        switch (mistake) {
          case INVLPG_DROPS_4K_PAGES_ONLY -> page.level != Level.PT;
          case INVLPG_KEEPS_GLOBAL_PAGES -> isGlobal(page);
          default -> false;
        };
    if (invlpg && kept) {
      return false;
    }
    return what.dropsPage(page.pcid, isGlobal(page), page.chain.linearAddress(), page.level);
  }

  private boolean keepsTables(Op op, Invalidation what) {
    return switch (mistake) {
      case INVLPG_KEEPS_PAGING_STRUCTURES -> op instanceof Op.Invlpg;
      case INVPCID_OF_AN_ADDRESS_KEEPS_PAGING_STRUCTURES -> what.kind() == Kind.PCID_ADDRESS;
      case INVPCID_OF_A_PCID_KEEPS_PAGING_STRUCTURES ->
          op instanceof Op.Invpcid && what.kind() == Kind.PCID;
      case CR3_LOAD_KEEPS_PAGING_STRUCTURES -> op instanceof Op.MovCr3;
      case FAULT_KEEPS_PAGING_STRUCTURES -> what.kind() == Kind.FAULT;
      default -> false;
    };
  }

  private boolean isGlobal(Held page) {
    boolean kept = TableReader.isPge(page.then) || mistake == Mistake.GLOBAL_WITHOUT_PGE;
    return kept && Entry.has(page.last(), Entry.G);
  }

  private Outcome touch(Access access) {
    WalkResult probe = new ReferenceWalk(memory, cpu, registers).probe(access);
    var checked = (WalkStep.AddressChecked) probe.steps().getFirst();
    if (!checked.canonical()) {
      return probe.outcome();
    }
    long linearAddress = checked.linearAddress();
    Outcome outcome = fromTlb(access, linearAddress).orElse(null);
    if (outcome == null) {
      outcome = walk(access, linearAddress);
    }
    return outcome;
  }

  private void fault(Outcome outcome, Access access, long linearAddress) {
    if (outcome instanceof Outcome.PageFault && mistake != Mistake.FAULT_DROPS_NOTHING) {
      int pcid = TableReader.pcid(registers);
      Invalidation fault = new Invalidation(Kind.FAULT, pcid, linearAddress);
      drop(new Op.Touch(access), Optional.of(fault));
    }
  }

  private Optional<Outcome> fromTlb(Access access, long linearAddress) {
    int extra = mistake == Mistake.LARGE_PAGES_ARE_HELD_TOO_LARGE ? 1 : 0;
    for (Held page : pages) {
      boolean tagged =
          page.pcid == TableReader.pcid(registers)
              || isGlobal(page)
              || mistake == Mistake.PCID_IS_IGNORED;
      boolean clean = access.kind().isWrite() && !Entry.has(page.last(), Entry.D);
      if (tagged && page.covers(linearAddress, page.level == Level.PT ? 0 : extra)) {
        if (clean && mistake == Mistake.CLEAN_PAGES_ARE_MARKED_WITHOUT_A_WALK) {
          mark(page, linearAddress);
        } else if (clean && mistake != Mistake.CLEAN_PAGES_ARE_WRITTEN) {
          continue;
        }
        boolean then = mistake == Mistake.RIGHTS_ARE_THOSE_OF_THE_FILL;
        Registers deciding = then ? page.then.withCr3(registers.cr3()) : registers;
        Chain chain = new Chain(linearAddress, page.chain.entries());
        Outcome outcome = judge.decide(cpu, deciding, access, chain);
        fault(outcome, access, linearAddress);
        return Optional.of(outcome);
      }
    }
    return Optional.empty();
  }

  /** Sets D in the entry that maps the page, as the TLB remembers it. */
  private void mark(Held page, long linearAddress) {
    List<Long> entries = page.chain.entries();
    if (entries.size() > 1) {
      long table = Entry.table(entries.get(entries.size() - 2));
      long pa = table + 8L * page.level.index(linearAddress);
      memory.write64(pa, page.last() | Entry.D);
    }
  }

  private Outcome walk(Access access, long linearAddress) {
    Chain chain = Chain.of(linearAddress);
    Level level = scenario.layout().rootLevel();
    long table = registers.root();
    Held upper = table(linearAddress);
    if (upper != null) {
      chain = new Chain(linearAddress, upper.chain.entries());
      level = upper.level.next();
      table = Entry.table(upper.last());
    }
    int first = chain.entries().size();
    List<Long> words = new ArrayList<>();
    while (true) {
      words.add(table + 8L * level.index(linearAddress));
      long entry = memory.read64(words.getLast());
      chain = chain.plus(entry);
      if (!TableReader.isUsable(reserved, entry, level) || TableReader.isLeaf(entry, level)) {
        break;
      }
      table = Entry.table(entry);
      level = level.next();
    }
    Outcome outcome = judge.decide(cpu, registers, access, chain);
    for (int i = 0; i < words.size(); i++) {
      if (judge.marks(first + i) != 0) {
        memory.write64(words.get(i), memory.read64(words.get(i)) | judge.marks(first + i));
      }
    }
    fault(outcome, access, linearAddress);
    boolean usable = TableReader.isUsable(reserved, chain.entries().getLast(), level);
    if (outcome instanceof Outcome.Reached || (usable && mistake == Mistake.FAULT_FILLS)) {
      fill(chain, first, level);
    }
    return outcome;
  }

  /** The lowest entry for {@code linearAddress} in a paging-structure cache, or null. */
  private Held table(long linearAddress) {
    Held lowest = null;
    for (Held table : tables) {
      boolean tagged =
          table.pcid == TableReader.pcid(registers)
              || mistake == Mistake.PCID_OF_PAGING_STRUCTURES_IS_IGNORED;
      boolean lower = lowest == null || table.level.compareTo(lowest.level) > 0;
      if (tagged && lower && table.covers(linearAddress, 0)) {
        lowest = table;
      }
    }
    return lowest;
  }

  /**
   * Caches what a walk has found.
   *
   * @param first number of entries that the walk did not read
   * @param last level of the entry that maps the page
   */
  private void fill(Chain chain, int first, Level last) {
    int pcid = TableReader.pcid(registers);
    Level level = scenario.layout().rootLevel();
    Chain upper = Chain.of(chain.linearAddress());
    for (int i = 0; i < chain.entries().size(); i++) {
      long entry = chain.entries().get(i) | judge.marks(i) | Entry.A;
      upper = upper.plus(forgotten(entry, level != last));
      if (level != last && i >= first && isCached(level)) {
        tables.add(new Held(pcid, level, upper, registers));
      }
      level = level == Level.PT ? level : level.next();
    }
    pages.removeIf(page -> page.pcid == pcid && page.covers(chain.linearAddress(), 0));
    pages.add(new Held(pcid, last, upper, registers));
  }

  private boolean isCached(Level level) {
    return scenario.model().pagingStructureCaches().containsKey(level);
  }

  private long forgotten(long entry, boolean table) {
    return switch (mistake) {
      case RIGHTS_ABOVE_ARE_FORGOTTEN -> table ? (entry | Entry.RW | Entry.US) & ~Entry.XD : entry;
      case EXECUTE_DISABLE_IS_FORGOTTEN -> entry & ~Entry.XD;
      default -> entry;
    };
  }
}
