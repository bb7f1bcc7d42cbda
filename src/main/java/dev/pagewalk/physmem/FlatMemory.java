package dev.pagewalk.physmem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.util.Optional;

/**
 * Memory of one region of RAM from address 0, in one reservation of native address space.
 *
 * <p>Every access keeps this object reachable until it is done: the reservation goes when the
 * object does, see {@link Reservation#releaseWith}.
 */
final class FlatMemory extends PhysicalMemory {
  /** Bytes of the widest access, less one. */
  private static final int WIDEST = 7;

  private final Reservation reservation;

  /** Native address of physical address 0. */
  private final long base;

  private final MemorySegment all;

  /** Which lines may hold something; null if nobody keeps that. */
  private final Lines lines;

  /** Native address of {@link #lines}' marks, or 0. */
  private final long marks;

  /** Below it every access of any width lies within the memory; 0 once closed. */
  private long simpleEnd;

  private FlatMemory(
      Reservation reservation, Optional<Reservation> marks, RegionMap regions, Arena images) {
    super(regions, images);
    this.reservation = reservation;
    this.lines = marks.map(at -> new Lines(at, reservation.address())).orElse(null);
    this.marks = lines == null ? 0 : lines.marks;
    base = reservation.address();
    all = NativeMemory.ALL.asSlice(base, regions.end());
    simpleEnd = Math.max(0, regions.end() - WIDEST);
  }

  /**
   * Memory in {@code reservation}, which becomes its own.
   *
   * @param marks for its lines, which become its own too
   */
  static FlatMemory over(
      Reservation reservation, Optional<Reservation> marks, RegionMap regions, Arena images) {
    FlatMemory memory = new FlatMemory(reservation, marks, regions, images);
    reservation.releaseWith(memory);
    if (memory.lines != null) {
      memory.lines.releaseWith(memory);
    }
    return memory;
  }

  @Override
  public Optional<MemorySegment> flat() {
    return Optional.of(all);
  }

  @Override
  public long residentBytes() {
    try {
      return reservation.residentBytes();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int read8(long pa) {
    try {
      return isSimple(pa)
          ? NativeMemory.ALL.get(ValueLayout.JAVA_BYTE, base + pa) & 0xff
          : (int) readSlowly(pa, 1);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int read16(long pa) {
    try {
      return isSimple(pa)
          ? NativeMemory.ALL.get(NativeMemory.SHORT, base + pa) & 0xffff
          : (int) readSlowly(pa, 2);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int read32(long pa) {
    try {
      return isSimple(pa)
          ? NativeMemory.ALL.get(NativeMemory.INT, base + pa)
          : (int) readSlowly(pa, 4);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public long read64(long pa) {
    try {
      return isSimple(pa) ? NativeMemory.ALL.get(NativeMemory.LONG, base + pa) : readSlowly(pa, 8);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void write8(long pa, int value) {
    try {
      if (isSimple(pa)) {
        NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, base + pa, (byte) value);
        mark(pa, 0);
      } else {
        writeSlowly(pa, value, 1);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void write16(long pa, int value) {
    try {
      if (isSimple(pa)) {
        NativeMemory.ALL.set(NativeMemory.SHORT, base + pa, (short) value);
        mark(pa, 1);
      } else {
        writeSlowly(pa, value, 2);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void write32(long pa, int value) {
    try {
      if (isSimple(pa)) {
        NativeMemory.ALL.set(NativeMemory.INT, base + pa, value);
        mark(pa, 3);
      } else {
        writeSlowly(pa, value, 4);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void write64(long pa, long value) {
    try {
      if (isSimple(pa)) {
        NativeMemory.ALL.set(NativeMemory.LONG, base + pa, value);
        mark(pa, 7);
      } else {
        writeSlowly(pa, value, 8);
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public boolean compareAndSet(long pa, long expected, long value) {
    checkAligned(pa);
    try {
      if (!isSimple(pa)) {
        return compareAndSetSlowly(pa, expected, value);
      }
      boolean same = NativeMemory.WORD.compareAndSet(NativeMemory.ALL, base + pa, expected, value);
      mark(pa, 0);
      return same;
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  long pieceAt(long pa, long bytes) {
    return Math.min(bytes, isSimple(pa) ? regions.end() - pa : FRAME_BYTES);
  }

  @Override
  long addressToRead(long pa) {
    return isSimple(pa) ? base + pa : 0;
  }

  @Override
  long addressToWrite(long pa) {
    return addressToRead(pa);
  }

  @Override
  boolean isUntouched(long pa) {
    return false;
  }

  @Override
  Lines lines() {
    return lines;
  }

  @Override
  void reset() {
    try {
      if (lines != null) {
        lines.discard();
      }
      reservation.discard();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  void release() {
    simpleEnd = 0;
    reset();
  }

  /** Marks the lines of the byte at {@code pa} and of the one {@code more} bytes further on. */
  private void mark(long pa, int more) {
    if (marks != 0) {
      Lines.set(marks, pa);
      Lines.set(marks, pa + more);
    }
  }

  private boolean isSimple(long pa) {
    return Long.compareUnsigned(pa, simpleEnd) < 0;
  }

  private long readSlowly(long pa, int bytes) {
    checkOpen();
    long covered = regions.covered(pa, bytes);
    if (covered == RegionMap.ones(bytes)) {
      return NativeMemory.read(base + pa, bytes);
    }
    holeReads.increment();
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      boolean hole = (covered >>> (8 * i) & 1) == 0;
      value |= (hole ? 0xff : NativeMemory.read(base + pa + i, 1)) << (8 * i);
    }
    return value;
  }

  private void writeSlowly(long pa, long value, int bytes) {
    checkOpen();
    long covered = regions.covered(pa, bytes);
    if (covered == RegionMap.ones(bytes)) {
      NativeMemory.write(base + pa, value, bytes);
      mark(pa, bytes - 1);
      return;
    }
    holeWrites.increment();
    for (int i = 0; i < bytes; i++) {
      if ((covered >>> (8 * i) & 1) != 0) {
        NativeMemory.write(base + pa + i, value >>> (8 * i), 1);
        mark(pa + i, 0);
      }
    }
  }

  /**
   * As {@link #compareAndSet}, of a word that is not simple, so wholly or partly a hole: natively
   * the last page's bytes behind the memory are there, and zero.
   */
  private boolean compareAndSetSlowly(long pa, long expected, long value) {
    checkOpen();
    holeReads.increment();
    long covered = regions.covered(pa, 8);
    boolean same =
        (expected | covered) == -1
            && (covered == 0
                || NativeMemory.WORD.compareAndSet(
                    NativeMemory.ALL, base + pa, expected & covered, value & covered));
    if (same) {
      holeWrites.increment();
    }
    if (covered != 0) {
      mark(pa, 0);
    }
    return same;
  }
}
