package dev.pagewalk.physmem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * Simulated physical memory: off-heap, byte-addressed, little-endian, sparse, with holes.
 *
 * <p>It consists of {@link Region}s. Making it costs nothing that grows with its size; a frame
 * takes native memory when it is first written. An address in no region is a hole: it reads as all
 * ones and drops writes, as an unclaimed address does on a PC; both are counted.
 *
 * <p>Reads, writes and {@link #compareAndSet} may be used by several threads at once; aligned
 * accesses of up to 64 bits do not tear. {@link #clear} and {@link #close} want no other thread
 * inside. Physical addresses are 0 to 2^52 - 1.
 */
public final class PhysicalMemory implements AutoCloseable {
  /** The largest physical address space that the entry formats have room for, in bytes. */
  public static final long MAX_BYTES = 1L << 52;

  /** Bytes of a page frame. */
  public static final int FRAME_BYTES = 4096;

  private static final int OFFSET = FRAME_BYTES - 1;
  private static final MemorySegment NATIVE = everything();
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle CAS = LONG.varHandle();
  private static final ValueLayout.OfLong LONG_ANYWHERE = LONG.withByteAlignment(1);
  private static final ValueLayout.OfInt INT_ANYWHERE =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfShort SHORT_ANYWHERE =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Slot flag: the frame is the image's own and is copied before the first write. */
  private static final long COPY_ON_WRITE = 1L << 62;

  /** Slot flag: regions cover the frame only in part, so each byte is asked for by itself. */
  private static final long PARTIAL = 1L << 61;

  private static final long ADDRESS = PARTIAL - 1;

  private final Source[] sources;
  private final FrameDirectory directory;
  private final FramePool pool = new FramePool();
  private final LongAdder holeReads = new LongAdder();
  private final LongAdder holeWrites = new LongAdder();
  private boolean closed;

  /** A region with what it holds at first: {@code image} null for zeroes. */
  private record Source(Region region, MemorySegment image) {}

  private PhysicalMemory(List<Source> sources) {
    this.sources = sources.toArray(Source[]::new);
    this.directory = new FrameDirectory(sources.getLast().region.end());
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
    private final List<Source> sources = new ArrayList<>();

    private Builder() {}

    /** Adds memory that is zero at first. */
    public Builder ram(long start, long bytes) {
      sources.add(new Source(new Region(start, bytes, false), null));
      return this;
    }

    /**
     * Adds memory that holds {@code image} at first. The segment is read in place and never written;
     * it must be native and stay alive as long as the memory.
     */
    public Builder image(long start, MemorySegment image) {
      sources.add(new Source(new Region(start, image.byteSize(), true), image));
      return this;
    }

    /**
     * Makes the memory.
     *
     * @throws IllegalArgumentException if there is no region, or two of them overlap
     */
    public PhysicalMemory build() {
      if (sources.isEmpty()) {
        throw new IllegalArgumentException("a physical memory has at least one region");
      }
      sources.sort(Comparator.comparingLong(source -> source.region.start()));
      for (int i = 1; i < sources.size(); i++) {
        if (sources.get(i).region.start() < sources.get(i - 1).region.end()) {
          throw new IllegalArgumentException(
              "regions overlap at physical address 0x%x"
                  .formatted(sources.get(i).region.start()));
        }
      }
      return new PhysicalMemory(sources);
    }
  }

  /** The regions, in address order. */
  public List<Region> regions() {
    List<Region> regions = new ArrayList<>();
    for (Source source : sources) {
      regions.add(source.region);
    }
    return regions;
  }

  /** Whether nothing answers at {@code pa}. */
  public boolean isHole(long pa) {
    return sourceOf(pa) == null;
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
    long frames = 0;
    for (int i = 0; i < directory.size(); i++) {
      frames += (directory.get(directory.touched(i)) & COPY_ON_WRITE) == 0 ? 1 : 0;
    }
    return frames * FRAME_BYTES;
  }

  /** The byte at {@code pa}, 0 to 255. */
  public int read8(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0) {
      return (int) readSlowly(pa, 1);
    }
    return NATIVE.get(ValueLayout.JAVA_BYTE, (slot & ADDRESS) + (pa & OFFSET)) & 0xff;
  }

  /** The two bytes at {@code pa}, which need not be aligned, 0 to 65535. */
  public int read16(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 2) {
      return (int) readSlowly(pa, 2);
    }
    return NATIVE.get(SHORT_ANYWHERE, (slot & ADDRESS) + (pa & OFFSET)) & 0xffff;
  }

  /** The four bytes at {@code pa}, which need not be aligned. */
  public int read32(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 4) {
      return (int) readSlowly(pa, 4);
    }
    return NATIVE.get(INT_ANYWHERE, (slot & ADDRESS) + (pa & OFFSET));
  }

  /** The eight bytes at {@code pa}, which need not be aligned. */
  public long read64(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 8) {
      return readSlowly(pa, 8);
    }
    return NATIVE.get(LONG_ANYWHERE, (slot & ADDRESS) + (pa & OFFSET));
  }

  /** Writes the low eight bits of {@code value}. */
  public void write8(long pa, int value) {
    long frame = writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 1);
    } else {
      NATIVE.set(ValueLayout.JAVA_BYTE, frame + (pa & OFFSET), (byte) value);
    }
  }

  /** Writes the low sixteen bits of {@code value}; {@code pa} need not be aligned. */
  public void write16(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 2 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 2);
    } else {
      NATIVE.set(SHORT_ANYWHERE, frame + (pa & OFFSET), (short) value);
    }
  }

  /** Writes four bytes; {@code pa} need not be aligned. */
  public void write32(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 4 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 4);
    } else {
      NATIVE.set(INT_ANYWHERE, frame + (pa & OFFSET), value);
    }
  }

  /** Writes eight bytes; {@code pa} need not be aligned. */
  public void write64(long pa, long value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 8 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 8);
    } else {
      NATIVE.set(LONG_ANYWHERE, frame + (pa & OFFSET), value);
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
    long frame = writable(pa);
    if (frame != 0) {
      return CAS.compareAndSet(NATIVE, frame + (pa & OFFSET), expected, value);
    }
    synchronized (directory) {
      // MODEL: a word that a region covers only in part is updated by bytes, under a lock.
      boolean same = readSlowly(pa, 8) == expected;
      if (same) {
        writeSlowly(pa, value, 8);
      }
      return same;
    }
  }

  /** Puts everything back to what it was at first and gives all frames back for reuse. */
  public void clear() {
    synchronized (directory) {
      for (int i = 0; i < directory.size(); i++) {
        long slot = directory.get(directory.touched(i));
        if ((slot & COPY_ON_WRITE) == 0) {
          NATIVE.asSlice(slot & ADDRESS, FRAME_BYTES).fill((byte) 0);
          pool.give(slot & ADDRESS);
        }
      }
      directory.clear();
      holeReads.reset();
      holeWrites.reset();
    }
  }

  /** Frees the native memory; every later access throws {@link IllegalStateException}. */
  @Override
  public void close() {
    synchronized (directory) {
      if (!closed) {
        closed = true;
        directory.clear();
        pool.close();
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
      long covered = 0;
      long frame = 0;
      for (int i = firstFrom(base); i < sources.length; i++) {
        Region region = sources[i].region;
        long from = Math.max(base, region.start());
        long to = Math.min(base + FRAME_BYTES, region.end());
        if (from >= to) {
          break;
        }
        frame = frame == 0 ? pool.take() : frame;
        covered += to - from;
        if (sources[i].image != null) {
          MemorySegment.copy(
              sources[i].image, from - region.start(), NATIVE, frame + (from - base), to - from);
        }
      }
      if (frame != 0) {
        directory.put(base, covered == FRAME_BYTES ? frame : frame | PARTIAL);
      }
      return frame == 0 || covered == FRAME_BYTES ? frame : frame | PARTIAL;
    }
  }

  private long readSlowly(long pa, int bytes) {
    checkOpen();
    Source source = sourceOf(pa);
    boolean inOneFrame = (pa & OFFSET) + bytes <= FRAME_BYTES;
    if (inOneFrame && directory.get(pa) == 0 && coversFrame(source, pa)) {
      if (source.image == null) {
        return 0;
      }
      borrowFromImage(source, pa);
    }
    long value = 0;
    boolean hole = false;
    for (int i = 0; i < bytes; i++) {
      long at = pa + i;
      hole |= sourceOf(at) == null;
      value |= (long) byteAt(at) << (8 * i);
    }
    if (hole) {
      holeReads.increment();
    }
    return value;
  }

  private int byteAt(long pa) {
    Source source = sourceOf(pa);
    if (source == null) {
      return 0xff;
    }
    long slot = directory.get(pa);
    if (slot != 0) {
      return NATIVE.get(ValueLayout.JAVA_BYTE, (slot & ADDRESS) + (pa & OFFSET)) & 0xff;
    }
    long offset = pa - source.region.start();
    return source.image == null ? 0 : source.image.get(ValueLayout.JAVA_BYTE, offset) & 0xff;
  }

  private void writeSlowly(long pa, long value, int bytes) {
    boolean hole = false;
    for (int i = 0; i < bytes; i++) {
      long at = pa + i;
      if (sourceOf(at) == null) {
        hole = true;
      } else {
        long frame = materialise(at) & ADDRESS;
        NATIVE.set(ValueLayout.JAVA_BYTE, frame + (at & OFFSET), (byte) (value >>> (8 * i)));
      }
    }
    if (hole) {
      checkOpen();
      holeWrites.increment();
    }
  }

  /** Lets reads of the frame around {@code pa} go straight to the image. */
  private void borrowFromImage(Source source, long pa) {
    synchronized (directory) {
      checkOpen();
      if (directory.get(pa) == 0) {
        long base = pa & ~(long) OFFSET;
        long address = source.image.address() + (base - source.region.start());
        directory.put(base, address | COPY_ON_WRITE);
      }
    }
  }

  private static boolean coversFrame(Source source, long pa) {
    long base = pa & ~(long) OFFSET;
    return source != null
        && source.region.start() <= base
        && source.region.end() >= base + FRAME_BYTES;
  }

  private Source sourceOf(long pa) {
    int i = firstFrom(pa);
    return i < sources.length && sources[i].region.contains(pa) ? sources[i] : null;
  }

  /** Index of the first region that ends behind {@code pa}, found by halving. */
  private int firstFrom(long pa) {
    int low = 0;
    int high = sources.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sources[middle].region.end(), pa) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("this physical memory is closed");
    }
  }

  @SuppressWarnings("restricted")
  private static MemorySegment everything() {
    return MemorySegment.NULL.reinterpret(Long.MAX_VALUE);
  }
}
