package dev.pagewalk.physmem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Which lines of 64 bytes of a flat memory may hold something: a byte for each, 0 where all is zero
 * for sure.
 *
 * <p>A writer stores first and marks then; who clears unmarks first and zeroes then. So a line that
 * is written and cleared at the same time may end as either, but never unmarked with something in
 * it.
 */
final class Lines {
  /** Binary logarithm of a line's bytes. */
  static final int SHIFT = 6;

  static final int BYTES = 1 << SHIFT;

  /** Bytes of the lines whose marks are one word. */
  private static final int GROUP = BYTES * Long.BYTES;

  private static final long ALL_MARKED = 0x0101_0101_0101_0101L;

  private final Reservation reservation;

  /** Native address of the mark of the line at physical address 0. */
  final long marks;

  /** Native address of physical address 0. */
  private final long base;

  /** Marks in {@code reservation}, for a memory whose bytes are at {@code base}. */
  Lines(Reservation reservation, long base) {
    this.reservation = reservation;
    this.marks = reservation.address();
    this.base = base;
  }

  /** Bytes of marks for a memory of {@code bytes} bytes. */
  static long bytesFor(long bytes) {
    return Math.ceilDiv(bytes, GROUP) * Long.BYTES;
  }

  /** Unmaps the marks when {@code owner} is no longer reachable. */
  void releaseWith(Object owner) {
    reservation.releaseWith(owner);
  }

  /** Unmarks all. */
  void discard() {
    reservation.discard();
  }

  /** Marks the lines of the {@code bytes} bytes from {@code pa}, at least one. */
  void mark(long pa, long bytes) {
    long first = pa >>> SHIFT;
    long last = (pa + bytes - 1) >>> SHIFT;
    NativeMemory.ALL.asSlice(marks + first, last - first + 1).fill((byte) 1);
  }

  /** Zeroes the {@code bytes} bytes from {@code pa}, where they are not zero anyway. */
  void zero(long pa, long bytes) {
    long end = pa + bytes;
    long first = Math.min(Math.ceilDiv(pa, GROUP) * GROUP, end);
    long last = Math.max(first, end & -GROUP);
    zeroKeepingMarks(pa, first);
    for (long at = first; at < last; at += GROUP) {
      long marked = word(at);
      if (marked != 0) {
        setWord(at, 0);
        zeroMarked(at, marked);
      }
    }
    zeroKeepingMarks(last, end);
  }

  private void zeroKeepingMarks(long from, long to) {
    if (from < to) {
      NativeMemory.ALL.asSlice(base + from, to - from).fill((byte) 0);
    }
  }

  private void zeroMarked(long pa, long marked) {
    if (marked == ALL_MARKED) {
      NativeMemory.ALL.asSlice(base + pa, GROUP).fill((byte) 0);
      return;
    }
    for (long left = marked; left != 0; left &= left - 1) {
      zeroLine(base + pa + lineOf(left));
    }
  }

  /** Offset of the line whose mark is the lowest in the word. */
  private static long lineOf(long marked) {
    return (long) (Long.numberOfTrailingZeros(marked) >>> 3) << SHIFT;
  }

  private static void zeroLine(long address) {
    for (int i = 0; i < BYTES; i += Long.BYTES) {
      NativeMemory.ALL.set(NativeMemory.LONG, address + i, 0);
    }
  }

  /** Whether {@link #copyFrom} can do it: whole groups of lines. */
  static boolean canCopy(long from, long pa, long bytes) {
    return ((from | pa | bytes) & GROUP - 1) == 0;
  }

  /** Copies whole groups from another memory's lines, or this one's, that do not overlap. */
  void copyFrom(Lines source, long from, long pa, long bytes) {
    for (long done = 0; done < bytes; done += GROUP) {
      long marked = source.word(from + done);
      long there = word(pa + done);
      if ((marked | there) != 0) {
        copyGroup(source, from + done, pa + done, marked);
        zeroMarked(pa + done, there & ~marked);
        setWord(pa + done, marked);
      }
    }
  }

  private void copyGroup(Lines source, long from, long pa, long marked) {
    if (marked == ALL_MARKED) {
      copy(source.base + from, base + pa, GROUP);
      return;
    }
    for (long left = marked; left != 0; left &= left - 1) {
      copy(source.base + from + lineOf(left), base + pa + lineOf(left), BYTES);
    }
  }

  private static void copy(long in, long out, long bytes) {
    MemorySegment.copy(NativeMemory.ALL, in, NativeMemory.ALL, out, bytes);
  }

  /** The marks of the group at {@code pa}. */
  private long word(long pa) {
    return NativeMemory.ALL.get(NativeMemory.LONG, marks + (pa >>> SHIFT));
  }

  private void setWord(long pa, long value) {
    NativeMemory.ALL.set(NativeMemory.LONG, marks + (pa >>> SHIFT), value);
  }

  /** Marks the line of {@code pa}, the marks being at {@code marks}. */
  static void set(long marks, long pa) {
    NativeMemory.ALL.set(ValueLayout.JAVA_BYTE, marks + (pa >>> SHIFT), (byte) 1);
  }
}
