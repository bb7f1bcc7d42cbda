package dev.pagewalk.mmu.races;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cores that touch the same new pages at the same time set each mark once between them. */
class FirstTouchTest {
  private static final int ROUNDS = TestSize.pick(40, 2_000);

  /** A machine with one processor may have to go on until two cores share a round. */
  private static final int MOST_ROUNDS = 100 * ROUNDS;

  private static final int PAGE_TABLES = 8;
  private static final int PAGES = PAGE_TABLES * Level.ENTRIES;
  private static final long ROOT = 0x1000;
  private static final long PDPT = 0x2000;
  private static final long PD = 0x3000;
  private static final long PT = 0x8000;
  private static final long MEMORY = 0x1_0000;
  private static final long OPEN = Entry.P | Entry.RW | Entry.US;

  @ParameterizedTest
  @CsvSource({"2, false", "2, true", "4, false", "4, true"})
  void eachAccessedAndDirtyBitIsSetByOneCore(int threads, boolean flat) throws Exception {
    PhysicalMemory.Builder builder = PhysicalMemory.builder().ram(0, MEMORY);
    PhysicalMemory memory = flat ? builder.flat().build() : builder.build();
    Rounds rounds = new Rounds(memory, threads);
    try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
      List<Future<Long>> cores = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        int core = i;
        cores.add(pool.submit(() -> rounds.play(core)));
      }
      for (Future<Long> core : cores) {
        long reached = core.get();
        assertEquals((long) rounds.played * PAGES, reached);
      }
    }
    System.out.printf(
        "[pagewalk] first touches by %d cores, %s: %,d, marks shared in %d of %d rounds%n",
        threads,
        flat ? "flat" : "sparse",
        (long) rounds.played * PAGES,
        rounds.shared,
        rounds.played);
    assertTrue(rounds.shared > 0, "no round was shared between cores");
    memory.close();
  }

  /** Rounds of new tables: one core writes a page, the others read it; the marks are counted. */
  private static final class Rounds {
    private final PhysicalMemory memory;
    private final Mmu[] mmus;
    private final CyclicBarrier start;
    private final CyclicBarrier end;
    private int played;
    private int shared;

    Rounds(PhysicalMemory memory, int threads) {
      this.memory = memory;
      this.mmus = new Mmu[threads];
      Cpu cpu = Cpu.withEverything(52, ModelPresets.SDM);
      for (int i = 0; i < threads; i++) {
        CpuModel model = i % 2 == 0 ? Models.CACHED : Models.PLAIN;
        mmus[i] = Mmu.create(model, cpu, memory, Registers.longMode(ROOT));
      }
      this.start = new CyclicBarrier(threads, this::newTables);
      this.end = new CyclicBarrier(threads, this::check);
    }

    /** The pages that the core has reached in all rounds. */
    long play(int core) throws Exception {
      long reached = 0;
      while (played < ROUNDS || (shared == 0 && played < MOST_ROUNDS)) {
        start.await();
        for (long page = 0; page < PAGES; page++) {
          boolean writes = page % mmus.length == core;
          int access = writes ? AccessCode.USER_WRITE : AccessCode.USER_READ;
          long result = mmus[core].translate(page << 12, access);
          reached += result == frame(page) ? 1 : 0;
        }
        end.await();
      }
      return reached;
    }

    private static long frame(long page) {
      return 0x100_0000 + (page << 12);
    }

    private void newTables() {
      memory.write64(ROOT, PDPT | OPEN);
      memory.write64(PDPT, PD | OPEN);
      for (long table = 0; table < PAGE_TABLES; table++) {
        memory.write64(PD + 8 * table, (PT + (table << 12)) | OPEN);
      }
      for (long page = 0; page < PAGES; page++) {
        memory.write64(PT + 8 * page, frame(page) | OPEN);
      }
      for (Mmu mmu : mmus) {
        mmu.movToCr3(ROOT);
        mmu.resetCounters();
      }
    }

    private void check() {
      played++;
      long accessed = 0;
      long dirty = 0;
      int markers = 0;
      for (Mmu mmu : mmus) {
        accessed += mmu.counters().accessedSet();
        dirty += mmu.counters().dirtySet();
        markers += mmu.counters().accessedSet() > 0 ? 1 : 0;
      }
      assertEquals(PAGES + PAGE_TABLES + 2, accessed, "accessed bits set");
      assertEquals(PAGES, dirty, "dirty bits set");
      shared += markers > 1 ? 1 : 0;
      for (long page = 0; page < PAGES; page++) {
        assertEquals(frame(page) | OPEN | Entry.A | Entry.D, memory.read64(PT + 8 * page));
      }
    }
  }
}
