package dev.pagewalk.machine.curve;

import dev.pagewalk.kernel.policy.LongIntMap;
import java.io.IOException;
import java.util.Arrays;

/**
 * An estimate of {@link LruCurve} from a sample of the pages: for traces with more pages than one
 * wants to keep track of. A page is in the sample if a hash of it is below a threshold, always or
 * never, so that distances in the sample are distances in the trace divided by what the threshold
 * lets through.
 *
 * <p>C. A. Waldspurger, N. Park, A. Garthwaite, I. Ahmad, "Efficient MRC construction with SHARDS",
 * USENIX Conference on File and Storage Technologies, 2015: with a fixed rate, or with a fixed
 * number of pages, where the threshold falls whenever there would be more; and with its correction,
 * which takes accesses missing from the sample, or too many in it, as hits of the smallest memory.
 */
public final class SampledCurve implements MissCurve {
  private static final int HASH_BITS = 24;
  private static final int FULL = 1 << HASH_BITS;

  /** Classes of distances; when they do not suffice, a class has twice as many distances. */
  private static final int CLASSES = 1 << 16;

  private final StackDistances distances = new StackDistances();
  private final LongIntMap numbers = new LongIntMap();
  private final HashHeap sample = new HashHeap();
  private final int mostPages;

  /** Pages whose hash is below this are in the sample. */
  private int threshold;

  /** Accesses of the sample by distance, each as many as those it stands for. */
  private final double[] counts = new double[CLASSES];

  /** Distances in a class, as a power of two. */
  private int classBits;

  private double sampled;
  private double pages;
  private long accesses;

  private SampledCurve(int threshold, int mostPages) {
    this.threshold = threshold;
    this.mostPages = mostPages;
  }

  /**
   * A sample of a fixed part of the pages.
   *
   * @param rate which part: above 0, at most 1
   */
  public static SampledCurve atRate(double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("expected a rate above 0, at most 1");
    }
    return new SampledCurve(Math.max(1, (int) Math.round(rate * FULL)), Integer.MAX_VALUE);
  }

  /**
   * A sample of so many pages at most.
   *
   * @param pages from 1
   */
  public static SampledCurve ofPages(int pages) {
    if (pages < 1) {
      throw new IllegalArgumentException("expected at least one page");
    }
    return new SampledCurve(FULL, pages);
  }

  /** Appends the rest of a trace. */
  public SampledCurve add(PageStream trace) throws IOException {
    long[] batch = new long[PageStream.CAPACITY];
    for (int count = trace.nextKeys(batch); count > 0; count = trace.nextKeys(batch)) {
      add(batch, count);
    }
    return this;
  }

  /**
   * Appends accesses.
   *
   * @param batch a word for each, the same for the same page
   * @param count how many there are
   */
  public void add(long[] batch, int count) {
    for (int i = 0; i < count; i++) {
      int hash = hash(batch[i]);
      if (hash < threshold) {
        access(batch[i], hash);
      }
    }
    accesses += count;
  }

  private void access(long page, int hash) {
    int number = numbers.get(page);
    if (number == LongIntMap.NONE) {
      number = sample.add(page, hash);
      numbers.put(page, number);
    }
    int distance = distances.access(number);
    double weight = (double) FULL / threshold;
    sampled += weight;
    if (distance == StackDistances.FIRST) {
      pages += weight;
    } else {
      count(Math.round(distance * weight), weight);
    }
    if (sample.size() > mostPages) {
      lower();
    }
  }

  /** Takes the pages with the greatest hash out; those that are left stand for more. */
  private void lower() {
    int newThreshold = sample.greatest();
    while (sample.size() > 0 && sample.greatest() == newThreshold) {
      distances.forget(sample.greatestNumber());
      numbers.remove(sample.greatestKey());
      sample.removeGreatest();
    }
    threshold = Math.max(newThreshold, 1);
  }

  private void count(long distance, double weight) {
    while (distance >> classBits >= CLASSES) {
      for (int i = 0; i < CLASSES / 2; i++) {
        counts[i] = counts[2 * i] + counts[2 * i + 1];
      }
      Arrays.fill(counts, CLASSES / 2, CLASSES, 0);
      classBits++;
    }
    counts[(int) (distance >> classBits)] += weight;
  }

  /** The part of the pages that is in the sample now. */
  public double rate() {
    return (double) threshold / FULL;
  }

  /** How many pages are in the sample. */
  public int sampledPages() {
    return sample.size();
  }

  @Override
  public long accesses() {
    return accesses;
  }

  @Override
  public long pages() {
    return Math.round(pages);
  }

  /** The faults of the sample, and all that the sample does not have as hits. */
  @Override
  public double faults(long frames) {
    double faults = sampled;
    for (int i = 0; i < CLASSES && i <= frames >> classBits; i++) {
      faults -= counts[i];
    }
    return Math.clamp(faults, 0, (double) accesses);
  }

  @Override
  public void forEachStep(Step step) throws IOException {
    double faults = sampled;
    int first = classBits == 0 ? 1 : 0;
    for (int i = first; i < CLASSES; i++) {
      faults -= counts[i];
      if (counts[i] > 0 || i == first) {
        step.at(Math.max(1, (long) i << classBits), Math.clamp(faults, 0, (double) accesses));
      }
    }
  }

  /** The last step of a mixing function: D. Stafford's variant 13 of MurmurHash3's. */
  private static int hash(long key) {
    long mixed = key + 0x9e37_79b9_7f4a_7c15L;
    mixed = (mixed ^ (mixed >>> 30)) * 0xbf58_476d_1ce4_e5b9L;
    mixed = (mixed ^ (mixed >>> 27)) * 0x94d0_49bb_1331_11ebL;
    return (int) ((mixed ^ (mixed >>> 31)) >>> (Long.SIZE - HASH_BITS));
  }
}
