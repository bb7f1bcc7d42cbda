package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

/** Generators draw by the laws that they are named after. */
final class GeneratorStatisticsTest {
  private static final long BASE = 0x1000_0000;

  /** Standard deviations of a chi-square that a sound generator exceeds once in some billions. */
  private static final double SIGMAS = 6;

  @Test
  void uniformPagesAreAllAsFrequent() throws IOException {
    double[] law = new double[1000];
    Arrays.fill(law, 1.0 / 1000);
    for (int seed = 1; seed <= 5; seed++) {
      follows(law, frequencies("uniform:pages=1000,count=1M,seed=" + seed, 1000));
    }
  }

  @Test
  void zipfPagesFollowTheLaw() throws IOException {
    for (String s : new String[] {"0", "0.5", "0.99", "1", "1.5", "3"}) {
      double[] law = zipf(300, Double.parseDouble(s));
      String name = "zipf:pages=300,count=1M,seed=9,s=" + s;
      follows(law, frequencies(name, 300));
    }
  }

  @Test
  void theLawIsTestedForWhatItIs() throws IOException {
    // A neighbouring law is told apart, so that the test above can fail.
    double chi = chiSquare(zipf(300, 1.02), frequencies("zipf:pages=300,count=1M,s=1", 300));
    assertTrue(chi > bound(300), "chi-square " + chi);
  }

  @Test
  void shuffledZipfHasTheSameFrequenciesElsewhere() throws IOException {
    long[] plain = frequencies("zipf:pages=100,count=200k,seed=3", 100);
    long[] shuffled = frequencies("zipf:pages=100,count=200k,seed=3,shuffle=yes", 100);
    assertTrue(!Arrays.equals(plain, shuffled));
    Arrays.sort(plain);
    Arrays.sort(shuffled);
    assertEquals(Arrays.toString(plain), Arrays.toString(shuffled));
  }

  @Test
  void aChaseIsOneCycleThroughAllPages() throws IOException {
    for (int pages : new int[] {1, 2, 3, 10, 1000}) {
      for (int seed = 1; seed <= 5; seed++) {
        long[] order =
            pages("chase:pages=" + pages + ",count=" + (3 * pages) + ",seed=" + seed, 3 * pages);
        BitSet seen = new BitSet();
        for (int i = 0; i < pages; i++) {
          seen.set((int) order[i]);
          assertEquals(order[i], order[i + pages]);
          assertEquals(order[i], order[i + (2 * pages)]);
        }
        assertEquals(pages, seen.cardinality());
      }
    }
  }

  @Test
  void eachPhaseHasAWorkingSetOfItsOwn() throws IOException {
    int length = 2000;
    long[] pages = pages("phases:pages=1000,set=20,length=2000,count=20k", 10 * length);
    BitSet before = new BitSet();
    for (int phase = 0; phase < 10; phase++) {
      BitSet set = new BitSet();
      for (int i = 0; i < length; i++) {
        set.set((int) pages[(phase * length) + i]);
      }
      assertEquals(20, set.cardinality());
      assertTrue(!set.equals(before));
      before = set;
    }
  }

  @Test
  void loopsAndStridesGoRound() throws IOException {
    long[] loop = pages("loop:pages=7,count=100", 100);
    long[] sequential = pages("sequential:pages=7,count=100", 100);
    for (int i = 0; i < 100; i++) {
      assertEquals(i % 7, loop[i]);
      assertEquals(i % 7, sequential[i]);
    }
    assertEquals(7, pages("sequential:pages=7", 7).length);
    long[] stride = pages("stride:pages=10,stride=3Ki,count=50", 50);
    for (int i = 0; i < 50; i++) {
      assertEquals((i * 3072L) % 40960 / 4096, stride[i]);
    }
  }

