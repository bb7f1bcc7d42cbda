package dev.pagewalk.kernel;

import java.util.TreeSet;

/**
 * Which huge pages of an object have a reservation (resv_map), by their page offset in 4 KiB pages.
 *
 * <p>For a private mapping it holds the offsets whose reservation is used up: all others of the
 * mapping have one. For a shared object it holds the offsets that were reserved, used or not.
 */
final class HugetlbReserve {
  private final TreeSet<Long> offsets = new TreeSet<>();

  boolean contains(long offset) {
    return offsets.contains(offset);
  }

  /** Adds an offset; whether it is new. */
  boolean add(long offset) {
    return offsets.add(offset);
  }

  boolean remove(long offset) {
    return offsets.remove(offset);
  }

  /** How many there are from {@code first} up to {@code end}. */
  long count(long first, long end) {
    return offsets.subSet(first, end).size();
  }

  long size() {
    return offsets.size();
  }
}
