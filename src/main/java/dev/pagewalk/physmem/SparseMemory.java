package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/** Memory of any regions: each frame gets native memory of its own when it is first written. */
final class SparseMemory extends PhysicalMemory {
  private static final int OFFSET = FRAME_BYTES - 1;

  /** Slot flag: the frame is the image's own and is copied before the first write. */
  private static final long COPY_ON_WRITE = 1L << 62;

  /** Slot flag: regions cover the frame only in part; its other bytes stay all ones. */
  private static final long PARTIAL = 1L << 61;

  private static final long ADDRESS = PARTIAL - 1;

  private final FrameDirectory directory;
  private final FramePool pool = new FramePool();

  SparseMemory(RegionMap regions, Arena images) {
    super(regions, images);
    directory = new FrameDirectory(regions.end());
  }

  @Override
  public Optional<MemorySegment> flat() {
    return Optional.empty();
  }

  @Override
  public long residentBytes() {
    synchronized (lock) {
      long frames = 0;
      for (int i = 0; i < directory.size(); i++) {
        frames += (directory.get(directory.touched(i)) & COPY_ON_WRITE) == 0 ? 1 : 0;
      }
      return frames * FRAME_BYTES;
    }
  }

  @Override
  public int read8(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0) {
      return (int) readSlowly(pa, 1);
    }
    return NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, (slot & ADDRESS) + (pa & OFFSET)) & 0xff;
  }

  @Override
  public int read16(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 2) {
      return (int) readSlowly(pa, 2);
    }
    return NativeMemory.ALL.get(NativeMemory.SHORT, (slot & ADDRESS) + (pa & OFFSET)) & 0xffff;
  }

  @Override
  public int read32(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 4) {
      return (int) readSlowly(pa, 4);
    }
    return NativeMemory.ALL.get(NativeMemory.INT, (slot & ADDRESS) + (pa & OFFSET));
  }

  @Override
  public long read64(long pa) {
    long slot = directory.get(pa);
    if (slot == 0 || (slot & PARTIAL) != 0 || (pa & OFFSET) > FRAME_BYTES - 8) {
      return readSlowly(pa, 8);
    }
    return NativeMemory.ALL.get(NativeMemory.LONG, (slot & ADDRESS) + (pa & OFFSET));
  }

  @Override
  public void write8(long pa, int value) {
    long frame = writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 1);
    } else {
      NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, frame + (pa & OFFSET), (byte) value);
    }
  }

  @Override
  public void write16(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 2 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 2);
    } else {
      NativeMemory.ALL.set(NativeMemory.SHORT, frame + (pa & OFFSET), (short) value);
    }
  }

  @Override
  public void write32(long pa, int value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 4 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 4);
    } else {
      NativeMemory.ALL.set(NativeMemory.INT, frame + (pa & OFFSET), value);
    }
  }

  @Override
  public void write64(long pa, long value) {
    long frame = (pa & OFFSET) > FRAME_BYTES - 8 ? 0 : writable(pa);
    if (frame == 0) {
      writeSlowly(pa, value, 8);
    } else {
      NativeMemory.ALL.set(NativeMemory.LONG, frame + (pa & OFFSET), value);
    }
  }

  @Override
  public boolean compareAndSet(long pa, long expected, long value) {
    checkAligned(pa);
    long slot = directory.get(pa);
    if (slot == 0 || (slot & (COPY_ON_WRITE | PARTIAL)) != 0) {
      return compareAndSetSlowly(pa, expected, value);
    }
    long address = (slot & ADDRESS) + (pa & OFFSET);
    return NativeMemory.WORD.compareAndSet(NativeMemory.ALL, address, expected, value);
  }

  @Override
  long pieceAt(long pa, long bytes) {
    return Math.min(bytes, FRAME_BYTES - (pa & OFFSET));
  }

  @Override
  long addressToRead(long pa) {
    long slot = directory.get(pa);
    if (slot == 0) {
      slot = borrow(pa);
    }
    return slot == 0 || (slot & PARTIAL) != 0 ? 0 : (slot & ADDRESS) + (pa & OFFSET);
  }

  @Override
  long addressToWrite(long pa) {
    long frame = writable(pa);
    return frame == 0 ? 0 : frame + (pa & OFFSET);
  }

  @Override
  boolean isUntouched(long pa) {
    if (directory.get(pa) != 0) {
      return false;
    }
    checkOpen();
    return regions.isZeroFrame(pa & ~(long) OFFSET);
  }

  @Override
  Lines lines() {
    return null;
  }

  @Override
  void reset() {
    for (int i = 0; i < directory.size(); i++) {
      long slot = directory.get(directory.touched(i));
      if ((slot & COPY_ON_WRITE) == 0) {
        NativeMemory.frame(slot & ADDRESS).fill((byte) 0);
        pool.give(slot & ADDRESS);
      }
    }
    directory.clear();
  }

  @Override
  void release() {
    directory.clear();
    pool.close();
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
    synchronized (lock) {
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
    synchronized (lock) {
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
}