  @Test
  void kindsComeInTheirSharesAndLeaveTheAddressesAlone() throws IOException {
    var summary = new TraceSummary();
    read("uniform:pages=50,count=1M,seed=4,write=0.3,fetch=0.1", summary);
    assertNear(300_000, summary.ofKind(AccessBatch.WRITE), 3000);
    assertNear(100_000, summary.ofKind(AccessBatch.FETCH), 2000);
    long[] mixed = pages("uniform:pages=50,count=1k,seed=4,write=0.3", 1000);
    long[] reads = pages("uniform:pages=50,count=1k,seed=4", 1000);
    assertEquals(Arrays.toString(reads), Arrays.toString(mixed));
  }

  @Test
  void mixturesFollowTheirWeightsAndRuns() throws IOException {
    var summary = new TraceSummary();
    read(
        "mix:count=1M,run=10+loop:process=0,weight=7+uniform:process=2,weight=2.5+chase:process=1,weight=.5",
        summary);
    assertNear(700_000, summary.accesses(0), 10_000);
    assertNear(50_000, summary.accesses(1), 4_000);
    assertNear(250_000, summary.accesses(2), 10_000);
  }

  @Test
  void processesTakeTurns() throws IOException {
    AccessBatch batch = new AccessBatch();
    try (TraceReader reader = TraceFiles.open("uniform:processes=3,slice=5,count=100")) {
      assertTrue(reader.read(batch));
    }
    for (int i = 0; i < 100; i++) {
      assertEquals(i / 5 % 3, AccessBatch.process(batch.what[i]));
    }
    assertTrue(batch.address[0] != batch.address[5], "seeds of their own");
  }

  private static void assertNear(long expected, long found, long most) {
    assertTrue(Math.abs(found - expected) <= most, found + " rather than " + expected);
  }

  private static void follows(double[] law, long[] frequencies) {
    double chi = chiSquare(law, frequencies);
    assertTrue(chi < bound(law.length), "chi-square " + chi + " of " + law.length);
  }

  /** A chi-square of n - 1 degrees of freedom has this mean, and the variance 2 (n - 1). */
  private static double bound(int cells) {
    return (cells - 1) + (SIGMAS * Math.sqrt(2.0 * (cells - 1)));
  }

  private static double chiSquare(double[] law, long[] frequencies) {
    long count = 0;
    for (long frequency : frequencies) {
      count += frequency;
    }
    double chi = 0;
    double rareLaw = 0;
    long rare = 0;
    for (int i = 0; i < law.length; i++) {
      // Cells that are rare are taken together, as the test needs.
      rareLaw += law[i];
      rare += frequencies[i];
      if (rareLaw * count >= 20) {
        double expected = rareLaw * count;
        chi += (rare - expected) * (rare - expected) / expected;
        rareLaw = 0;
        rare = 0;
      }
    }
    return chi;
  }

  private static double[] zipf(int pages, double s) {
    double[] law = new double[pages];
    double sum = 0;
    for (int i = 0; i < pages; i++) {
      law[i] = Math.pow(i + 1, -s);
      sum += law[i];
    }
    for (int i = 0; i < pages; i++) {
      law[i] /= sum;
    }
    return law;
  }

  private static long[] frequencies(String name, int pages) throws IOException {
    long[] frequencies = new long[pages];
    AccessBatch batch = new AccessBatch();
    try (TraceReader reader = TraceFiles.open(name)) {
      while (reader.read(batch)) {
        for (int i = 0; i < batch.size; i++) {
          frequencies[(int) ((batch.address[i] - BASE) >>> 12)]++;
        }
      }
    }
    return frequencies;
  }

  private static long[] pages(String name, int count) throws IOException {
    long[] pages = new long[count];
    AccessBatch batch = new AccessBatch();
    int at = 0;
    try (TraceReader reader = TraceFiles.open(name)) {
      while (reader.read(batch)) {
        for (int i = 0; i < batch.size; i++) {
          pages[at++] = (batch.address[i] - BASE) >>> 12;
        }
      }
    }
    assertEquals(count, at);
    return pages;
  }

  private static void read(String name, TraceSummary summary) throws IOException {
    AccessBatch batch = new AccessBatch();
    try (TraceReader reader = TraceFiles.open(name)) {
      while (reader.read(batch)) {
        summary.add(batch);
      }
    }
  }
}
