package dev.pagewalk.machine.curve;

import java.io.IOException;
import java.util.Arrays;

/**
 * Faults of exact LRU for every number of frames, from one pass over a trace: an access faults if
 * its stack distance is greater than the number of frames.
 */
public final class LruCurve implements MissCurve {
  private final StackDistances distances = new StackDistances();

  /** How many accesses had each distance; those at 0 are first accesses. */
  private long[] counts = new long[1024];

  private long accesses;

  /** Of a trace without accesses, so far. */
  public LruCurve() {}

  /** Of the rest of a trace. */
  public static LruCurve of(PageStream trace) throws IOException {
    LruCurve curve = new LruCurve();
    int[] batch = new int[PageStream.CAPACITY];
    for (int count = trace.next(batch); count > 0; count = trace.next(batch)) {
      curve.add(batch, count);
    }
    return curve;
  }

  /**
   * Appends accesses.
   *
   * @param batch as {@link PageStream#next} gives them
   * @param count how many there are
   */
  public void add(int[] batch, int count) {
    for (int i = 0; i < count; i++) {
      int access = batch[i];
      int distance = distances.access(access < 0 ? ~access : access);
      if (distance >= counts.length) {
        counts = Arrays.copyOf(counts, 2 * distance);
      }
      counts[distance]++;
    }
    accesses += count;
  }

  @Override
  public long accesses() {
    return accesses;
  }

  @Override
  public long pages() {
    return distances.pages();
  }

  @Override
  public double faults(long frames) {
    return (double) exactFaults(frames);
  }

  /** How many accesses fault with so many frames. */
  public long exactFaults(long frames) {
    long faults = accesses;
    for (int distance = 1; distance < counts.length && distance <= frames; distance++) {
      faults -= counts[distance];
    }
    return faults;
  }

  @Override
  public void forEachStep(Step step) throws IOException {
    long faults = accesses;
    for (int distance = 1; distance <= distances.pages(); distance++) {
      long hits = distance < counts.length ? counts[distance] : 0;
      faults -= hits;
      if (hits > 0 || distance == 1) {
        step.at(distance, (double) faults);
      }
    }
  }
}
