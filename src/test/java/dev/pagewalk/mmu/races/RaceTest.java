package dev.pagewalk.mmu.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cores walk the tables while a kernel changes them: no mark is lost, no answer is of no time. */
class RaceTest {
  private static final int ACCESSES = TestSize.pick(60_000, 10_000_000);

  /** A machine with one processor may have to try again until a race is lost. */
  private static final int MOST_ROUNDS = 10;

  private static final Cpu CPU = Cpu.withEverything(52, ModelPresets.SDM);

  @ParameterizedTest
  @CsvSource({"2, false", "2, true", "4, false", "4, true"})
  void noMarkIsLostAndNoEntryIsTornWhileTheKernelChangesEntries(int cores, boolean flat)
      throws Exception {
    long lost = 0;
    for (int round = 0; round < MOST_ROUNDS && lost == 0; round++) {
      for (CpuModel model : List.of(Models.PLAIN, Models.SPLIT, Models.CACHED)) {
        lost += race(model, cores, flat);
      }
    }
    assertTrue(lost > 0, "no walk ever lost a race for an entry");
  }

  private static long race(CpuModel model, int threads, boolean flat) throws Exception {
    // Closed in the end only: a walk that never ends must not lose the memory under its feet.
    PhysicalMemory.Builder builder = PhysicalMemory.builder().ram(0, SharedTables.BYTES);
    PhysicalMemory memory = flat ? builder.flat().build() : builder.build();
    SharedTables tables = new SharedTables(memory);
    Kernel kernel = new Kernel(tables, 1);
    FutureTask<Long> changes = start(new FutureTask<>(kernel));
    List<Core> done = new ArrayList<>();
    try {
      // Else the cores might be done before the kernel's thread has had its first turn.
      kernel.awaitFirstChange();
      List<FutureTask<Core>> cores = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Mmu mmu = Mmu.create(model, CPU, memory, SharedTables.registers());
        cores.add(start(new FutureTask<>(new Core(tables, mmu, 100 + i, ACCESSES))));
      }
      for (FutureTask<Core> core : cores) {
        done.add(core.get());
      }
    } finally {
      kernel.stop();
    }
    long changed = changes.get();
    assertTrue(changed > 0);
    long restarts = checkTallies(tables, done);
    print(model.name() + (flat ? ", flat" : ", sparse"), done, changed, restarts);
    memory.close();
    return restarts;
  }

  private static <T> FutureTask<T> start(FutureTask<T> task) {
    Thread.ofPlatform().daemon().start(task);
    return task;
  }

  /** Each mark that a core has set was seen by the kernel, once, or is there still. */
  private static long checkTallies(SharedTables tables, List<Core> cores) {
    long accessedSeen = 0;
    long dirtySeen = 0;
    for (VersionedEntry entry : tables.entries()) {
      entry.check(entry.read());
      accessedSeen += entry.accessedSeen();
      dirtySeen += entry.dirtySeen();
    }
    long accessedSet = 0;
    long dirtySet = 0;
    long restarts = 0;
    for (Core core : cores) {
      accessedSet += core.mmu().counters().accessedSet();
      dirtySet += core.mmu().counters().dirtySet();
      restarts += core.mmu().counters().restarts();
    }
    assertEquals(accessedSeen, accessedSet, "accessed bits seen and set");
    assertEquals(dirtySeen, dirtySet, "dirty bits seen and set");
    assertTrue(dirtySet > 0, "no page was written");
    return restarts;
  }

  private static void print(String name, List<Core> cores, long changes, long restarts) {
    System.out.printf(
        "[pagewalk] races of %d cores, %s: %,d accesses, %,d reached, %,d changes by the kernel,"
            + " %,d marks proved, %,d races lost%n",
        cores.size(),
        name,
        (long) cores.size() * ACCESSES,
        cores.stream().mapToLong(Core::reached).sum(),
        changes,
        cores.stream().mapToLong(Core::marksProved).sum(),
        restarts);
  }
}
