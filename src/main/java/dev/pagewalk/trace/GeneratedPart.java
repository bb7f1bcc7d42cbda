package dev.pagewalk.trace;

/**
 * One part of a generated trace: where its accesses go, of which kinds they are, and whose.
 *
 * <p>Kinds are drawn from a stream of their own, so that the same seed gives the same addresses
 * whatever the share of writes.
 */
final class GeneratedPart {
  private final AddressStream stream;
  private final long base;
  private final double write;
  private final double fetch;
  private final int read;
  private final SplitMix kinds;

  /**
   * A part.
   *
   * @param base the address of the region's first byte
   * @param shares the shares of writes and fetches, from 0 to 1; the rest are reads
   * @param read what a read is, as {@link AccessBatch#what} packs it: its size and process
   */
  GeneratedPart(AddressStream stream, long base, Shares shares, int read) {
    this.stream = stream;
    this.base = base;
    this.write = shares.write;
    this.fetch = shares.write + shares.fetch;
    this.read = read;
    kinds = new SplitMix(SplitMix.derive(shares.seed, 1));
  }

  /** Which kinds of access, from 0 to 1, and the seed by which they are drawn. */
  record Shares(double write, double fetch, long seed) {}

  /** Adds {@code count} accesses, for which there is room. */
  void fill(AccessBatch batch, int count) {
    int start = batch.size;
    int end = start + count;
    long[] addresses = batch.address;
    stream.next(addresses, start, count);
    for (int i = start; i < end; i++) {
      addresses[i] += base;
      batch.what[i] = read;
    }
    if (fetch > 0) {
      for (int i = start; i < end; i++) {
        double drawn = kinds.unit();
        batch.what[i] |= drawn < write ? AccessBatch.WRITE : drawn < fetch ? AccessBatch.FETCH : 0;
      }
    }
    batch.size = end;
  }
}
