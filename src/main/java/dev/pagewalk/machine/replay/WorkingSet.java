package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.policy.LongIntMap;
import java.util.Arrays;

/**
 * The working set W(t, tau): how many pages were accessed by the last tau page accesses, exactly
 * (Denning, "The Working Set Model for Program Behavior").
 */
public final class WorkingSet {
  /** Largest window, in page accesses: it takes four bytes for each. */
  public static final int MOST_TAU = 1 << 26;

  private final LongIntMap pages = new LongIntMap();

  /** The pages of the last accesses, one after another. */
  private final int[] window;

  /** By page: the number of its last access, from 1; 0 if there was none. */
  private long[] last = new long[1024];

  private long now;
  private int size;

  /**
   * An empty working set.
   *
   * @param tau its window, 1 to {@link #MOST_TAU} page accesses
   */
  public WorkingSet(int tau) {
    if (tau < 1 || tau > MOST_TAU) {
      throw new IllegalArgumentException("expected a window of 1 to " + MOST_TAU);
    }
    window = new int[tau];
  }

  /** A page is accessed. */
  public void accessed(int process, long address) {
    int page = pages.number(PageKey.of(process, address));
    if (page >= last.length) {
      last = Arrays.copyOf(last, 2 * last.length);
    }
    int place = (int) (now % window.length);
    if (now >= window.length && last[window[place]] == now + 1 - window.length) {
      size--;
    }
    now++;
    boolean inWindow = last[page] != 0 && last[page] > now - window.length;
    size += inWindow ? 0 : 1;
    last[page] = now;
    window[place] = page;
  }

  /** How many pages it has now. */
  public int size() {
    return size;
  }

  /** How many pages were ever accessed. */
  public int allPages() {
    return pages.size();
  }
}
