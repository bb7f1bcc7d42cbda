package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Where the state of one MMU lies in its array.
 *
 * <p>{@link #words} holds the first-level TLBs (all tags, all words, all time stamps, all addends),
 * then the scalars that the hot path reads, then the second-level TLBs and the paging-structure
 * caches, one record a set.
 */
final class StateLayout {
  /** Bits of a first-level time stamp that hold the index of the entry. */
  static final int ENTRY_BITS = 12;

  /** What an access adds to its port's tick; the bits below hold an entry's index in stamps. */
  static final long TICK = 1L << ENTRY_BITS;

  /** Words between the parts of the first level, so that they do not share cache sets. */
  private static final int SKEW = 8;

  /** Words of a record before the first tag: the order, the tree's two words, and a spare one. */
  static final int RECORD_HEAD = 4;

  private static final int TREE_IN_RECORD = 1;

  /** Most ways of a fully associative first-level TLB that has no tree of its own. */
  private static final int MOST_WITHOUT_TREE = 8;

  final long[] words;

  final Hints hints;

  /** Mask for an index of a first-level entry. */
  final int entryMask;

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
    wordAt = room + SKEW;
    stampAt = 2 * wordAt;
    addendAt = 3 * wordAt;
    treeWords = treeWords(model);
    treeMasksAt = 4 * wordAt;
    scalars = (4 + 2 * treeWords) * wordAt;
    nextSecond = scalars + Scalars.COUNT;
    words = new long[nextSecond + secondWords(model)];
    portMask = portMask(model);
    place(model);
    hints = new Hints(this, model);
    tlbs = Stream.concat(firstLevel.stream(), secondLevel.stream()).toArray(Tlb[]::new);
    pagingStructureCaches.forEach((level, cache) -> caches[level.ordinal()] = cache);
    all =
        Stream.concat(Stream.of(tlbs), pagingStructureCaches.values().stream())
            .toArray(Structure[]::new);
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

  /** Whether reading a tree from the order of use takes too long for the TLB, if it has one. */
  private static boolean hasTree(TlbGeometry tlb) {
    return tlb.shape().replacement() == Replacement.TREE_PLRU
        && tlb.shape().sets() == 1
        && tlb.shape().ways() > MOST_WITHOUT_TREE
        && tlb.sizes().contains(PageSize.SIZE_4K);
  }

  private static int treeWords(CpuModel model) {
    int most = 0;
    for (TlbGeometry tlb : model.firstLevel()) {
      most = Math.max(most, hasTree(tlb) ? PlruTree.words(tlb.shape().ways()) : 0);
    }
    return most;
  }

  /** Sets of four ways lie within half a cache line. */
  private static int alignedEntries(int entries) {
    return (entries + 3) & -4;
  }

  /** The least power of two that is no less. */
  static int roundUp(int value) {
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
