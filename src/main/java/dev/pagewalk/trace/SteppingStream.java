package dev.pagewalk.trace;

/**
 * Addresses at equal distances, from the beginning of a region to its end and again: a sequential
 * scan, a stride, or a loop over pages, by the distance.
 */
final class SteppingStream implements AddressStream {
  private final long bytes;
  private final long step;
  private long at;

  /**
   * A stream over {@code bytes} bytes.
   *
   * @param step bytes from an access to the next, from 1 to {@code bytes}; what goes beyond the end
   *     of the region goes on as far from its beginning
   */
  SteppingStream(long bytes, long step) {
    this.bytes = bytes;
    this.step = step;
  }

  @Override
  public void next(long[] to, int start, int count) {
    long place = at;
    for (int i = start; i < start + count; i++) {
      to[i] = place;
      place += step;
      place -= place >= bytes ? bytes : 0;
    }
    at = place;
  }
}
