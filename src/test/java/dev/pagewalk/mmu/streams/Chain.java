package dev.pagewalk.mmu.streams;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries on the way of a linear address, from the root table down, each of some time.
 *
 * @param linearAddress after linear-address masking
 * @param entries their values
 */
record Chain(long linearAddress, List<Long> entries) {
  /** No entry yet. */
  static Chain of(long linearAddress) {
    return new Chain(linearAddress, List.of());
  }

  /** This chain and {@code entry} below. */
  Chain plus(long entry) {
    List<Long> longer = new ArrayList<>(entries);
    longer.add(entry);
    return new Chain(linearAddress, longer);
  }
}
