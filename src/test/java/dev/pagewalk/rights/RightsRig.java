package dev.pagewalk.rights;

import static dev.pagewalk.rights.RightsBit.*;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;
import java.util.Optional;

/**
 * One set of page tables in memory of its own, rewritten in place for each combination of bits, and
 * walked under every setting of registers and access.
 *
 * <p>What the processor must not look at is there to mislead it: ignored bits are 1, tables carry
 * another key than the page, and every key but the page's has the opposite rights.
 */
public final class RightsRig implements AutoCloseable {
  /** Ignored bits of an entry that references a table: among them a key that is none. */
  private static final long TABLE_NOISE = (10L << Entry.KEY_SHIFT) | (7L << 9);

  private static final long LEAF_NOISE = Entry.G | (7L << 9);
  private static final long FRAME = 0x0ab1_5555_5000L;
  private static final Level[] LEVELS = Level.values();

  private final PhysicalMemory memory = PhysicalMemory.ofSize(1L << 30);
  private final Cpu cpu;
  private final Level root;
  private final int key;
  private final AccessPath path;
  private final AccessPath.Machine machine;
  private final ManualRules rules;
  private final long va;
  private final long[] before = new long[LEVELS.length];
  private final long[] entryAddress = new long[LEVELS.length];

  /**
   * A setting of registers and an access under it.
   *
   * @param word its bits
   */
  record Setting(long word, AccessPath.Attempt attempt) {}

  RightsRig(RightsEnumeration enumeration, ManualRules rules) {
    this.cpu = enumeration.cpu();
    this.root = enumeration.root();
    this.key = enumeration.key();
    this.path = enumeration.path();
    this.rules = rules;
    this.va = root == Level.PML5 ? 0x005a_1234_c9e7_1abdL : 0x0000_5a34_c9e7_1abdL;
    for (Level level : LEVELS) {
      entryAddress[level.ordinal()] = table(level) + 8L * level.index(va);
    }
    for (Level level : new Level[] {Level.PDPT, Level.PD, Level.PT}) {
      long ps = level == Level.PT ? 0 : Entry.PS;
      long open = Entry.P | Entry.RW | Entry.US | Entry.A | Entry.D | ps;
      memory.write64(entryAddress[level.ordinal()] + 8, open);
    }
    this.machine = path.over(this);
  }

  /** The memory with the tables. */
  public PhysicalMemory memory() {
    return memory;
  }

  /** The processor. */
  public Cpu cpu() {
    return cpu;
  }

  /** The level at which walks begin. */
  public Level root() {
    return root;
  }

  /**
   * An address whose translation shares every table with the one that is tested: the next entry at
   * {@code level}, PDPT to PT, maps a page that allows everything.
   */
  public long neighbour(Level level) {
    return va + level.span();
  }

  @Override
  public void close() {
    memory.close();
  }

  /** The registers and the access that {@code word} names. */
  Setting setting(long word) {
    long cr0 = Cr0.PG | Cr0.ET | Cr0.PE | (WP.in(word) ? Cr0.WP : 0);
    long cr4 = Cr4.PAE | (root == Level.PML5 ? Cr4.LA57 : 0);
    cr4 |= SMEP.in(word) ? Cr4.SMEP : 0;
    cr4 |= SMAP.in(word) ? Cr4.SMAP : 0;
    cr4 |= PKE.in(word) ? Cr4.PKE : 0;
    cr4 |= PKS.in(word) ? Cr4.PKS : 0;
    cr4 |= SHADOW_STACK.in(word) ? Cr4.CET : 0;
    long efer = Efer.LME | Efer.LMA | (NXE.in(word) ? Efer.NXE : 0);
    int pkru = keyRegister(PKRU_AD.in(word), PKRU_WD.in(word));
    int pkrs = keyRegister(PKRS_AD.in(word), PKRS_WD.in(word));
    Registers registers = new Registers(cr0, table(root), cr4, efer, pkru, pkrs);
    Access access = new Access(va, kind(word), mode(word), AC.in(word), false);
    return new Setting(word, machine.prepare(word, registers, access));
  }

  /** Whether accesses by the entries that {@code word} names can go the path. */
  boolean exists(long word) {
    return path.exists(rules.walk(word, root));
  }

  /** Writes the entries that {@code word} names. */
  void write(long word) {
    for (int i = root.ordinal(); i < LEVELS.length; i++) {
      before[i] = entry(word, LEVELS[i]);
      memory.write64(entryAddress[i], before[i]);
    }
  }

  /**
   * Accesses the page by the entries of {@code tables}, which {@link #write} wrote last, under each
   * of {@code settings} and holds each answer against the rules.
   *
   * @return the first difference, in words
   */
  Optional<String> check(long tables, List<Setting> settings) {
    ManualRules.Walked clean = rules.walk(tables, root);
    ManualRules.Walked dirty = clean.withDirty();
    for (int i = 0; i < settings.size(); i++) {
      Setting setting = settings.get(i);
      long marks = path.marksBefore(rules, clean, setting.word());
      ManualRules.Walked walked = (marks & ManualRules.SET_D) != 0 ? dirty : clean;
      long decided = rules.decide(walked.facts() | setting.word());
      Outcome outcome = setting.attempt().make(walked);
      marks |= rules.marksOf(decided);
      boolean right = agrees(outcome, tables, decided);
      right &= entriesAgree(walked, marks);
      if (!right) {
        return Optional.of(report(setting, new Expected(tables, walked, decided, marks), outcome));
      }
    }
    return Optional.empty();
  }

