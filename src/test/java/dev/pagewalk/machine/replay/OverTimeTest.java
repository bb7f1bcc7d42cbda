package dev.pagewalk.machine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a replay shows over time: working sets, the series, the heat map. */
class OverTimeTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 50, 400})
  void theWorkingSetIsTheSetOfPagesInTheWindow(int tau) {
    Random random = new Random(tau);
    long[] pages = random.longs(1000, 0, 60).toArray();
    WorkingSet set = new WorkingSet(tau);
    for (int i = 0; i < pages.length; i++) {
      set.accessed(0, pages[i] << 12);
      long[] window = Arrays.copyOfRange(pages, Math.max(0, i + 1 - tau), i + 1);
      assertEquals(Arrays.stream(window).boxed().collect(Collectors.toSet()).size(), set.size());
    }
    assertEquals(60, set.allPages());
  }

  @Test
  void pagesOfTwoProcessesAreDifferentPages() {
    WorkingSet set = new WorkingSet(10);
    set.accessed(0, 0x1000);
    set.accessed(1, 0x1fff);
    set.accessed(1, 0x1000);
    assertEquals(2, set.size());
  }

  @Test
  void aHeatMapLosesNoAccess() {
    HeatMap map = new HeatMap();
    Random random = new Random(1);
    int accesses = 100_000;
    for (int i = 0; i < accesses; i++) {
      map.accessed(random.nextInt(2), (random.nextLong() & 0x7fff_ffffL) + 0x5555_0000_0000L);
    }
    long[] pages = map.firstPages();
    assertTrue(pages.length > HeatMap.ROWS / 4 && pages.length <= HeatMap.ROWS);
    assertTrue(map.columns() > HeatMap.COLUMNS / 2 && map.columns() <= HeatMap.COLUMNS);
    long sum = 0;
    for (int row = 0; row < pages.length; row++) {
      sum += Arrays.stream(map.row(row)).sum();
    }
    assertEquals(accesses, sum);
  }

  @Test
  void aHeatMapKnowsWhenAndWhere() {
    HeatMap map = new HeatMap();
    for (int i = 0; i < 64; i++) {
      map.accessed(0, i < 32 ? 0x1000 : 0x9000);
    }
    assertEquals(64, map.columns());
    assertEquals(2, map.firstPages().length);
    assertEquals(1, map.firstPages()[0]);
    assertEquals(9, map.firstPages()[1]);
    assertEquals(1, map.row(0)[31]);
    assertEquals(0, map.row(0)[32]);
    assertEquals(1, map.row(1)[32]);
  }

  @Test
  void theSeriesAddsUpToTheResult() throws Exception {
    MachineBuilder builder =
        new MachineBuilder(Machines.load("laptop"), Path.of("")).frames(50L).policy("clock");
    try (Computer computer = Computer.of(builder)) {
      Series series = new Series(computer.costs(), 100, null);
      ReplayOptions options = new ReplayOptions().listener(series).samples(1000, series);
      Random random = new Random(4);
      MadeTrace trace =
          new MadeTrace(
              5500, (batch, i) -> batch.add((long) random.nextInt(70) << 12, MadeTrace.read(0)));
      ReplayResult result = new Replayer(computer, trace, options).run();
      assertEquals(6, series.rows().size());
      assertEquals(5500, series.rows().getLast().access());
      assertEquals(500, series.rows().getLast().accesses());
      assertEquals(
          result.counts().of(Counter.MINOR_FAULTS),
          series.rows().stream().mapToLong(Series.Row::minorFaults).sum());
      assertEquals(
          result.counts().of(Counter.MAJOR_FAULTS),
          series.rows().stream().mapToLong(Series.Row::majorFaults).sum());
      assertEquals(50, series.rows().getLast().residentPages());
      StringWriter text = new StringWriter();
      series.csv(text);
      assertEquals(7, text.toString().lines().count());
      assertTrue(text.toString().startsWith("access,minor_faults,major_faults,fault_rate,"));
    }
  }

  @Test
  void aSeriesEndsWithTheTraceOnce() throws Exception {
    MachineBuilder builder = new MachineBuilder(Machines.load("classroom"), Path.of(""));
    try (Computer computer = Computer.of(builder)) {
      Series series = new Series(computer.costs(), 4, new HeatMap());
      ReplayOptions options = new ReplayOptions().listener(series).samples(2, series);
      new Replayer(computer, MadeTrace.ofPages(1, 2, 3, 1), options).run();
      assertEquals(2, series.rows().size());
      assertEquals(3, series.rows().getLast().workingSet());
    }
  }
}
