package dev.pagewalk.kernel;

import java.util.Arrays;
import java.util.List;

/**
 * The NUMA node of each physical address, for whoever counts accesses: a table that is indexed by
 * the address's upper bits.
 *
 * <p>Where the nodes begin at such odd addresses that the table would be immense, their starts are
 * searched instead.
 */
public final class NodeMap {
  private static final int MOST_ENTRIES = 1 << 16;

  private final long[] starts;
  private final byte[] table;
  private final int shift;

  NodeMap(List<Long> starts) {
    this.starts = starts.stream().mapToLong(Long::longValue).toArray();
    long bits = Arrays.stream(this.starts).reduce(0, (a, b) -> a | b);
    shift = bits == 0 ? 63 : Long.numberOfTrailingZeros(bits);
    long entries = (this.starts[this.starts.length - 1] >>> shift) + 1;
    table = new byte[entries > MOST_ENTRIES ? 0 : (int) entries];
    for (int i = 0; i < table.length; i++) {
      table[i] = (byte) search((long) i << shift);
    }
  }

  /** The node that has the memory at {@code physicalAddress}. */
  public int nodeOf(long physicalAddress) {
    long index = physicalAddress >>> shift;
    if (Long.compareUnsigned(index, table.length) < 0) {
      return table[(int) index];
    }
    return table.length > 0 ? starts.length - 1 : search(physicalAddress);
  }

  /** The last node that begins at or below the address. */
  private int search(long physicalAddress) {
    int node = starts.length - 1;
    while (Long.compareUnsigned(starts[node], physicalAddress) > 0) {
      node--;
    }
    return node;
  }
}
