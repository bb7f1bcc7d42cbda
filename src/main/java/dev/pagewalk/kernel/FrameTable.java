package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;
import java.util.Objects;

/**
 * What the kernel knows of each page frame: a record of {@value #BYTES} bytes, off-heap, zero at
 * first. Linux's {@code struct page} and {@code struct folio}.
 *
 * <p>A record takes memory when it is first written, a page of the operating system at a time. A
 * folio is 2^order frames from an aligned one, its head, treated as one; its reference count, owner
 * and index are those of the head, and asking a tail for them asks the head. Flags and the swap
 * entry belong to the very frame that is named. Every method throws {@link
 * IndexOutOfBoundsException} for a frame behind the last one.
 */
final class FrameTable extends FrameFlags implements AutoCloseable {
  /** Bytes of a record. */
  static final int BYTES = 40;

  /** What stays a frame's own when its folio is split; all else it takes from the head. */
  private static final int PER_FRAME = FREE | RESERVED | EXCLUSIVE | SWAPCACHE | HEAD | TAIL;

  /** The word of flags, references and PTEs, all of a frame that a fork touches. */
  private static final int WORD_BYTES = 8;

  private static final long FLAGS = (1 << 22) - 1;
  private static final int REFS_SHIFT = 22;
  private static final int MAPS_SHIFT = 43;

  /** The greatest reference or map count. */
  private static final long MOST = (1 << 21) - 1;

  /** What one PTE more adds to the word: its reference, and itself. */
  private static final long ONE_MAPPING = (1L << REFS_SHIFT) | (1L << MAPS_SHIFT);

  /** What keeps {@link #share} from just adding: other rules, or a count that could overflow. */
  private static final long NOT_SIMPLE = ZERO | TAIL | 1L << (MAPS_SHIFT - 1) | 1L << 63;

  private static final int OWNER = 8;

  /** Of the first frame of a block its order, of a tail the distance to the head. */
  private static final int GEOMETRY = 12;

  /** Page offset in the owner; of a free block the link to the next one. */
  private static final int INDEX = 16;

  /** Swap entry less 1, so that a fresh record has none; of a free block the link back. */
  private static final int SWAP = 24;

  private static final int ENTIRE_MAP_COUNT = 32;

  private final long frames;

  /** Where the other fields of the first frame begin; those of a frame are together. */
  private final long others;

  private final PhysicalMemory records;

  private final FrameRange[] ranges;

  /** Records for all frames up to the last of {@code ranges}, which are ascending. */
  FrameTable(List<FrameRange> ranges) {
    this.ranges = ranges.toArray(FrameRange[]::new);
    frames = ranges.getLast().end();
    others = frames * WORD_BYTES;
    records = PhysicalMemory.builder().ram(0, frames * BYTES).flat().build();
  }

  /** Records for {@code frames} frames of node 0, from frame 0 on. */
  FrameTable(long frames) {
    this(List.of(new FrameRange(0, frames, 0)));
  }

  /** How many frames have a record: the number behind the last frame's. */
  long frames() {
    return frames;
  }

  /** The RAM, in ascending order. */
  List<FrameRange> ranges() {
    return List.of(ranges);
  }

  /** The NUMA node of the frame, or -1 if it is not RAM. */
  int node(long pfn) {
    for (FrameRange range : ranges) {
      if (pfn < range.end()) {
        return pfn < range.start() ? -1 : range.node();
      }
    }
    return -1;
  }

  /** References to the frame's folio. */
  int refs(long pfn) {
    return count(word(head(pfn)), REFS_SHIFT);
  }

  /** Adds to the references to the frame's folio; returns how many there are then. */
  int addRef(long pfn, int delta) {
    return add(head(pfn), REFS_SHIFT, delta);
  }

  /** How many PTEs map this very frame. */
  int mapCount(long pfn) {
    return count(word(pfn), MAPS_SHIFT);
  }

  /** Adds to the PTEs that map this very frame; returns how many there are then. */
  int addMapCount(long pfn, int delta) {
    return add(pfn, MAPS_SHIFT, delta);
  }

  private static int count(long word, int shift) {
    return (int) (word >>> shift & MOST);
  }

