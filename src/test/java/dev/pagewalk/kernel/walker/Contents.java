package dev.pagewalk.kernel.walker;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * What a page holds: four words at fixed places, zeroes everywhere else.
 *
 * <p>A word is 8 bytes, little-endian; an array of four is never changed once it is made.
 */
final class Contents {
  static final long[] ZERO = new long[4];

  /** Where the words lie in the page: its start, its middle and its end. */
  private static final int[] PLACES = {0, 8, 2048, 4088};

  private static final int PAGE = 4096;
  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private Contents() {}

  static int place(int word) {
    return PLACES[word];
  }

  /** The byte at {@code offset} of the page. */
  static int byteAt(long[] words, int offset) {
    int word = wordAt(offset);
    return word < 0 ? 0 : (int) (words[word] >>> (8 * (offset - PLACES[word]))) & 0xff;
  }

  /** {@code words} with the low {@code count} bytes of {@code value} stored at {@code offset}. */
  static long[] store(long[] words, int offset, int count, long value) {
    long[] result = words.clone();
    for (int i = 0; i < count; i++) {
      int word = wordAt(offset + i);
      if (word < 0) {
        throw new IllegalArgumentException("no store at offset " + (offset + i));
      }
      int shift = 8 * (offset + i - PLACES[word]);
      result[word] = (result[word] & ~(0xffL << shift)) | (value >>> (8 * i) & 0xff) << shift;
    }
    return result;
  }

  /** {@code words} with zeroes from {@code from} up to {@code to}, multiples of 2048. */
  static long[] zero(long[] words, int from, int to) {
    long[] result = words.clone();
    for (int word = 0; word < PLACES.length; word++) {
      if (PLACES[word] >= from && PLACES[word] < to) {
        result[word] = 0;
      }
    }
    return result;
  }

  /** Whether {@code page} holds just that. */
  static boolean matches(long[] words, byte[] page) {
    int word = 0;
    for (int at = 0; at < PAGE; at += Long.BYTES) {
      boolean isWord = word < PLACES.length && PLACES[word] == at;
      long expected = isWord ? words[word++] : 0;
      if ((long) WORD.get(page, at) != expected) {
        return false;
      }
    }
    return true;
  }

  static String text(long[] words) {
    return "%x %x %x %x".formatted(words[0], words[1], words[2], words[3]);
  }

  /** The words of a page as a text, and what else is not zero. */
  static String text(byte[] page) {
    long[] words = new long[PLACES.length];
    int strange = -1;
    for (int i = 0; i < PAGE; i++) {
      int word = wordAt(i);
      if (word >= 0) {
        words[word] |= (page[i] & 0xffL) << (8 * (i - PLACES[word]));
      } else if (page[i] != 0) {
        strange = i;
      }
    }
    return text(words) + (strange < 0 ? "" : " and a byte at " + strange);
  }

  private static int wordAt(int offset) {
    for (int word = 0; word < PLACES.length; word++) {
      if (offset >= PLACES[word] && offset < PLACES[word] + Long.BYTES) {
        return word;
      }
    }
    return -1;
  }
}
