package dev.pagewalk.machine.curve;

import java.util.Arrays;

/**
 * LRU stack distances: how many different pages were accessed since a page's last access, that page
 * counted too. With at least so many frames, LRU has it resident.
 *
 * <p>R. L. Mattson et al., "Evaluation techniques for storage hierarchies", IBM Systems Journal
 * 9(2), 1970. A bit for each time says whether it is the last access of its page so far; the
 * distance is the number of bits since. They are counted by a tree of sums over 64-bit words (P. M.
 * Fenwick, "A new data structure for cumulative frequency tables", 1994): O(log n) an access, n the
 * number of pages. When the times run out, they are dealt out anew, close together.
 */
public final class StackDistances {
  /** The distance of a page that was never accessed. */
  public static final int FIRST = 0;

  private static final int LEAST_TIMES = 1 << 12;
  private static final int WORD_BITS = 6;

  /** How many times there are for each page, when they are dealt out. */
  private static final int ROOM = 8;

  /** The time of each page's last access, plus 1; 0 if there is none. */
  private int[] timeOf = new int[1024];

  /** The page accessed at each time. */
  private int[] pageAt = new int[LEAST_TIMES];

  /** A bit for each time. */
  private long[] last = new long[LEAST_TIMES >> WORD_BITS];

  /** Sums of bits of words, from 1, as a Fenwick tree has them. */
  private int[] sums = new int[last.length + 1];

  private int now;
  private int pages;

  /** Nothing has been accessed. */
  public StackDistances() {}

  /**
   * A page is accessed.
   *
   * @param page a number from 0; they should be dense
   * @return its distance, from 1; {@link #FIRST} if it is its first access
   */
  public int access(int page) {
    if (page >= timeOf.length) {
      timeOf = Arrays.copyOf(timeOf, Math.max(page + 1, 2 * timeOf.length));
    }
    if (now == pageAt.length) {
      compact();
    }
    int before = timeOf[page] - 1;
    int distance;
    if (before < 0) {
      distance = FIRST;
      pages++;
    } else {
      distance = pages - upTo(before) + 1;
      if (distance == 1) {
        return 1; // The page on top stays there, at its time.
      }
      clear(before);
    }
    timeOf[page] = now + 1;
    pageAt[now] = page;
    last[now >> WORD_BITS] |= 1L << now;
    add(now >> WORD_BITS, 1);
    now++;
    return distance;
  }

  /** Forgets a page that has been accessed, as if it never had been. */
  public void forget(int page) {
    clear(timeOf[page] - 1);
    timeOf[page] = 0;
    pages--;
  }

  /** How many pages have been accessed. */
  public int pages() {
    return pages;
  }

  /** How many pages had their last access at a time or before it. */
  private int upTo(int time) {
    int word = time >> WORD_BITS;
    // Bits of the word up to and with this one's; a shift counts modulo 64.
    int sum = Long.bitCount(last[word] << (Long.SIZE - 1 - time));
    for (; word > 0; word &= word - 1) {
      sum += sums[word];
    }
    return sum;
  }

  private void clear(int time) {
    last[time >> WORD_BITS] &= ~(1L << time);
    add(time >> WORD_BITS, -1);
  }

  private void add(int word, int count) {
    for (int i = word + 1; i < sums.length; i += i & -i) {
      sums[i] += count;
    }
  }

  /** Deals out times anew, 0 to the page accessed longest ago. */
  private void compact() {
    int times = Math.max(LEAST_TIMES, Math.multiplyExact(Integer.highestOneBit(pages), ROOM));
    int[] newPageAt = times == pageAt.length ? pageAt : new int[times];
    int to = 0;
    for (int word = 0; word < last.length; word++) {
      for (long bits = last[word]; bits != 0; bits &= bits - 1) {
        int page = pageAt[(word << WORD_BITS) + Long.numberOfTrailingZeros(bits)];
        newPageAt[to++] = page;
        timeOf[page] = to;
      }
    }
    pageAt = newPageAt;
    now = to;
    last = new long[times >> WORD_BITS];
    sums = new int[last.length + 1];
    for (int time = 0; time < to; time++) {
      last[time >> WORD_BITS] |= 1L << time;
    }
    for (int i = 1; i < sums.length; i++) {
      sums[i] += Long.bitCount(last[i - 1]);
      int parent = i + (i & -i);
      if (parent < sums.length) {
        sums[parent] += sums[i];
      }
    }
  }
}
