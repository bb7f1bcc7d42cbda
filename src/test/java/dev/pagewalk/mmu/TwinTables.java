package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random tables: several address spaces with an upper half in common, where pages may be global.
 *
 * <p>All spaces have pages at the same linear addresses, of their own content in the lower half.
 * One entry of each root that is a PML4 references the root itself.
 */
final class TwinTables {
  private static final long FIRST_TABLE = 0x10_0000;
  private static final int RECURSIVE_INDEX = 0x1ed;

  /** The address spaces' roots. */
  final List<Long> roots = new ArrayList<>();

  /** Where pages are, lower half first. */
  final List<Page> pages = new ArrayList<>();

  /** How many of {@link #pages} lie in the lower half. */
  private int lowerPages;

  private final Map<Long, Long> words = new LinkedHashMap<>();
  private final RandomGenerator random;
  private final Cpu cpu;
  private final Level root;
  private long nextTable = FIRST_TABLE;

  /**
   * A page of the tables.
   *
   * @param level of the entry that maps it
   */
  record Page(long linearAddress, Level level) {}

  /**
   * How many pages there are in a half.
   *
   * @param tables page tables
   * @param pages 4 KiB pages of each
   * @param large 2 MiB pages
   * @param giant 1 GiB pages
   */
  record Size(int tables, int pages, int large, int giant) {}

  /** Number of address spaces. */
  private static final int SPACES = 3;

  TwinTables(RandomGenerator random, Cpu cpu, Level root, Size size) {
    this.random = random;
    this.cpu = cpu;
    this.root = root;
    placePages(size, false);
    lowerPages = pages.size();
    placePages(size, true);
    for (int i = 0; i < SPACES; i++) {
      roots.add(newTable());
    }
    pages.subList(0, lowerPages).forEach(page -> roots.forEach(space -> map(space, page)));
    pages.subList(lowerPages, pages.size()).forEach(page -> map(roots.getFirst(), page));
    for (long space : roots) {
      shareUpperHalf(space);
    }
  }

  /** The processor whose entries they are. */
  Cpu cpu() {
    return cpu;
  }

  private void placePages(Size size, boolean upper) {
    for (int i = 0; i < size.giant(); i++) {
      place(upper, at(2 * random.nextInt(200), 0, 0), Level.PDPT);
    }
    for (int i = 0; i < size.large(); i++) {
      place(upper, at(1 + 2 * random.nextInt(2), 2 * random.nextInt(256), 0), Level.PD);
    }
    for (int i = 0; i < size.tables(); i++) {
      int pdpt = 1 + 2 * random.nextInt(2);
      int pd = 1 + 2 * random.nextInt(256);
      int first = random.nextInt(Level.ENTRIES);
      for (int j = 0; j < size.pages(); j++) {
        place(upper, at(pdpt, pd, (first + j) % Level.ENTRIES), Level.PT);
      }
    }
  }

  private static long at(int pdpt, int pd, int pt) {
    return ((long) pdpt << 30) | ((long) pd << 21) | ((long) pt << 12);
  }

  private void place(boolean upper, long within, Level level) {
    int pdpt = Level.PDPT.index(within);
    int pd = Level.PD.index(within);
    long top = upper ? 0x1ffL - pdpt % 4 / 2 : pdpt % 4 / 2;
    long address = within;
    address |= top << (root == Level.PML5 ? Level.PML5 : Level.PML4).shift();
    if (root == Level.PML5) {
      address |= ((pd % 2) * 0x123L) << Level.PML4.shift();
    }
    int width = root == Level.PML5 ? 57 : 48;
    Page page = new Page(LinearAddress.signExtend(address, width), level);
    if (!pages.contains(page)) {
      pages.add(page);
    }
  }

  private long newTable() {
    nextTable += Level.TABLE_BYTES;
    return nextTable;
  }

