package dev.pagewalk.machine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The presets of the visual course, through core, TLB, tables, kernel and swap. */
class ClassroomTest {
  private static final long PAGE_MASK = (1L << 40) - 1;

  private final List<Long> evicted = new ArrayList<>();

  @Test
  void eightPagesInARowEvictExactlyTheFirstTwo() throws Exception {
    ReplayResult result = replay("lru", null, LongStream.range(0, 8).toArray());
    assertEquals(List.of(0L, 1L), evicted);
    assertEquals(8, result.counts().faults());
    assertEquals(6, result.residentPages());
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "fifo", "clock", "second-chance"})
  void tenPagesCycledThroughSixFramesFaultOnEveryAccess(String policy) throws Exception {
    ReplayResult result = replay(policy, null, cycle(10, 200));
    assertEquals(200, result.counts().faults());
    assertEquals(10, result.counts().of(Counter.MINOR_FAULTS));
    assertEquals(190, result.counts().of(Counter.MAJOR_FAULTS));
    assertEquals(194, result.counts().of(Counter.EVICTIONS));
    assertEquals(194, evicted.size());
    assertEquals(0, result.counts().of(Counter.FIRST_HITS));
  }

  @Test
  void sixPagesFitAndSevenCollapse() throws Exception {
    assertEquals(6, replay("lru", null, cycle(6, 600)).counts().faults());
    assertEquals(600, replay("lru", null, cycle(7, 600)).counts().faults());
  }

  @Test
  void theTlbHasFourEntries() throws Exception {
    ReplayResult four = replay("lru", null, cycle(4, 400));
    assertEquals(396, four.counts().of(Counter.FIRST_HITS));
    ReplayResult five = replay("lru", null, cycle(5, 400));
    assertEquals(0, five.counts().of(Counter.FIRST_HITS));
    assertEquals(5, five.counts().faults());
  }

  @Test
  void sixteenVirtualPagesAreAllThereIs() throws Exception {
    ReplayResult result = replay("lru", null, 15, 16, 17);
    assertEquals(2, result.counts().of(Counter.REFUSED));
    Refusal first = result.firstRefusal().orElseThrow();
    assertEquals(2, first.access());
    assertEquals(16 << 12, first.address());
    assertTrue(first.signal().contains("SIGSEGV"), first.signal());
  }

  /** The trace of Belady, Nelson and Shedler's anomaly, and what it does with each policy. */
  @ParameterizedTest
  @CsvSource({"fifo,3,9", "fifo,4,10", "lru,3,10", "lru,4,8", "opt,3,7", "opt,4,6"})
  void beladysAnomaly(String policy, long frames, long faults) throws Exception {
    long[] pages = {1, 2, 3, 4, 1, 2, 5, 1, 2, 3, 4, 5};
    assertEquals(faults, replay(policy, frames, pages).counts().faults());
  }

  private static long[] cycle(int pages, int accesses) {
    return LongStream.range(0, accesses).map(i -> i % pages).toArray();
  }

  private ReplayResult replay(String policy, Long frames, long... pages) throws Exception {
    evicted.clear();
    MachineBuilder builder =
        new MachineBuilder(Machines.load("classroom"), Path.of(""))
            .policy(policy)
            .evictions((page, incoming) -> evicted.add(page & PAGE_MASK));
    if (frames != null) {
      builder.frames(frames);
    }
    if (policy.equals("opt")) {
      builder.future(FirstPass.read(MadeTrace.ofPages(pages), builder.changed(), Long.MAX_VALUE));
    }
    try (Computer computer = Computer.of(builder)) {
      return new Replayer(computer, MadeTrace.ofPages(pages), new ReplayOptions()).run();
    }
  }
}
