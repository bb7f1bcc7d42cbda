package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * A machine for tests of single rules: one set of tables with a few pages, used under any PCID, and
 * an MMU whose structures are large enough to keep everything.
 */
final class RuleMachine implements AutoCloseable {
  /** Two pages of 4 KiB of one table. */
  static final long PAGE = 0x40_1000L;

  static final long NEXT_PAGE = 0x40_2000L;

  /** A page of 4 KiB that shares no table but the root with the others. */
  static final long FAR_PAGE = 0x7f12_3456_7000L;

  /** A page of 4 KiB with G = 1. */
  static final long GLOBAL_PAGE = 0xffff_8000_0040_1000L;

  /** A page of 2 MiB. */
  static final long LARGE_PAGE = 0x60_0000L;

  /** A page of 1 GiB. */
  static final long GIANT_PAGE = 0x1_0000_0000L;

  /** An address that no page covers, in a table that others use. */
  static final long NOTHING = 0x40_3000L;

  /** A processor with every feature. */
  static final Cpu CPU = Cpu.withEverything(46, ModelPresets.SDM);

  private static final long OPEN = Entry.P | Entry.RW | Entry.US;
  private static final long ROOT = 0x1000;
  private static final CacheGeometry SHAPE = new CacheGeometry(2, 16, Replacement.LRU);

  final PhysicalMemory memory = PhysicalMemory.ofSize(1L << 30);
  final Mmu mmu;
  private long nextTable = ROOT;

  RuleMachine() {
    this(CPU, LargePages.WHOLE);
  }

  RuleMachine(Cpu cpu, LargePages largePages) {
    map(PAGE, Level.PT, OPEN);
    map(NEXT_PAGE, Level.PT, OPEN);
    map(FAR_PAGE, Level.PT, OPEN);
    map(GLOBAL_PAGE, Level.PT, OPEN | Entry.G);
    map(LARGE_PAGE, Level.PD, OPEN | Entry.PS);
    map(GIANT_PAGE, Level.PDPT, OPEN | Entry.PS);
    mmu = Mmu.create(model(largePages), cpu, memory, Registers.longMode(ROOT));
  }

  private static CpuModel model(LargePages largePages) {
    Set<PageSize> sizes = EnumSet.allOf(PageSize.class);
    return new CpuModel(
        "rules",
        List.of(
            new TlbGeometry("L1I", Set.of(Port.FETCH), sizes, SHAPE),
            new TlbGeometry("L1D", Set.of(Port.LOAD, Port.STORE), sizes, SHAPE)),
        List.of(new TlbGeometry("L2", EnumSet.allOf(Port.class), sizes, SHAPE)),
        Map.of(Level.PML4, SHAPE, Level.PDPT, SHAPE, Level.PD, SHAPE),
        largePages,
        1);
  }

  /** Makes {@code flags} those of the last entry of {@code va}; frames are as the addresses. */
  void map(long va, Level level, long flags) {
    write(va, level, (va & 0xffff_ffffL & -level.span()) | flags);
  }

  /** Makes {@code entry} the last entry of {@code va}, at {@code level}, and tables down to it. */
  void write(long va, Level level, long entry) {
    memory.write64(addressOf(va, level), entry);
  }

  long entry(long va, Level level) {
    return memory.read64(addressOf(va, level));
  }

  /** Where the entry of {@code va} at {@code level} stands; tables are made on the way. */
  long addressOf(long va, Level level) {
    long table = ROOT;
    for (Level at = Level.PML4; at != level; at = at.next()) {
      long address = table + 8L * at.index(va);
      if (memory.read64(address) == 0) {
        nextTable += Level.TABLE_BYTES;
        memory.write64(address, nextTable | OPEN);
      }
      table = Entry.table(memory.read64(address));
    }
    return table + 8L * level.index(va);
  }

  Outcome access(AccessKind kind, Mode mode, long va) {
    return mmu.access(Access.of(va, kind, mode));
  }

  /** Supervisor-mode reads, which must reach memory. */
  void read(long... addresses) {
    for (long va : addresses) {
      reach(AccessKind.READ, va);
    }
  }

  /** A supervisor-mode access, which must reach memory. */
  void reach(AccessKind kind, long va) {
    assertInstanceOf(Outcome.Reached.class, access(kind, Mode.SUPERVISOR, va));
  }

  /** Reads and fetches, so that every TLB has the pages. */
  void touch(long... addresses) {
    for (long va : addresses) {
      reach(AccessKind.READ, va);
      reach(AccessKind.FETCH, va);
    }
  }

  /** Whether a supervisor-mode read of {@code va} needs a walk. */
  boolean walksFor(long va) {
    long before = mmu.counters().walks();
    read(va);
    return mmu.counters().walks() != before;
  }

  /** Turns PCIDs on. */
  void usePcids() {
    setCr4(Cr4.PCIDE);
  }

  void setCr4(long bits) {
    accept(mmu.movToCr4(mmu.registers().cr4() | bits));
  }

  void clearCr4(long bits) {
    accept(mmu.movToCr4(mmu.registers().cr4() & ~bits));
  }

  /** MOV to CR3 with the no-flush bit. */
  void enter(int pcid) {
    accept(mmu.movToCr3(Cr3.NO_FLUSH | ROOT | pcid));
  }

  /** MOV to CR3 without the no-flush bit. */
  void enterAndFlush(int pcid) {
    accept(mmu.movToCr3(ROOT | pcid));
  }

  static void accept(RegisterWrite write) {
    assertInstanceOf(RegisterWrite.Accepted.class, write);
  }

  static void refuse(RegisterWrite write) {
    assertInstanceOf(RegisterWrite.Refused.class, write);
  }

  /** What the TLB {@code name} holds: {@code address/PCID} or {@code address/global}. */
  Set<String> held(String name) {
    Set<String> held = new TreeSet<>();
    for (TlbEntry entry : mmu.snapshot().tlbs().get(name)) {
      boolean global = entry.flags().contains(TlbEntry.Flag.GLOBAL);
      held.add("%x/%s".formatted(entry.linearAddress(), global ? "global" : entry.pcid()));
    }
    return held;
  }

  /** What every TLB holds, all alike. */
  Set<String> pages() {
    assertEquals(held("L2"), held("L1D"));
    assertEquals(held("L2"), held("L1I"));
    return held("L2");
  }

  /** What the cache of entries of {@code level} holds: {@code address/PCID}. */
  Set<String> tables(Level level) {
    Set<String> held = new TreeSet<>();
    for (PagingStructureCacheEntry entry : mmu.snapshot().pagingStructureCaches().get(level)) {
      held.add("%x/%d".formatted(entry.linearAddress(), entry.pcid()));
    }
    return held;
  }

  /** All PCIDs that paging-structure caches hold entries of. */
  Set<Integer> pcidsOfTables() {
    Set<Integer> pcids = new TreeSet<>();
    mmu.snapshot()
        .pagingStructureCaches()
        .values()
        .forEach(entries -> entries.forEach(entry -> pcids.add(entry.pcid())));
    return pcids;
  }

  @Override
  public void close() {
    memory.close();
  }
}