  private int add(long pfn, int shift, int delta) {
    long word = word(pfn);
    int sum = count(word, shift) + delta;
    if (sum < 0 || sum > MOST) {
      throw new IllegalStateException("frame 0x%x: a count of %d does not fit".formatted(pfn, sum));
    }
    setWord(pfn, word + ((long) delta << shift));
    return sum;
  }

  /**
   * For each of the first {@code count} entries that is present, counts one entry more that maps
   * its frame, and its reference; the frame then belongs to no process alone. Frames of zeroes are
   * left as they are.
   */
  void share(long[] entries, int count) {
    for (int i = 0; i < count; i++) {
      if (Pte.isPresent(entries[i])) {
        long pfn = Pte.pfn(entries[i]);
        long word = word(pfn);
        if ((word & NOT_SIMPLE) == 0) {
          setWord(pfn, (word & ~(long) EXCLUSIVE) + ONE_MAPPING);
        } else if ((word & ZERO) == 0) {
          clear(pfn, EXCLUSIVE);
          addRef(pfn, 1);
          addMapCount(pfn, 1);
        }
      }
    }
  }

  /** How many entries of upper levels map the whole of the frame's folio. */
  int entireMapCount(long pfn) {
    return getInt(head(pfn), ENTIRE_MAP_COUNT);
  }

  /** Adds to the entries that map the whole folio; returns how many there are then. */
  int addEntireMapCount(long pfn, int delta) {
    return addInt(head(pfn), ENTIRE_MAP_COUNT, delta);
  }

  /** The flags of this very frame. */
  int flags(long pfn) {
    return (int) (word(pfn) & FLAGS);
  }

  /** Whether this very frame has one of the flags. */
  boolean has(long pfn, int flag) {
    return (word(pfn) & flag) != 0;
  }

  /** Sets flags of this very frame. */
  void set(long pfn, int flag) {
    setWord(pfn, word(pfn) | flag);
  }

  /** Clears flags of this very frame. */
  void clear(long pfn, int flag) {
    setWord(pfn, word(pfn) & ~(long) flag);
  }

  private long word(long pfn) {
    return records.read64(Objects.checkIndex(pfn, frames) * WORD_BYTES);
  }

  /** Makes these the only flags. */
  private void setFlags(long pfn, int flags) {
    setWord(pfn, (word(pfn) & ~FLAGS) | flags);
  }

  private void setWord(long pfn, long word) {
    records.write64(Objects.checkIndex(pfn, frames) * WORD_BYTES, word);
  }

  /** The order of the frame's folio, or of the block whose first frame it is. */
  int order(long pfn) {
    return getInt(head(pfn), GEOMETRY);
  }

  /** The first frame of the frame's folio: itself if it is no tail. */
  long head(long pfn) {
    return has(pfn, TAIL) ? pfn - getInt(pfn, GEOMETRY) : pfn;
  }

  /** Makes the 2^order frames from {@code head} a folio; their other fields stay as they are. */
  void setFolio(long head, int order) {
    setInt(head, GEOMETRY, order);
    if (order == 0) {
      return;
    }
    set(head, HEAD);
    for (int i = 1; i < 1 << order; i++) {
      set(head + i, TAIL);
      setInt(head + i, GEOMETRY, i);
    }
  }

  /**
   * Makes each frame of the folio from {@code head} a folio of its own. It takes the owner, its own
   * index and the flags of the old one, but for those that each frame has itself; its reference
   * count is 0, and the head keeps those of all.
   */
  void splitFolio(long head) {
    int order = getInt(head, GEOMETRY);
    clear(head, HEAD);
    setInt(head, GEOMETRY, 0);
    int inherited = flags(head) & ~PER_FRAME;
    for (int i = 1; i < 1 << order; i++) {
      clear(head + i, TAIL);
      set(head + i, inherited);
      setInt(head + i, GEOMETRY, 0);
      setInt(head + i, OWNER, getInt(head, OWNER));
      setLong(head + i, INDEX, getLong(head, INDEX) + i);
    }
  }

  /** The reverse-map link of the frame's folio: a number of the kernel's choice, 0 at first. */
  int owner(long pfn) {
    return getInt(head(pfn), OWNER);
  }

