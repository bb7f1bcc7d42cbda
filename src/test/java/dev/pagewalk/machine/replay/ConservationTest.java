package dev.pagewalk.machine.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.MachineBuilder;
import dev.pagewalk.machine.Machines;
import dev.pagewalk.trace.AccessBatch;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Four processes on two cores, in memory of half their working set: no page is lost, and each core
 * finds what it has written, with every policy, by turns and with a thread a core.
 */
class ConservationTest {
  private static final int PROCESSES = 4;
  private static final int PAGES = 256;
  private static final long FRAMES = PROCESSES * PAGES / 2;

  static List<String> policies() {
    return Policies.names();
  }

  static List<String> policiesOfKernels() {
    return Policies.names().stream()
        .filter(name -> !Policies.info(name).sees().isOracle())
        .toList();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void coresByTurns(String policy) throws Exception {
    check(builder(policy), accesses());
  }

  @ParameterizedTest
  @MethodSource("policiesOfKernels")
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  void coresInThreads(String policy) throws Exception {
    Counts counts = check(builder(policy).parallel(true), accesses());
    assertTrue(counts.of(Counter.INTERRUPTS) > 0, "cores asked each other to invalidate");
  }

  private static long accesses() {
    return TestSize.pick(100_000, 10_000_000);
  }

  private static MachineBuilder builder(String policy) throws Exception {
    return new MachineBuilder(Machines.load("laptop"), Path.of(""))
        .cpu("limit")
        .policy(policy)
        .cores(2)
        .quantum(50)
        .frames(FRAMES);
  }

  private static Counts check(MachineBuilder builder, long accesses) throws Exception {
    if (Policies.needsFuture(builder.changed().policy())) {
      builder.future(FirstPass.read(trace(accesses), builder.changed(), Long.MAX_VALUE));
    }
    try (Computer computer = Computer.of(builder)) {
      ContentsCheck contents = new ContentsCheck(computer.memory());
      ReplayOptions options = new ReplayOptions().listener(contents);
      ReplayResult result = new Replayer(computer, trace(accesses), options).run();
      Counts counts = result.counts();
      assertEquals(accesses, counts.of(Counter.ACCESSES));
      assertEquals(accesses, contents.checked());
      assertEquals(0, contents.wrong(), "reads of what was not written there last");
      assertEquals(FRAMES, result.residentPages());
      assertEquals(
          FRAMES,
          result.processes().stream().mapToLong(ReplayResult.ProcessResult::residentPages).sum());
      assertEquals(0, counts.of(Counter.REFUSED));
      assertTrue(counts.of(Counter.MAJOR_FAULTS) > accesses / 100, "there was pressure");
      return counts;
    }
  }

  private static MadeTrace trace(long accesses) {
    Random random = new Random(5);
    return new MadeTrace(
        accesses,
        (batch, i) -> {
          int process = (int) (i / 100 % PROCESSES);
          double place = random.nextDouble();
          long page = (long) (place * place * place * PAGES);
          int kind = random.nextInt(3) == 0 ? AccessBatch.WRITE : AccessBatch.READ;
          batch.add((page << 12) + 8, AccessBatch.what(kind, 8, process));
        });
  }
}
