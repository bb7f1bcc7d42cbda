package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/**
 * Simulated physical memory: off-heap, byte-addressed, little-endian, sparse, with holes.
 *
 * <p>It consists of {@link Region}s. Making it costs a reference for each 4 GiB; a frame takes
 * native memory when it is first written. An address in no region is a hole: it reads as all ones
 * and drops writes, as an unclaimed address does on a PC; both are counted. Memory of one region
 * can be {@linkplain Builder#flat flat}: faster, in one piece.
 *
 * <p>Reads, writes and {@link #compareAndSet} may be used by several threads at once; aligned
 * accesses of up to 64 bits do not tear, unless a hole begins or ends within them. {@link #clear}
 * and {@link #close} want no other thread inside. Physical addresses are 0 to 2^52 - 1; what lies
 * beyond is a hole. After {@link #close} every access throws {@link IllegalStateException}.
 */
public abstract sealed class PhysicalMemory implements AutoCloseable
    permits SparseMemory, FlatMemory {
  /** The largest physical address space that the entry formats have room for, in bytes. */
  public static final long MAX_BYTES = 1L << 52;

  /** Bytes of a page frame. */
  public static final int FRAME_BYTES = 4096;

  final RegionMap regions;
  final LongAdder holeReads = new LongAdder();
  final LongAdder holeWrites = new LongAdder();

  /** Held while frames get or lose their native memory. */
  final Object lock = new Object();

  private final Arena images;
  private final Bulk bulk = new Bulk(this);
  private volatile boolean closed;

  PhysicalMemory(RegionMap regions, Arena images) {
    this.regions = regions;
    this.images = images;
  }

  /** Memory of {@code bytes} bytes from address 0, without holes. */
  public static PhysicalMemory ofSize(long bytes) {
    return builder().ram(0, bytes).build();
  }

  /** Starts a memory that has no region yet. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the regions of a memory; they must not overlap. */
  public static final class Builder {
    private final List<RegionMap.Source> sources = new ArrayList<>();
    private Arena images;
    private boolean flat;
    private boolean tracked;
    private boolean hugePages;

    private Builder() {}

    /**
     * Adds memory that is zero at first.
     *
     * @param start first physical address
     * @param bytes length, at least 1
     * @throws IllegalArgumentException if it does not lie within 2^52 bytes
     */
    public Builder ram(long start, long bytes) {
      sources.add(new RegionMap.Source(new Region(start, bytes, false), null));
      return this;
    }

    /**
     * Adds memory that holds {@code image} at first. The segment is read in place and never
     * written; it must stay alive as long as the memory, see {@link #owning}.
     *
     * @param start first physical address
     * @throws IllegalArgumentException if the segment is on the heap or empty, or the region does
     *     not lie within 2^52 bytes
     */
    public Builder image(long start, MemorySegment image) {
      if (!image.isNative()) {
        throw new IllegalArgumentException("an image is a native segment, not one on the heap");
      }
      sources.add(new RegionMap.Source(new Region(start, image.byteSize(), true), image));
      return this;
    }

    /**
     * Makes the memory the owner of the arena in which its images live: closing the memory closes
     * it. Until {@link #build} has returned, it is still the caller's.
     */
    public Builder owning(Arena arena) {
      images = arena;
      return this;
    }

    /**
     * Asks for one reservation of native address space in place of a frame at a time: an access is
     * then one addition, and {@link PhysicalMemory#flat} has all of it as one segment. The memory
     * has exactly one region, RAM from address 0. It is a request: where the operating system has
     * no {@code mmap} or refuses so much, the memory is made as without it.
     *
     * <p>It still costs only what is touched, in pages of the operating system's choice. Its
     * addresses are given back when the memory is no longer reachable, not on {@link #close}.
     */
    public Builder flat() {
      flat = true;
      return this;
    }

    /**
     * Asks for memory as {@link #flat} does, and that it remember which lines of 64 bytes were
     * written: setting a frame to zero, and copying one, then costs what was written there. It
     * takes a byte for each line touched, and a store more for each write.
     */
    public Builder tracked() {
      tracked = true;
      return flat();
    }

    /**
     * Asks for memory as {@link #flat} does, and that the operating system use huge pages for it:
     * walks through many tables then do not wait for the TLBs of the machine beneath. It may take
     * memory in pieces of 2 MiB, so this is not for memory that is touched here and there. Where
     * there is no such advice, the memory is made as without it.
     */
    public Builder hugePages() {
      hugePages = true;
      return flat();
    }

    /**
     * Makes the memory.
     *
     * @throws IllegalArgumentException if there is no region, or two of them overlap, or a flat
     *     memory is not one region of RAM from address 0
     */
    public PhysicalMemory build() {
      RegionMap regions = new RegionMap(sources);
      Optional<Reservation> reservation = flat ? reservation(regions) : Optional.empty();
      if (reservation.isEmpty()) {
        return new SparseMemory(regions, images);
      }
      Optional<Reservation> marks =
          tracked ? Reservation.of(Lines.bytesFor(flatBytes(regions))) : Optional.empty();
      return FlatMemory.over(reservation.get(), marks, regions, images);
    }

    private Optional<Reservation> reservation(RegionMap regions) {
      long bytes = flatBytes(regions);
      return hugePages ? Reservation.ofHugePages(bytes) : Reservation.of(bytes);
    }

    private static long flatBytes(RegionMap regions) {
      Region first = regions.regions().getFirst();
      if (regions.regions().size() != 1 || first.start() != 0 || first.image()) {
        throw new IllegalArgumentException("a flat memory is one region of RAM from address 0");
      }
      return first.bytes();
    }
  }

  /** The regions, in address order. */
  public final List<Region> regions() {
    return regions.regions();
  }

  /** Whether nothing answers at {@code pa}. */
  public final boolean isHole(long pa) {
    return regions.isHole(pa);
  }

  /** How many reads have touched a hole so far. */
  public final long holeReads() {
    return holeReads.sum();
  }

  /** How many writes have been dropped by a hole so far, in whole or in part. */
  public final long holeWrites() {
    return holeWrites.sum();
  }

  /**
   * All of a {@linkplain Builder#flat flat} memory as one segment, an offset in it being a physical
   * address; nothing if it is not flat.
   *
   * <p>Words in it are little-endian. It is the memory itself: what is written through it every
   * reader sees. Its scope is global, so it does not keep the memory reachable: whoever uses it
   * must. Until then it is safe to touch, by any thread, also after {@link #close}; what it then
   * holds means nothing. In {@linkplain Builder#tracked tracked} memory, only words that are not
   * zero may be written through it: a later fill with zeroes would not see others.
   */
  public abstract Optional<MemorySegment> flat();

  /**
   * Bytes of native memory in use for frames; what an image maps is not counted. Of a flat memory:
   * of all pages that the operating system has in main memory for it, by its own count, which takes
   * time in proportion to the size; a page that has only been read may be among them.
   */
  public abstract long residentBytes();

  /** The byte at {@code pa}, 0 to 255. */
  public abstract int read8(long pa);

  /** The two bytes at {@code pa}, which need not be aligned, 0 to 65535. */
  public abstract int read16(long pa);

  /** The four bytes at {@code pa}, which need not be aligned. */
  public abstract int read32(long pa);

  /** The eight bytes at {@code pa}, which need not be aligned. */
  public abstract long read64(long pa);

  /** Writes the low eight bits of {@code value}. */
  public abstract void write8(long pa, int value);

  /** Writes the low sixteen bits of {@code value}; {@code pa} need not be aligned. */
  public abstract void write16(long pa, int value);

  /** Writes four bytes; {@code pa} need not be aligned. */
  public abstract void write32(long pa, int value);

  /** Writes eight bytes; {@code pa} need not be aligned. */
  public abstract void write64(long pa, long value);

  /**
   * Sets the aligned 64-bit word at {@code pa} to {@code value} if it is {@code expected}, as one
   * locked operation. In a hole the word is all ones and stays so.
   *
   * @return whether the word was {@code expected}
   * @throws IllegalArgumentException if {@code pa} is not a multiple of 8
   */
  public abstract boolean compareAndSet(long pa, long expected, long value);

  /**
   * Sets each of the {@code bytes} bytes from {@code pa} to the low eight bits of {@code value}.
   *
   * <p>This and the other accesses of many bytes act as accesses of single bytes, in any order: a
   * hole counts each of its bytes, and another thread may see some of them and not others. A frame
   * that has no native memory takes none by being read, or set to zero.
   */
  public final void fill(long pa, long bytes, int value) {
    bulk.fill(pa, checkLength(bytes), (byte) value);
  }

  /** Whether the {@code bytes} bytes from {@code pa} are all zero. */
  public final boolean isZero(long pa, long bytes) {
    return bulk.isZero(pa, checkLength(bytes));
  }

  /**
   * Reads the {@code bytes} bytes from {@code pa} into {@code to}, from its element {@code at} on.
   *
   * @throws IndexOutOfBoundsException if the array has not so many elements
   */
  public final void read(long pa, byte[] to, int at, int bytes) {
    Objects.checkFromIndexSize(at, bytes, to.length);
    bulk.read(pa, to, at, bytes);
  }

  /**
   * Writes {@code bytes} bytes of {@code from}, from its element {@code at} on, to {@code pa}.
   *
   * @throws IndexOutOfBoundsException if the array has not so many elements
   */
  public final void write(long pa, byte[] from, int at, int bytes) {
    Objects.checkFromIndexSize(at, bytes, from.length);
    bulk.write(pa, from, at, bytes);
  }

  /**
   * Reads {@code count} words from {@code pa}, a multiple of 8, into the first elements of {@code
   * to}.
   *
   * @throws IndexOutOfBoundsException if the array has not so many elements
   */
  public final void readWords(long pa, long[] to, int count) {
    checkAligned(pa);
    Objects.checkFromIndexSize(0, count, to.length);
    bulk.readWords(pa, to, count);
  }

  /**
   * Writes the first {@code count} elements of {@code from} as words to {@code pa}, a multiple of
   * 8.
   *
   * @throws IndexOutOfBoundsException if the array has not so many elements
   */
  public final void writeWords(long pa, long[] from, int count) {
    checkAligned(pa);
    Objects.checkFromIndexSize(0, count, from.length);
    bulk.writeWords(pa, from, count);
  }

  /**
   * Writes the {@code bytes} bytes of {@code source} from {@code from} to {@code pa}. The source
   * may be this memory; the two ranges are then the same or do not overlap.
   */
  public final void copyFrom(PhysicalMemory source, long from, long pa, long bytes) {
    bulk.copyFrom(source, from, pa, checkLength(bytes));
  }

  private static long checkLength(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a length is not negative: " + bytes);
    }
    return bytes;
  }

  /** How many of the {@code bytes} bytes from {@code pa}, at least 1 of them, are one piece. */
  abstract long pieceAt(long pa, long bytes);

  /** Native address where the piece from {@code pa} may be read, or 0. */
  abstract long addressToRead(long pa);

  /** Native address where the piece from {@code pa} may be written, or 0. */
  abstract long addressToWrite(long pa);

  /** Whether the piece from {@code pa} is zero and takes no native memory; no if closed. */
  abstract boolean isUntouched(long pa);

  /** Puts everything back to what it was at first and gives all frames back for reuse. */
  public final void clear() {
    synchronized (lock) {
      checkOpen();
      reset();
      holeReads.reset();
      holeWrites.reset();
    }
  }

  /** Frees the native memory and unmaps the images; closing it again does nothing. */
  @Override
  public final void close() {
    synchronized (lock) {
      if (!closed) {
        closed = true;
        release();
        if (images != null) {
          images.close();
        }
      }
    }
  }

  /** Which lines may hold something; null if nobody keeps that. */
  abstract Lines lines();

  /** What {@link #clear} does to the frames. */
  abstract void reset();

  /** What {@link #close} does to the frames; every access gets to {@link #checkOpen} after it. */
  abstract void release();

  final void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this physical memory is closed");
    }
  }

  static void checkAligned(long pa) {
    if ((pa & 7) != 0) {
      throw new IllegalArgumentException("not a multiple of 8: 0x%x".formatted(pa));
    }
  }
}
