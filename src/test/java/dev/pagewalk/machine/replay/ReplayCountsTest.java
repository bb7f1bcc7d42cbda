package dev.pagewalk.machine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.PolicySimulation;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.trace.AccessBatch;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Figures of replays add up, agree with other statements of them, and are the same each time. */
class ReplayCountsTest {
  private static final int ACCESSES = 40_000;

  @ParameterizedTest
  @CsvSource({
    "classroom,desktop,1,0",
    "golden-cove,desktop,1,0",
    "skylake,classroom,3,0",
    "zen2,server,3,700",
  })
  void countsAddUp(String cpu, String costs, int cores, long quantum) throws Exception {
    MachineBuilder builder = builder("linux").cpu(cpu).costs(costs).cores(cores).quantum(quantum);
    try (Computer computer = Computer.of(builder)) {
      ReplayResult result = new Replayer(computer, trace(7), new ReplayOptions()).run();
      Counts counts = result.counts();
      assertEquals(ACCESSES, counts.of(Counter.ACCESSES));
      assertEquals(
          counts.of(Counter.TRANSLATIONS),
          counts.of(Counter.FIRST_HITS)
              + counts.of(Counter.SECOND_HITS)
              + counts.of(Counter.WALKS)
              + counts.of(Counter.NON_CANONICAL));
      assertEquals(
          counts.of(Counter.TRANSLATIONS),
          counts.of(Counter.ACCESSES) + counts.of(Counter.CROSSINGS) + counts.faults());
      if (!computer.costs().caches().isEmpty()) {
        assertEquals(
            counts.of(Counter.WORDS),
            counts.of(Counter.TABLE_L1)
                + counts.of(Counter.TABLE_L2)
                + counts.of(Counter.TABLE_L3)
                + counts.of(Counter.TABLE_MEMORY));
      }
      assertEquals(
          counts.of(Counter.ACCESSES),
          result.processes().stream().mapToLong(ReplayResult.ProcessResult::accesses).sum());
      assertEquals(
          counts.of(Counter.WALKS),
          result.processes().stream().mapToLong(ReplayResult.ProcessResult::walks).sum());
      assertEquals(
          counts.faults() - counts.of(Counter.EVICTIONS),
          result.residentPages(),
          "what came and did not go is there");
      assertEquals(
          result.residentPages(),
          result.processes().stream().mapToLong(ReplayResult.ProcessResult::residentPages).sum());
      assertTrue(cores == 1 || counts.of(Counter.SHOOTDOWNS) > 0);
    }
  }

  @Test
  void theTimeIsTheSumOfItsParts() throws Exception {
    try (Computer computer = Computer.of(builder("clock").cores(2).quantum(300))) {
      ReplayResult result = new Replayer(computer, trace(3), new ReplayOptions()).run();
      EffectiveTime time = result.time();
      BigInteger sum = BigInteger.ZERO;
      BigDecimal perAccess = BigDecimal.ZERO;
      for (EffectiveTime.Line line : time.lines()) {
        assertEquals(computer.costs().cost(line.cause(), line.events()), line.picoseconds());
        sum = sum.add(line.picoseconds());
        perAccess = perAccess.add(line.perAccess());
      }
      assertTrue(time.lines().size() > 6, "several causes came up");
      assertEquals(time.picoseconds(), sum);
      assertEquals(time.perAccess(), perAccess);
      double expected = sum.doubleValue() / 1000 / ACCESSES;
      assertEquals(expected, time.perAccess().doubleValue(), 0.0006);
    }
  }

  @Test
  void cheapCountersAreThoseOfTheWholeRecord() throws Exception {
    try (Computer computer = Computer.of(builder("lru").cpu("zen4"))) {
      new Replayer(computer, trace(5), new ReplayOptions()).run();
      computer
          .machine()
          .cores()
          .forEach(core -> {
            MmuCounters counters = core.mmu().counters();
            assertEquals(counters.walks(), core.mmu().walks());
            assertEquals(counters.wordsRead(), core.mmu().wordsRead());
          });
    }
  }

  /** The machine's faults are those of the policy alone, page for page. */
  @ParameterizedTest
  @ValueSource(strings = {"fifo", "lru", "clock", "second-chance", "random", "opt"})
  void faultsAreThoseOfThePolicyAlone(String policy) throws Exception {
    Random random = new Random(11);
    int[] pages = new int[20_000];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = (int) Math.min(149, Math.abs(random.nextGaussian()) * 40);
    }
    long expected = PolicySimulation.run(policy, 60, pages).faults();
    MachineBuilder builder = builder(policy).frames(60L).cores(1);
    if (Policies.needsFuture(policy)) {
      builder.future(FirstPass.read(reads(pages), builder.changed(), Long.MAX_VALUE));
    }
    try (Computer computer = Computer.of(builder)) {
      Counts counts = new Replayer(computer, reads(pages), new ReplayOptions()).run().counts();
      assertEquals(expected, counts.faults());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"lru", "clock", "linux", "mglru", "random"})
  void theSameInputGivesTheSameFigures(String policy) throws Exception {
    assertEquals(figures(policy, 1), figures(policy, 1));
    assertNotEquals(figures(policy, 1), figures(policy, 2));
  }

  private static String figures(String policy, long seed) throws Exception {
    try (Computer computer = Computer.of(builder(policy).cores(3).quantum(100))) {
      ReplayResult result = new Replayer(computer, trace(seed), new ReplayOptions()).run();
      StringBuilder text = new StringBuilder();
      for (Counter counter : Counter.values()) {
        text.append(counter.key()).append(' ').append(result.counts().of(counter)).append('\n');
      }
      return text + result.time().toString() + result.processes();
    }
  }

  private static MachineBuilder builder(String policy) throws Exception {
    return new MachineBuilder(Machines.load("laptop"), Path.of("")).policy(policy).frames(500L);
  }

  private static MadeTrace reads(int... pages) {
    return new MadeTrace(
        pages.length, (batch, i) -> batch.add((long) pages[(int) i] << 12, MadeTrace.read(0)));
  }

  /** Accesses of four processes, some of them across two pages. */
  private static MadeTrace trace(long seed) {
    Random random = new Random(seed);
    return new MadeTrace(
        ACCESSES,
        (batch, i) -> {
          int process = (int) (i / 250 % 4);
          long page = (long) Math.abs(random.nextGaussian() * 120);
          int offset = random.nextInt(100) == 0 ? 4092 : random.nextInt(4088);
          int kind = random.nextInt(4);
          batch.add((page << 12) + offset, AccessBatch.what(kind, 8, process));
        });
  }
}
