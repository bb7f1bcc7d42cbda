package dev.pagewalk.machine.sweep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.curve.LruCurve;
import dev.pagewalk.machine.curve.PageStream;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The cells of a sweep are replays, whoever runs them and whatever runs beside them. */
final class SweepTest {
  private static final List<String> TRACES =
      List.of("zipf:pages=60,count=5000,seed=3", "loop:pages=9,count=900");

  private static final SweepPlan ALONE =
      new SweepPlan(TRACES, List.of("alone"), List.of(""), Policies.names(), List.of(4, 8, 30));

  @Test
  void aGridHasEachCombinationOnce() {
    assertEquals(2 * Policies.names().size() * 3, ALONE.cells().size());
    assertEquals(ALONE.cells().size(), ALONE.cells().stream().distinct().count());
    SweepPlan twice =
        new SweepPlan(
            List.of("a", "a"),
            List.of("alone", "laptop"),
            List.of("skylake", "zen4"),
            List.of("lru", "LRU", "random:seed=1"),
            List.of(3, 3));
    // Two policies; alone without a processor, and a machine with two.
    assertEquals(2 * (1 + 2), twice.cells().size());
  }

  @Test
  void manyThreadsFindWhatOneFinds() throws IOException {
    assertEquals(rows(ALONE, 1), rows(ALONE, 4));
  }

  @Test
  void lruHasTheFaultsOfItsCurve() throws IOException {
    SweepPlan plan =
        new SweepPlan(TRACES, List.of("alone"), List.of(""), List.of("lru"), List.of(2, 9, 40));
    for (SweepResult result : run(plan, 1)) {
      LruCurve curve = LruCurve.of(new PageStream(TraceFiles.open(result.cell().trace())));
      assertEquals(curve.exactFaults(result.cell().frames()), result.faults());
    }
  }

  /** Pages of the trace are read only, and clean for a policy alone: NRU tells them apart. */
  @Test
  void aMachineFaultsWhereThePolicyAloneDoes() throws IOException {
    List<String> policies =
        Policies.names().stream().filter(policy -> !policy.equals("nru")).toList();
    SweepPlan plan =
        new SweepPlan(
            List.of(TRACES.getFirst()),
            List.of("alone", "laptop"),
            List.of(""),
            policies,
            List.of(4, 30));
    List<SweepResult> results = run(plan, 2);
    int half = results.size() / 2;
    for (int i = 0; i < half; i++) {
      SweepResult alone = results.get(i);
      SweepResult machine = results.get(half + i);
      assertEquals(alone.cell().policy(), machine.cell().policy());
      assertEquals(alone.faults(), machine.faults(), machine.cell().toString());
      assertEquals(alone.evictions(), machine.evictions(), machine.cell().toString());
      assertTrue(machine.nanoseconds().signum() > 0);
    }
  }

  @Test
  void aTraceThatIsNotThereEndsTheSweep() {
    SweepPlan plan =
        new SweepPlan(
            List.of("nothing.pwt"), List.of("alone"), List.of(""), List.of("lru"), List.of(2));
    assertThrows(InputException.class, plan::id);
    assertThrows(InputException.class, () -> run(plan, 2));
  }

  @Test
  void shardsHaveEachCellOnceCountedFrom0OrFrom1() {
    for (int from = 0; from <= 1; from++) {
      List<SweepCell> all = new ArrayList<>();
      for (int i = from; i < from + 5; i++) {
        all.addAll(SweepShard.parse(i + "/5").of(ALONE.cells()));
      }
      all.sort(Comparator.comparingInt(SweepCell::number));
      assertEquals(ALONE.cells(), all);
    }
    for (String text : new String[] {"", "1", "6/5", "1/0", "-1/5", "a/5", "1/5/5"}) {
      assertThrows(IllegalArgumentException.class, () -> SweepShard.parse(text), text);
    }
  }

  @Test
  void framesAreWrittenInFourWays() {
    assertEquals(List.of(4, 6, 8), FrameCounts.parse("4,6,8"));
    assertEquals(List.of(1, 2, 3), FrameCounts.parse("1..3"));
    assertEquals(List.of(100, 200, 300, 7), FrameCounts.parse("100..399+100,7"));
    assertEquals(List.of(16, 32, 64), FrameCounts.parse("16..64*2"));
    for (String text : new String[] {"", "0", "4,", "3..2", "1..9*1", "1..9+0", "x", "1.5"}) {
      assertThrows(IllegalArgumentException.class, () -> FrameCounts.parse(text), text);
    }
  }

  private static List<String> rows(SweepPlan plan, int jobs) throws IOException {
    return run(plan, jobs).stream()
        .map(result ->
            SweepCsv.row(new SweepCsv.Place("0".repeat(16), result.cell().number(), 99), result))
        .toList();
  }

  private static List<SweepResult> run(SweepPlan plan, int jobs) throws IOException {
    List<SweepResult> results = new ArrayList<>();
    new Sweep(jobs, TraceOptions.standard()).run(plan.cells(), results::add);
    results.sort(Comparator.comparingInt(result -> result.cell().number()));
    return results;
  }
}