  private void map(long space, Page page) {
    long table = space;
    for (Level at = root; at != page.level(); at = at.next()) {
      long address = table + 8L * at.index(page.linearAddress());
      if (!words.containsKey(address)) {
        words.put(address, newTable() | tableFlags(page.linearAddress()));
      }
      table = Entry.table(words.get(address));
    }
    words.put(table + 8L * page.level().index(page.linearAddress()), leaf(page));
  }

  /**
   * References the upper half's tables from {@code space}. They are marked accessed: an access that
   * uses a global page of another space does not read this space's entry.
   */
  private void shareUpperHalf(long space) {
    for (int i = Level.ENTRIES / 2; i < Level.ENTRIES; i++) {
      Long entry = words.get(roots.getFirst() + 8L * i);
      if (entry != null) {
        words.put(space + 8L * i, entry | Entry.A);
      }
    }
    if (root == Level.PML4) {
      words.put(space + 8L * RECURSIVE_INDEX, space | Entry.P | Entry.RW);
    }
  }

  /** An address whose walk uses the root as some lower table. */
  long recursiveAddress() {
    long address = (long) RECURSIVE_INDEX << Level.PML4.shift();
    Page page = pages.get(random.nextInt(pages.size()));
    int times = 1 + random.nextInt(4);
    address |= (page.linearAddress() << 16 >>> 16 >>> (9 * times)) & -8L;
    for (int i = 1; i < times; i++) {
      address |= (long) RECURSIVE_INDEX << (Level.PML4.shift() - 9 * i);
    }
    return LinearAddress.signExtend(address, 48);
  }

  /** Whether a page lies in the half that all address spaces share. */
  static boolean isShared(long linearAddress) {
    return linearAddress < 0;
  }

  /** Flags of an entry that references a table; most allow everything. */
  long tableFlags(long linearAddress) {
    long flags = 0;
    flags |= chance(98) ? Entry.P : 0;
    flags |= chance(95) ? Entry.RW : 0;
    flags |= chance(isShared(linearAddress) ? 60 : 97) ? Entry.US : 0;
    flags |= chance(4) ? Entry.XD : 0;
    flags |= chance(40) ? Entry.A : 0;
    flags |= chance(10) ? Entry.PWT | Entry.PCD : 0;
    flags |= chance(30) ? 6L << 9 | 9L << 59 : 0;
    return flags | reservedBits(1);
  }

  /** A random entry that maps {@code page}. */
  long leaf(Page page) {
    boolean large = page.level() != Level.PT;
    long bits = random.nextLong();
    long entry = bits & Entry.ADDRESS & -page.level().span() & ~cpu.unimplementedAddressBits();
    entry |= bits & (Entry.A | Entry.D | 7L << 9 | 3L << Entry.KEY_SHIFT);
    entry |= chance(20) ? bits & (Entry.PWT | Entry.PCD) : 0;
    entry |= chance(20) ? large ? Entry.PAT_LARGE : Entry.PAT_4K : 0;
    entry |= large ? Entry.PS : 0;
    entry |= chance(96) ? Entry.P : 0;
    entry |= chance(80) ? Entry.RW : 0;
    entry |= chance(isShared(page.linearAddress()) ? 40 : 85) ? Entry.US : 0;
    entry |= chance(15) ? Entry.XD : 0;
    entry |= isShared(page.linearAddress()) && chance(60) ? Entry.G : 0;
    return entry | reservedBits(1);
  }

  private long reservedBits(int percent) {
    return chance(percent) ? cpu.unimplementedAddressBits() & random.nextLong() : 0;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Writes everything into {@code memory}. */
  void writeTo(PhysicalMemory memory) {
    words.forEach(memory::write64);
  }

  /** Physical addresses of all tables: from here to the next number. */
  long firstTable() {
    return FIRST_TABLE;
  }

  /** The end of the last table. */
  long endOfTables() {
    return nextTable + Level.TABLE_BYTES;
  }

  /** The level at which walks begin. */
  Level root() {
    return root;
  }
}