  /** Sets the reverse-map link of the frame's folio. */
  void setOwner(long pfn, int owner) {
    setInt(head(pfn), OWNER, owner);
  }

  /** The frame's offset in its owner, in pages. */
  long index(long pfn) {
    long head = head(pfn);
    return getLong(head, INDEX) + (pfn - head);
  }

  /** Sets the frame's offset in its owner, in pages, and so that of all its folio's frames. */
  void setIndex(long pfn, long index) {
    long head = head(pfn);
    setLong(head, INDEX, index - (pfn - head));
  }

  /** The swap entry of this very frame, or -1. */
  long swap(long pfn) {
    return getLong(pfn, SWAP) - 1;
  }

  /** Sets the swap entry of this very frame; -1 is none. */
  void setSwap(long pfn, long swap) {
    setLong(pfn, SWAP, swap + 1);
  }

  /** Makes the records of the 2^order frames from {@code pfn} as they were at first. */
  void reset(long pfn, int order) {
    if (order > 0) {
      Objects.checkFromIndexSize(pfn, 1L << order, frames);
      records.fill(pfn * WORD_BYTES, (long) WORD_BYTES << order, 0);
      records.fill(at(pfn, OWNER), (long) (BYTES - WORD_BYTES) << order, 0);
      return;
    }
    setWord(pfn, 0);
    for (int field = OWNER; field < BYTES; field += Long.BYTES) {
      setLong(pfn, field, 0);
    }
  }

  /** Marks the frame as the first of a free block; its other fields are zero. */
  void setFree(long pfn, int order, int node) {
    setFlags(pfn, FREE);
    setInt(pfn, GEOMETRY, order);
    setInt(pfn, OWNER, node);
  }

  /** Marks the frame as free and in no block; its other fields are zero. */
  void setReady(long pfn) {
    setFlags(pfn, FREE);
    setInt(pfn, GEOMETRY, -1);
  }

  /** Marks the frame as the first of a block that is handed out; its other fields are zero. */
  void setAllocated(long pfn, int order) {
    setFlags(pfn, ALLOCATED);
    setInt(pfn, GEOMETRY, order);
  }

  /** Whether the frame is the first of a block of this order that has been handed out. */
  boolean isAllocated(long pfn, int order) {
    return has(pfn, ALLOCATED) && getInt(pfn, GEOMETRY) == order;
  }

  /** Whether the frame is the first of a free block of this order and node. */
  boolean isFreeBlock(long pfn, int order, int node) {
    return has(pfn, FREE) && getInt(pfn, GEOMETRY) == order && getInt(pfn, OWNER) == node;
  }

  /** The free block behind this one in its list, or -1. */
  long next(long pfn) {
    return getLong(pfn, INDEX) - 1;
  }

  /** Sets {@link #next}. */
  void setNext(long pfn, long next) {
    setLong(pfn, INDEX, next + 1);
  }

  /** The free block before this one in its list, or -1. */
  long previous(long pfn) {
    return getLong(pfn, SWAP) - 1;
  }

  /** Sets {@link #previous}. */
  void setPrevious(long pfn, long previous) {
    setLong(pfn, SWAP, previous + 1);
  }

  /** Frees the memory; no record may be used any more. */
  @Override
  public void close() {
    records.close();
  }

  /** Bytes of native memory that the records take. */
  long residentBytes() {
    return records.residentBytes();
  }

  private int addInt(long pfn, int field, int delta) {
    int sum = getInt(pfn, field) + delta;
    setInt(pfn, field, sum);
    return sum;
  }

  private int getInt(long pfn, int field) {
    return records.read32(at(pfn, field));
  }

  private void setInt(long pfn, int field, int value) {
    records.write32(at(pfn, field), value);
  }

  private long getLong(long pfn, int field) {
    return records.read64(at(pfn, field));
  }

  private void setLong(long pfn, int field, long value) {
    records.write64(at(pfn, field), value);
  }

  /** Where a field behind the first word of the frame's record lies. */
  private long at(long pfn, int field) {
    Objects.checkIndex(pfn, frames);
    return others + pfn * (BYTES - WORD_BYTES) + (field - WORD_BYTES);
  }
}
