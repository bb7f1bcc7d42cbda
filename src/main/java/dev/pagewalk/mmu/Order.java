package dev.pagewalk.mmu;

/**
 * The order in which up to 16 ways were used, in one word: 4 bits each, the way used last at the
 * bottom.
 */
final class Order {
  private Order() {}

  /** A 1 in each of {@code ways} places. */
  static long ones(int ways) {
    return 0x1111_1111_1111_1111L >>> (64 - 4 * ways);
  }

  /** {@code order} with {@code way}, which it has, moved to the bottom. */
  static long front(long order, long way, int ways) {
    long ones = ones(ways);
    // The lowest of the places that are 0 in x is where the way stands.
    long x = order ^ way * ones;
    long z = (x - ones) & ~x & (ones << 3);
    long below = ((z & -z) - 1) >>> 3;
    return (order & ~((below << 4) | 15)) | ((order & below) << 4) | way;
  }

  /** The way used longest ago. */
  static long last(long order, int ways) {
    return order >>> (4 * (ways - 1));
  }

  /** {@code order} with the way used longest ago moved to the bottom. */
  static long rotate(long order, int ways) {
    return ((order << 4) & (ones(ways) * 15)) | last(order, ways);
  }

  /** The first of the ways from {@code from} to {@code to - 1}, of which {@code order} has one. */
  static int firstWithin(long order, int from, int to) {
    long rest = order;
    int way = (int) rest & 15;
    while (way < from || way >= to) {
      rest >>>= 4;
      way = (int) rest & 15;
    }
    return way;
  }

  /** Place of {@code way} in {@code order}, which has it: 0 was used last. */
  static int place(long order, int way) {
    int place = 0;
    while (((order >>> (4 * place)) & 15) != way) {
      place++;
    }
    return place;
  }
}
