package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Simulated physical memory: off-heap, byte-addressed, little-endian, sparse, with holes.
 *
 * <p>It consists of {@link Region}s. Making it costs a reference for each 4 GiB; a frame takes
 * native memory when it is first written. An address in no region is a hole: it reads as all ones
 * and drops writes, as an unclaimed address does on a PC; both are counted.
 *
 * <p>Reads, writes and {@link #compareAndSet} may be used by several threads at once; aligned
 * accesses of up to 64 bits do not tear, unless a hole begins or ends within them. {@link #clear}
 * and {@link #close} want no other thread inside. Physical addresses are 0 to 2^52 - 1; what lies
 * beyond is a hole. After {@link #close} every access throws {@link IllegalStateException}.
 */
public final class PhysicalMemory implements AutoCloseable {
  /** The largest physical address space that the entry formats have room for, in bytes. */
  public static final long MAX_BYTES = 1L << 52;

  /** Bytes of a page frame. */
  public static final int FRAME_BYTES = 4096;

  private static final int OFFSET = FRAME_BYTES - 1;

  /** Slot flag: the frame is the image's own and is copied before the first write. */
  private static final long COPY_ON_WRITE = 1L << 62;

  /** Slot flag: regions cover the frame only in part; its other bytes stay all ones. */
  private static final long PARTIAL = 1L << 61;

  private static final long ADDRESS = PARTIAL - 1;

  private final RegionMap regions;
  private final Arena images;
  private final FrameDirectory directory;
  private final FramePool pool = new FramePool();
  private final LongAdder holeReads = new LongAdder();
  private final LongAdder holeWrites = new LongAdder();
  private volatile boolean closed;

  private PhysicalMemory(RegionMap regions, Arena images) {
    this.regions = regions;
    this.images = images;
    this.directory = new FrameDirectory(regions.end());
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
     * Makes the memory.
     *
     * @throws IllegalArgumentException if there is no region, or two of them overlap
     */
    public PhysicalMemory build() {
      return new PhysicalMemory(new RegionMap(sources), images);
    }
  }

  /** The regions, in address order. */
  public List<Region> regions() {
    return regions.regions();
  }

  /** Whether nothing answers at {@code pa}. */
  public boolean isHole(long pa) {
    return regions.isHole(pa);
  }

  /** How many reads have touched a hole so far. */
  public long holeReads() {
    return holeReads.sum();
  }

  /** How many writes have been dropped by a hole so far, in whole or in part. */
  public long holeWrites() {
    return holeWrites.sum();
  }

  /** Bytes of native memory in use for frames; what an image maps is not counted. */
  public long residentBytes() {
    synchronized (directory) {
      long frames = 0;
      for (int i = 0; i < directory.size(); i++) {
        frames += (directory.get(directory.touched(i)) & COPY_ON_WRITE) == 0 ? 1 : 0;
      }
      return frames * FRAME_BYTES;
    }
  }

  /** The byte at {@code pa}, 0 to 255. */
  public int read8(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0) {
      return (int) readSlowly(pa, 1);
    }
    return NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, (slot & ADDRESS) + (pa & OFFSET)) & 0xff;
  }

  /** The two bytes at {@code pa}, which need not be aligned, 0 to 65535. */
  public int read16(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 2) {
      return (int) readSlowly(pa, 2);
    }
    return NativeMemory.ALL.get(NativeMemory.SHORT, (slot & ADDRESS) + (pa & OFFSET)) & 0xffff;
  }

  /** The four bytes at {@code pa}, which need not be aligned. */
  public int read32(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 4) {
      return (int) readSlowly(pa, 4);
    }
    return NativeMemory.ALL.get(NativeMemory.INT, (slot & ADDRESS) + (pa & OFFSET));
  }

  /** The eight bytes at {@code pa}, which need not be aligned. */
  public long read64(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 8) {
      return readSlowly(pa, 8);
    }
    return NativeMemory.ALL.get(NativeMemory.LONG, (slot & ADDRESS) + (pa & OFFSET));
  }

  /** Writes the low eight bits of {@code value}. */
  public void write8(long pa, int value) {
    long frame = writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 1);
    } else {
      NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, frame + (pa & OFFSET), (byte) value);
    }
  }

  /** Writes the low sixteen bits of {@code value}; {@code pa} need not be aligned. */
  public void write16(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 2 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 2);
    } else {
      NativeMemory.ALL.set(NativeMemory.SHORT, frame + (pa & OFFSET), (short) value);
    }
  }

  /** Writes four bytes; {@code pa} need not be aligned. */
  public void write32(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 4 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 4);
    } else {
      NativeMemory.ALL.set(NativeMemory.INT, frame + (pa & OFFSET), value);
    }
  }

  /** Writes eight bytes; {@code pa} need not be aligned. */
  public void write64(long pa, long value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 8 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 8);
    } else {
      NativeMemory.ALL.set(NativeMemory.LONG, frame + (pa & OFFSET), value);
    }
  }

  /**
   * Sets the aligned 64-bit word at {@code pa} to {@code value} if it is {@code expected}, as one
   * locked operation. In a hole the word is all ones and stays so.
   *
   * @return whether the word was {@code expected}
   * @throws IllegalArgumentException if {@code pa} is not a multiple of 8
   */
  public boolean compareAndSet(long pa, long expected, long value) {
    if ((pa & 7) != 0) {
      throw new IllegalArgumentException("not a multiple of 8: 0x%x".formatted(pa));
    }
    long slot = directory.get(pa);
    if (slot == 0 || (slot & (COPY_ON_WRITE | PARTIAL)) != 0) {
      return compareAndSetSlowly(pa, expected, value);
    }
    long address = (slot & ADDRESS) + (pa & OFFSET);
    return NativeMemory.WORD.compareAndSet(NativeMemory.ALL, address, expected, value);
  }

  /** Puts everything back to what it was at first and gives all frames back for reuse. */
  public void clear() {
    synchronized (directory) {
      checkOpen();
      for (int i = 0; i < directory.size(); i++) {
        long slot = directory.get(directory.touched(i));
        if ((slot & COPY_ON_WRITE) == 0) {
          NativeMemory.frame(slot & ADDRESS).fill((byte) 0);
          pool.give(slot & ADDRESS);
        }
      }
      directory.clear();
      holeReads.reset();
      holeWrites.reset();
    }
  }

  /** Frees the native memory and unmaps the images; closing it again does nothing. */
  @Override
  public void close() {
    synchronized (directory) {
      if (!closed) {
        closed = true;
        directory.clear();
        pool.close();
        if (images != null) {
          images.close();
        }
      }
    }
  }

  /** Native address of the frame around {@code pa} if it may be written there as a whole, or 0. */
  private long writable(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & COPY_ON_WRITE) != 0) {
      slot = materialise(pa);
    }
    return (slot & PARTIAL) != 0 ? 0 : slot & ADDRESS;
  }

  /** Gives the frame around {@code pa} native memory of its own; 0 if it lies wholly in a hole. */
  private long materialise(long pa) {
    synchronized (directory) {
      checkOpen();
      long slot = directory.get(pa);
      if (slot != 0 && (slot & COPY_ON_WRITE) == 0) {
        return slot;
      }
      long base = pa & ~(long) OFFSET;
      int covered = regions.coveredOfFrame(base);
      if (covered == 0) {
        return 0;
      }
      slot = pool.take() | (covered == FRAME_BYTES ? 0 : PARTIAL);
      regions.fill(base, NativeMemory.frame(slot & ADDRESS));
      directory.put(base, slot);
      return slot;
    }
  }

  /** Lets reads of the frame around {@code pa} go straight to the image that has all of it. */
  private long borrow(long pa) {
    long base = pa & ~(long) OFFSET;
    long address = regions.frameInImage(base);
    if (address == 0) {
      return 0;
    }
    synchronized (directory) {
      checkOpen();
      if (directory.get(base) == 0) {
        directory.put(base, address | COPY_ON_WRITE);
      }
      return directory.get(base);
    }
  }

  private long readSlowly(long pa, int bytes) {
    checkOpen();
    if (regions.covered(pa, bytes) != RegionMap.ones(bytes)) {
      holeReads.increment();
    }
    if (isInOneFrame(pa, bytes)) {
      return readInFrame(pa, bytes);
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= readInFrame(pa + i, 1) << (8 * i);
    }
    return value;
  }

  /** Reads bytes of one frame at once: an aligned word is seen whole whoever writes it. */
  private long readInFrame(long pa, int bytes) {
    long slot = directory.get(pa);
    if (slot == 0) {
      slot = borrow(pa);
    }
    return slot == 0
        ? regions.first(pa, bytes)
        : NativeMemory.read((slot & ADDRESS) + (pa & OFFSET), bytes);
  }

  private void writeSlowly(long pa, long value, int bytes) {
    checkOpen();
    long covered = regions.covered(pa, bytes);
    boolean hole = covered != RegionMap.ones(bytes);
    if (hole) {
      holeWrites.increment();
    }
    if (!hole && isInOneFrame(pa, bytes)) {
      NativeMemory.write((materialise(pa) & ADDRESS) + (pa & OFFSET), value, bytes);
      return;
    }
    for (int i = 0; i < bytes; i++) {
      if ((covered >>> (8 * i) & 1) != 0) {
        long frame = materialise(pa + i) & ADDRESS;
        NativeMemory.write(frame + ((pa + i) & OFFSET), value >>> (8 * i), 1);
      }
    }
  }

  /** As {@link #compareAndSet}, where there is no frame to write yet, or a hole in it. */
  private boolean compareAndSetSlowly(long pa, long expected, long value) {
    checkOpen();
    long covered = regions.covered(pa, 8);
    if (covered != -1) {
      holeReads.increment();
    }
    if (readInFrame(pa, 8) != expected) {
      return false;
    }
    long slot = materialise(pa);
    long address = (slot & ADDRESS) + (pa & OFFSET);
    boolean same =
        slot == 0
            || NativeMemory.WORD.compareAndSet(
                NativeMemory.ALL, address, expected, (value & covered) | ~covered);
    if (same && covered != -1) {
      holeWrites.increment();
    }
    return same;
  }

  private static boolean isInOneFrame(long pa, int bytes) {
    return (pa & OFFSET) + bytes <= FRAME_BYTES;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this physical memory is closed");
    }
  }
}
