package dev.pagewalk.cli;

import dev.pagewalk.machine.EvictionListener;
import java.util.ArrayList;
import java.util.List;

/** The pages that a replay has given up, in order; of more than a million, the first million. */
final class EvictionList implements EvictionListener {
  private static final int MOST = 1_000_000;

  private final List<Long> pages = new ArrayList<>();

  @Override
  public void evicted(long page, long incoming) {
    if (pages.size() < MOST) {
      pages.add(page & ((1L << PROCESS_SHIFT) - 1));
    }
  }

  /** The pages' numbers: linear address / 4096. */
  List<Long> pages() {
    return pages;
  }
}
