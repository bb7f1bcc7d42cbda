package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the state of one MMU lies in its two arrays.
 *
 * <p>{@link #words} holds the first-level TLBs (all tags, all words, all time stamps, all addends),
 * then the scalars that the hot path reads, then the second-level TLBs and the paging-structure
 * caches, one record a set. {@link #hints} says for the low bits of a page number which entries
 * translated such a page last. A hint may be wrong: the entry's own tag proves it.
 */
final class StateLayout {
  /** Bits of a first-level time stamp that hold the index of the entry. */
  static final int ENTRY_BITS = 12;

  /** What an access adds to its port's tick; the bits below hold an entry's index in stamps. */
  static final long TICK = 1L << ENTRY_BITS;

  /** Bits of the page number that choose a hint. */
  static final int HINT_BITS = 14;

  /** Bits of the number of a large page that choose a hint. */
  private static final int LARGE_HINT_BITS = HINT_BITS - 1;

  /** Index of the first hint for a large page: behind those of four ports. */
  private static final int LARGE_HINTS = 1 << (HINT_BITS + 2);

  /** Words between the parts of the first level, so that they do not share cache sets. */
  private static final int SKEW = 8;

  /** Words of a record before the first tag: the order, the tree's two words, and a spare one. */
  static final int RECORD_HEAD = 4;

  private static final int TREE_IN_RECORD = 1;

  /** Most ways of a first-level TLB that are searched where a hint does not help. */
  static final int MOST_SEARCHED = 8;

  final long[] words;

  /**
   * Hints: the index of a first-level entry at the bottom, above it {@link #crowded}, at the top
   * the way of a second-level entry. Whatever a hint says, an entry's own tag proves it.
   */
  final char[] hints;

  /** Mask for an index of a first-level entry. */
  final int entryMask;

  /**
   * In a hint: there may be other first-level entries for such pages than the one it names. In that
   * of a large piece: a TLB has had such a piece.
   */
  final int crowded;

  /** Bits of a hint below the way; 16 if ways have no room. */
  final int wayShift;

  /** From a first-level tag to its word and to its stamp. */
  final int wordAt;

  final int stampAt;

  /**
   * From a first-level tag to what must be added to a linear address to make it the physical one.
   */
  final int addendAt;

  /**
   * Words of the first level's trees, 0 to 2; and for each word, from a first-level tag to the
   * masks of its use: the bits that it leaves, {@link #wordAt} further on those that it sets.
   */
  final int treeWords;

  final int treeMasksAt;

  /** Index of the scalars; see {@link Scalars}. */
  final int scalars;

  /** Which bits of an access code choose a port: 0, {@code FETCH}, or {@code FETCH | WRITE}. */
  final int portMask;

  final List<Tlb> firstLevel = new ArrayList<>();
  final List<Tlb> secondLevel = new ArrayList<>();
  final Map<Level, Structure> pagingStructureCaches = new EnumMap<>(Level.class);

  /** The TLBs of both levels. */
  final Tlb[] tlbs;

  /** By level, PML5 to PD: the paging-structure cache, or null. */
  final Structure[] caches = new Structure[Level.PT.ordinal()];

  /** Hints for large pieces that are not as they are at first, as long as they are few. */
  private final int[] largeHints = new int[64];

  /** How many of them there are; {@link #largeHints} has no room for more. */
  private int largeHintCount = largeHints.length + 1;

  /** By port number: the first entry of the first-level TLB for 4 KiB pages. */
  private final int[] mainEntries = new int[Scalars.PORTS];

  /** TLBs of the first level, of the second, paging-structure caches from the root down. */
  final Structure[] all;

  private int nextFirst;
  private int nextSecond;
  private int structures;

  StateLayout(CpuModel model) {
    int entries = 0;
    for (TlbGeometry tlb : model.firstLevel()) {
      entries = alignedEntries(entries) + tlb.shape().entries();
    }
    int room = roundUp(entries);
    entryMask = room - 1;
    crowded = room;
    wayShift = wayShift(model);
    wordAt = room + SKEW;
    stampAt = 2 * wordAt;
    addendAt = 3 * wordAt;
    treeWords = treeWords(model);
    treeMasksAt = 4 * wordAt;
    scalars = (4 + 2 * treeWords) * wordAt;
    nextSecond = scalars + Scalars.COUNT;
    words = new long[nextSecond + secondWords(model)];
    hints = new char[2 * LARGE_HINTS];
    portMask = portMask(model);
    place(model);
    for (Port port : Port.values()) {
      // A hint that was never set names an entry of the port's own, which its tag does not prove.
      int number = portOf(port);
      int from = number << HINT_BITS;
      mainEntries[number] = mainFirst(port).base;
      Arrays.fill(hints, from, from + (1 << HINT_BITS), (char) mainEntries[number]);
    }
    forgetLargePieces();
    tlbs = Stream.concat(firstLevel.stream(), secondLevel.stream()).toArray(Tlb[]::new);
    pagingStructureCaches.forEach((level, cache) -> caches[level.ordinal()] = cache);
    all =
        Stream.concat(Stream.of(tlbs), pagingStructureCaches.values().stream())
            .toArray(Structure[]::new);
  }

  /** Index of the hint for {@code linearAddress} at the port with that number. */
  static int hintSlot(long linearAddress, int port) {
    int number = (int) (linearAddress >>> 12) & ((1 << HINT_BITS) - 1);
    return number | (port << HINT_BITS);
  }

  /** Index of the hint for a piece of 2 MiB or 1 GiB, by the size's ordinal. */
  static int largeHintSlot(long linearAddress, int size, int port) {
    // Hashed, since mappings begin at round addresses.
    long number = (linearAddress >>> Tlb.shift(size)) * 0x9e3779b97f4a7c15L;
    int table = 2 * port + size - 1;
    return LARGE_HINTS
        | (table << LARGE_HINT_BITS)
        | (int) (number >>> (Long.SIZE - LARGE_HINT_BITS));
  }

  /** Number of the port, 0 to 3, by which a fetch, load or store enters. */
  int portOf(Port port) {
    return switch (port) {
      case LOAD -> 0;
      case STORE -> AccessCode.WRITE & portMask;
      case FETCH -> AccessCode.FETCH & portMask;
    };
  }

  /** The TLBs of {@code level} that serve the port with that number. */
  List<Tlb> ofPort(List<Tlb> level, Port port) {
    return level.stream().filter(tlb -> tlb.geometry.ports().contains(port)).toList();
  }

  private void place(CpuModel model) {
    for (TlbGeometry geometry : model.firstLevel()) {
      nextFirst = alignedEntries(nextFirst);
      int port = portOf(geometry.ports().iterator().next());
      CacheGeometry shape = geometry.shape();
      int treeAt = hasTree(geometry) ? scalars + Scalars.TREES + 2 * port - nextFirst : 0;
      Structure.Placement at =
          new Structure.Placement(words, nextFirst, shape.ways(), wordAt, stampAt, treeAt, false);
      int clockAt = scalars + Scalars.TICKS + port;
      firstLevel.add(new Tlb(at, geometry, seed(model), clockAt));
      placeTreeMasks(firstLevel.getLast());
      nextFirst += shape.entries();
    }
    for (TlbGeometry geometry : model.secondLevel()) {
      secondLevel.add(new Tlb(placeSecond(geometry.shape()), geometry, seed(model), -1));
    }
    for (Level level : Level.values()) {
      CacheGeometry shape = model.pagingStructureCaches().get(level);
      if (shape != null) {
        Structure.Placement at = placeSecond(shape);
        pagingStructureCaches.put(level, new Structure(at, shape, seed(model)));
      }
    }
  }

  private void placeTreeMasks(Tlb tlb) {
    for (int i = tlb.base; i < tlb.base + tlb.sets * tlb.ways; i++) {
      for (int word = 0; word < treeWords; word++) {
        int at = i + treeMasksAt + 2 * word * wordAt;
        words[at] = tlb.treeAt == 0 ? -1 : tlb.tree.leaves(i - tlb.base, word);
        words[at + wordAt] = tlb.treeAt == 0 ? 0 : tlb.tree.sets(i - tlb.base, word);
      }
    }
  }

  private Structure.Placement placeSecond(CacheGeometry shape) {
    int stride = recordWords(shape);
    nextSecond = (nextSecond + stride - 1) & -stride;
    int room = (shape.ways() + 3) & -4;
    boolean packed = shape.ways() <= Structure.MOST_PACKED;
    boolean hasTree = shape.ways() > 1 && shape.replacement() == Replacement.TREE_PLRU;
    Structure.Placement at =
        new Structure.Placement(
            words,
            nextSecond + RECORD_HEAD,
            stride,
            room,
            packed ? -RECORD_HEAD : 2 * room,
            hasTree ? TREE_IN_RECORD - RECORD_HEAD : 0,
            packed);
    nextSecond += shape.sets() * stride;
    return at;
  }

  private long seed(CpuModel model) {
    return (model.seed() + 1 + structures++) * 0x9e3779b97f4a7c15L;
  }

  /** A power of two, so that a record lies in as few cache lines as it can. */
  private static int recordWords(CacheGeometry shape) {
    int room = (shape.ways() + 3) & -4;
    return roundUp(RECORD_HEAD + (shape.ways() <= Structure.MOST_PACKED ? 2 : 3) * room);
  }

  private static int secondWords(CpuModel model) {
    int words = 0;
    for (TlbGeometry tlb : model.secondLevel()) {
      words += (tlb.shape().sets() + 1) * recordWords(tlb.shape());
    }
    for (CacheGeometry shape : model.pagingStructureCaches().values()) {
      words += (shape.sets() + 1) * recordWords(shape);
    }
    return words;
  }

  private static int portMask(CpuModel model) {
    int largest = 0;
    for (TlbGeometry tlb : model.firstLevel()) {
      largest = Math.max(largest, tlb.ports().size());
    }
    return switch (largest) {
      case 3 -> 0;
      case 2 -> AccessCode.FETCH;
      default -> AccessCode.FETCH | AccessCode.WRITE;
    };
  }

  /** Whether the TLB is a main one of the first level that is too large to be searched. */
  static boolean isWide(TlbGeometry geometry) {
    return geometry.shape().sets() == 1
        && geometry.shape().ways() > MOST_SEARCHED
        && geometry.sizes().contains(PageSize.SIZE_4K);
  }

  private static boolean hasTree(TlbGeometry tlb) {
    return isWide(tlb) && tlb.shape().replacement() == Replacement.TREE_PLRU;
  }

  private static int treeWords(CpuModel model) {
    int most = 0;
    for (TlbGeometry tlb : model.firstLevel()) {
      most = Math.max(most, hasTree(tlb) ? PlruTree.words(tlb.shape().ways()) : 0);
    }
    return most;
  }

  private int wayShift(CpuModel model) {
    int ways = 1;
    for (TlbGeometry tlb : model.secondLevel()) {
      ways = Math.max(ways, tlb.shape().ways());
    }
    int shift = Character.SIZE - Integer.numberOfTrailingZeros(roundUp(ways));
    return 1 << shift > crowded ? shift : Character.SIZE;
  }

  /** A hint that names a first-level entry and a way of the second level. */
  int hint(int i, int way) {
    return ((way << wayShift) & Character.MAX_VALUE) | i;
  }

  /**
   * Sets the hint for {@code linearAddress} to {@code hint}. If the older one names another entry
   * for such pages, or knew of others, so does this one.
   */
  void setHint(long linearAddress, int port, int hint) {
    int slot = hintSlot(linearAddress, port);
    int old = hints[slot];
    boolean another =
        ((old ^ hint) & entryMask) != 0 && isSameSlot(words[old & entryMask], linearAddress);
    hints[slot] = (char) (hint | (old & crowded) | (another ? crowded : 0));
  }

  /** Sets the hint for the large piece in the first-level entry at {@code i}. */
  void setLargeHint(long linearAddress, PageSize size, int port, int i) {
    hints[largeHintSlot(linearAddress, size.ordinal(), port)] = (char) (crowded | seenFirst() | i);
  }

  /** Notes in the hints of all ports that some TLB has had such a piece. */
  void noteLargePiece(long linearAddress, PageSize size) {
    for (int port = 0; port < Scalars.PORTS; port++) {
      int slot = largeHintSlot(linearAddress, size.ordinal(), port);
      if ((hints[slot] & crowded) == 0) {
        if (largeHintCount < largeHints.length) {
          largeHints[largeHintCount] = slot;
        }
        largeHintCount = Math.min(largeHintCount, largeHints.length) + 1;
        hints[slot] |= (char) crowded;
      }
    }
  }

  /** No TLB has a large piece. */
  void forgetLargePieces() {
    if (largeHintCount > largeHints.length) {
      for (int port = 0; port < Scalars.PORTS; port++) {
        int from = LARGE_HINTS | ((2 * port) << LARGE_HINT_BITS);
        Arrays.fill(hints, from, from + (2 << LARGE_HINT_BITS), (char) mainEntries[port]);
      }
    } else {
      for (int i = 0; i < largeHintCount; i++) {
        int port = (largeHints[i] & (LARGE_HINTS - 1)) >>> (LARGE_HINT_BITS + 1);
        hints[largeHints[i]] = (char) mainEntries[port];
      }
    }
    largeHintCount = 0;
  }

  /** In the hint of a large piece: a first-level TLB of the port has had such a piece. */
  int seenFirst() {
    return 2 * crowded;
  }

  /** Whether pages at both addresses have the same hint. */
  static boolean isSameSlot(long linearAddress, long other) {
    return hintSlot(linearAddress ^ other, 0) == 0;
  }

  /** Sets of four ways lie within half a cache line. */
  private static int alignedEntries(int entries) {
    return (entries + 3) & -4;
  }

  private static int roundUp(int value) {
    return value <= 1 ? 1 : Integer.highestOneBit(value - 1) << 1;
  }

  /** The first-level TLB that holds 4 KiB pages for {@code port}. */
  Tlb mainFirst(Port port) {
    return holder(firstLevel, port);
  }

  /** The second-level TLB that holds 4 KiB pages for {@code port}, or null. */
  Tlb mainSecond(Port port) {
    return holder(secondLevel, port);
  }

  private Tlb holder(List<Tlb> level, Port port) {
    return ofPort(level, port).stream()
        .filter(tlb -> tlb.geometry.sizes().contains(PageSize.SIZE_4K))
        .findFirst()
        .orElse(null);
  }
}
