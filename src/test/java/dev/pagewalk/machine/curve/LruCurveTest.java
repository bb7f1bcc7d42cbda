package dev.pagewalk.machine.curve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.policy.PolicySimulation;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One pass gives the faults that LRU has with each number of frames. */
final class LruCurveTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void theCurveIsThatOfSimulations(int seed) throws IOException {
    Random random = new Random(seed);
    int pages = 1 + random.nextInt(80);
    int[] trace = random.ints(3000, 0, pages).map(page -> page * page / pages).toArray();
    LruCurve curve = new LruCurve();
    curve.add(trace, trace.length);
    long before = Long.MAX_VALUE;
    for (int frames = 1; frames <= pages + 1; frames++) {
      long faults = PolicySimulation.run("lru", frames, trace).faults();
      assertEquals(faults, curve.exactFaults(frames), frames + " frames");
      assertTrue(faults <= before, "with more frames");
      before = faults;
    }
    List<Long> stepped = new ArrayList<>();
    curve.forEachStep((frames, faults) -> {
      assertEquals((double) curve.exactFaults(frames), faults);
      stepped.add(frames);
    });
    assertEquals(new TreeSet<>(stepped).stream().toList(), stepped, "in ascending order, once");
    assertEquals(1, stepped.getFirst());
  }

  @Test
  void sixFitAndSevenCollapse() {
    int[] loop = new int[700];
    Arrays.setAll(loop, i -> i % 7);
    LruCurve curve = new LruCurve();
    curve.add(loop, loop.length);
    assertEquals(1, curve.missRatio(6));
    assertEquals(0.01, curve.missRatio(7));
  }

  @Test
  void accessesAcrossTwoPagesAreTwoAndProcessesShareNoPage() throws IOException {
    String csv = "1,R,0xffe,4\n2,R,0x1000,1\n1,W,0x1000,1\n";
    try (TraceReader trace = Csv.open(csv)) {
      PageStream pages = new PageStream(trace);
      int[] batch = new int[PageStream.CAPACITY];
      assertEquals(4, pages.next(batch));
      assertEquals(
          List.of(0, 1, 2, PolicySimulation.write(1)), Arrays.stream(batch, 0, 4).boxed().toList());
      assertEquals(0, pages.next(batch));
      assertEquals(3, pages.accesses());
      assertEquals(4, pages.pageAccesses());
      assertEquals(3, pages.pages());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "zipf:pages=40000,count=400000,seed=1; 0.01",
        "uniform:pages=30000,count=400000,seed=2; 0.01",
        // All of its curve is one cliff, which stands a little beside its place.
        "sequential:pages=20000,count=200000; 0.06"
      })
  void samplesAreNearTheExactCurve(String trace, double tolerance) throws IOException {
    LruCurve exact = LruCurve.of(pages(trace));
    SampledCurve all = SampledCurve.atRate(1).add(pages(trace));
    SampledCurve rate = SampledCurve.atRate(0.1).add(pages(trace));
    SampledCurve size = SampledCurve.ofPages(2000).add(pages(trace));
    assertEquals(2000, size.sampledPages());
    assertTrue(size.rate() < 0.2, "rate " + size.rate());
    double rateError = 0;
    double sizeError = 0;
    int points = 0;
    for (long frames = 100; frames < exact.pages(); frames += 100) {
      assertEquals(exact.missRatio(frames), all.missRatio(frames), 1e-9, "nothing is left out");
      rateError += Math.abs(exact.missRatio(frames) - rate.missRatio(frames));
      sizeError += Math.abs(exact.missRatio(frames) - size.missRatio(frames));
      points++;
    }
    System.out.printf(
        "[pagewalk] %s: mean error of the miss ratio %.4f at rate 0.1, %.4f with 2000 pages%n",
        trace, rateError / points, sizeError / points);
    assertTrue(rateError / points < tolerance, "mean error " + rateError / points);
    assertTrue(sizeError / points < tolerance, "mean error " + sizeError / points);
    double pages = exact.pages();
    assertEquals(1, rate.pages() / pages, 0.05);
    assertEquals(1, size.pages() / pages, 0.08);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void workingSetsAreAveragesOfWhatTheWindowHas(int seed) {
    Random random = new Random(seed);
    int[] trace = random.ints(500, 0, 1 + 20 * seed).toArray();
    WorkingSet set = new WorkingSet();
    set.add(trace, trace.length);
    for (int bits = 0; bits < 11; bits++) {
      double sum = 0;
      for (int end = 1; end <= trace.length; end++) {
        int from = Math.max(0, end - (1 << bits));
        sum += Arrays.stream(trace, from, end).distinct().count();
      }
      assertEquals(sum / trace.length, set.averageSize(bits), 1e-9, "window 2^" + bits);
    }
  }

  private static PageStream pages(String trace) throws IOException {
    return new PageStream(TraceFiles.open(trace));
  }
}
