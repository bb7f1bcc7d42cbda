package dev.pagewalk.vectors;

/** 64-bit words of physical memory, each with the bits of it that count. */
final class Words {
  private final long[] addresses;
  private final long[] values;

  /** Null if all bits count. */
  private final long[] care;

  /**
   * Words from tuples.
   *
   * @param tuples address, value and, if {@code width} is 3, mask of the bits that count
   * @param width 2 or 3 longs a word
   */
  Words(long[] tuples, int width) {
    this(tuples, tuples.length, width);
  }

  /** Words from the first {@code length} longs of tuples. */
  Words(long[] tuples, int length, int width) {
    int count = length / width;
    addresses = new long[count];
    values = new long[count];
    care = width == 3 ? new long[count] : null;
    for (int i = 0; i < count; i++) {
      addresses[i] = tuples[i * width];
      values[i] = tuples[i * width + 1];
      if (width == 3) {
        care[i] = tuples[i * width + 2];
      }
    }
  }

  int size() {
    return addresses.length;
  }

  /** Physical address of the {@code i}th word. */
  long address(int i) {
    return addresses[i];
  }

  /** Value of the {@code i}th word, where {@link #care} is 1. */
  long value(int i) {
    return values[i];
  }

  /** The bits of the {@code i}th word that count. */
  long care(int i) {
    return care == null ? -1L : care[i];
  }

  /** A copy of the values. */
  long[] values() {
    return values.clone();
  }

  /** The index of the word at {@code pa}, or -1. */
  int indexOf(long pa) {
    for (int i = 0; i < addresses.length; i++) {
      if (addresses[i] == pa) {
        return i;
      }
    }
    return -1;
  }
}