  /** What the rules expect of an access. */
  private record Expected(long tables, ManualRules.Walked walked, long decided, long marks) {}

  private boolean agrees(Outcome outcome, long tables, long decided) {
    if (FAULT.in(decided)) {
      return outcome instanceof Outcome.PageFault fault
          && fault.error() == rules.errorCode(decided)
          && fault.cr2() == va;
    }
    return outcome instanceof Outcome.Reached reached
        && reached.physicalAddress() == expectedAddress(tables);
  }

  /** Whether the entries are as they should be; puts them back to what they were before. */
  private boolean entriesAgree(ManualRules.Walked walked, long marks) {
    boolean right = true;
    for (int i = root.ordinal(); i < LEVELS.length; i++) {
      long now = memory.read64(entryAddress[i]);
      right &= now == expectedEntry(i, walked, marks);
      if (now != before[i]) {
        memory.write64(entryAddress[i], before[i]);
      }
    }
    return right;
  }

  private long expectedEntry(int level, ManualRules.Walked walked, long marks) {
    int depth = level - root.ordinal();
    long set = 0;
    if (depth < walked.tables()) {
      set = (marks & ManualRules.TABLES_A) != 0 ? Entry.A : 0;
    } else if (depth == walked.tables()) {
      set |= (marks & ManualRules.LEAF_A) != 0 ? Entry.A : 0;
      set |= (marks & ManualRules.SET_D) != 0 ? Entry.D : 0;
    }
    return before[level] | set;
  }

  private long expectedAddress(long tables) {
    // The page's address from the entry, the offset from the linear address.
    long offset = PDPTE_PS.in(tables) ? 0x3fff_ffffL : PDE_PS.in(tables) ? 0x1f_ffffL : 0xfffL;
    return (FRAME & ~offset) | (va & offset);
  }

  private long entry(long word, Level level) {
    long entry = 0;
    entry |= of(level, "P").in(word) ? 1L : 0;
    entry |= of(level, "RW").in(word) ? 1L << 1 : 0;
    entry |= of(level, "US").in(word) ? 1L << 2 : 0;
    entry |= of(level, "XD").in(word) ? 1L << 63 : 0;
    entry |= ALL_A.in(word) ? 1L << 5 : 0;
    if (!ManualRules.isLeaf(word, level)) {
      return entry | TABLE_NOISE | table(LEVELS[level.ordinal() + 1]);
    }
    entry |= LEAF_D.in(word) ? 1L << 6 : 0;
    entry |= LEAF_NOISE | ((long) key << Entry.KEY_SHIFT);
    return switch (level) {
      case PDPT -> entry | Entry.PS | Entry.PAT_LARGE | (FRAME & -(1L << 30));
      case PD -> entry | Entry.PS | Entry.PAT_LARGE | (FRAME & -(1L << 21));
      default -> entry | Entry.PAT_4K | FRAME;
    };
  }

  private static long table(Level level) {
    return 0x0031_7000L + 0x0110_2000L * level.ordinal();
  }

  /** A key register with these rights for the page's key and the opposite ones for all others. */
  private int keyRegister(boolean ad, boolean wd) {
    int own = (ad ? 1 : 0) | (wd ? 2 : 0);
    int others = 0x5555_5555 * (3 - own);
    return (others & ~(3 << (2 * key))) | (own << (2 * key));
  }

  private static AccessKind kind(long word) {
    if (SHADOW_STACK.in(word)) {
      return WRITE.in(word) ? AccessKind.SHADOW_STACK_WRITE : AccessKind.SHADOW_STACK_READ;
    }
    if (FETCH.in(word)) {
      return AccessKind.FETCH;
    }
    return WRITE.in(word) ? AccessKind.WRITE : AccessKind.READ;
  }

  private static Mode mode(long word) {
    if (USER.in(word)) {
      return Mode.USER;
    }
    return IMPLICIT.in(word) ? Mode.IMPLICIT_SUPERVISOR : Mode.SUPERVISOR;
  }

  private String report(Setting setting, Expected expected, Outcome outcome) {
    long word = expected.tables() | setting.word();
    long decided = expected.decided();
    StringBuilder text = new StringBuilder("rules and walk differ\n");
    text.append("  ").append(describe(word, range(PML5E_P, ALL_A))).append('\n');
    text.append("  ").append(describe(word, range(WP, SHADOW_STACK))).append('\n');
    text.append("  ").append(describe(word, range(NO_A_ON_FAULT, NO_D_ON_READ_ONLY))).append('\n');
    text.append("  the rules derive ")
        .append(describe(decided, decided & range(NOT_PRESENT, FAULT)))
        .append("\n  they expect ")
        .append(
            FAULT.in(decided)
                ? "#PF 0x%x at 0x%x".formatted(rules.errorCode(decided), va)
                : "0x%x reached".formatted(expectedAddress(word)))
        .append("\n  the walk says ")
        .append(outcome);
    // The entries have been put back: the same access once more shows what it does to them.
    setting.attempt().make(expected.walked());
    for (int i = root.ordinal(); i < LEVELS.length; i++) {
      text.append(
          "\n  %s 0x%x: now 0x%x, expected 0x%x"
              .formatted(
                  LEVELS[i].entryName(),
                  before[i],
                  memory.read64(entryAddress[i]),
                  expectedEntry(i, expected.walked(), expected.marks())));
    }
    return text.toString();
  }
}
