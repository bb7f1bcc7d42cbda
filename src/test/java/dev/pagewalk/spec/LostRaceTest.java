package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Walks that lose a race for an entry begin anew: no update is lost, no answer is of two ages. */
class LostRaceTest {
  private static final long VA = 0x0000_1234_5678_9000L;
  private static final int WALKERS = 3;

  /** Races that are to be lost: where other work keeps the processors busy few are. */
  private static final int RACES = TestSize.pick(200, 2_000);

  /** Ignored bits of an entry in which the other side counts its changes. */
  private static final int COUNT_SHIFT = 52;

  private static final long COUNT = 0x7fL << COUNT_SHIFT;
  private static final long A_D = Entry.A | Entry.D;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  private final AtomicBoolean stop = new AtomicBoolean();
  private final LongAdder restarts = new LongAdder();

  /** How often A and D of the PTE were set, or cleared. */
  private record Tally(long accessed, long dirty) {
    Tally plus(Tally other) {
      return new Tally(accessed + other.accessed, dirty + other.dirty);
    }
  }

  @ParameterizedTest
  @EnumSource(AccessedOnFault.class)
  void noUpdateIsLostWhileAnotherClearsAccessedAndDirtyAndFlipsWriting(AccessedOnFault choice)
      throws Exception {
    // Closed in the end only: a walk that never ends must not lose the memory under its feet.
    PageTables tables = PageTables.withPage(VA, 0x9000);
    long pte = tables.addressOf(VA, Level.PT);
    ReferenceWalk walk =
        new ReferenceWalk(
            tables.memory, PageTables.CPU.with(ModelPresets.SDM.with(choice)), tables.registers());
    List<FutureTask<Tally>> walkers = new ArrayList<>();
    for (int i = 0; i < WALKERS; i++) {
      FutureTask<Tally> walker = new FutureTask<>(() -> walkUntilStopped(walk, pte));
      walkers.add(walker);
      Thread.ofPlatform().daemon().start(walker);
    }
    Tally cleared;
    try {
      cleared = clearAndFlip(tables, pte, walkers);
    } finally {
      stop.set(true);
    }
    Tally set = new Tally(0, 0);
    for (FutureTask<Tally> walker : walkers) {
      set = set.plus(walker.get(10, TimeUnit.SECONDS));
    }
    // Whatever was set has been cleared, or is still there.
    long last = tables.memory.read64(pte);
    Tally left = new Tally(last >>> 5 & 1, last >>> 6 & 1);
    assertEquals(set, cleared.plus(left));
    assertTrue(restarts.sum() > 0, "no race was ever lost");
    tables.close();
  }

  /** Clears A and D, flips R/W and counts up, until races enough have been lost. */
  private Tally clearAndFlip(PageTables tables, long pte, List<FutureTask<Tally>> walkers) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Tally cleared = new Tally(0, 0);
    long changes = 0;
    while (restarts.sum() < RACES && System.nanoTime() < end) {
      if (walkers.stream().anyMatch(FutureTask::isDone)) {
        break;
      }
      long now = tables.memory.read64(pte);
      assertEquals(changes & 0x7f, (now & COUNT) >>> COUNT_SHIFT, "another's change was undone");
      // A write reads R/W = 1 and sets D in the same word, or begins anew.
      assertTrue(Entry.has(now, Entry.RW) || !Entry.has(now, Entry.D), "D without R/W");
      long next = (now & ~(A_D | COUNT)) ^ Entry.RW;
      next |= (changes + 1 & 0x7f) << COUNT_SHIFT;
      if (tables.memory.compareAndSet(pte, now, next)) {
        changes++;
        cleared = cleared.plus(new Tally(now >>> 5 & 1, now >>> 6 & 1));
      }
      changeUpperEntries(tables, changes);
    }
    return cleared;
  }

  /** Clears A of two upper entries: of one it leaves the rest, in the other it counts. */
  private static void changeUpperEntries(PageTables tables, long changes) {
    long pml4e = tables.addressOf(VA, Level.PML4);
    long now = tables.memory.read64(pml4e);
    tables.memory.compareAndSet(pml4e, now, now & ~Entry.A);
    long pde = tables.addressOf(VA, Level.PD);
    now = tables.memory.read64(pde);
    long count = (changes & 0x7f) << COUNT_SHIFT;
    tables.memory.compareAndSet(pde, now, (now & ~(Entry.A | COUNT)) | count);
  }

  private Tally walkUntilStopped(ReferenceWalk walk, long pte) {
    Tally set = new Tally(0, 0);
    boolean write = false;
    while (!stop.get()) {
      write = !write;
      AccessKind kind = write ? AccessKind.WRITE : AccessKind.READ;
      WalkResult result = walk.access(Access.of(VA, kind, Mode.USER));
      long lastRead = 0;
      for (WalkStep step : result.steps()) {
        switch (step) {
          case WalkStep.Restarted restarted -> restarts.increment();
          case WalkStep.EntryRead read -> lastRead = read.entry();
          case WalkStep.Marked(long address, long before, long after) when address == pte -> {
            long bits = after & ~before;
            set = set.plus(new Tally(bits >>> 5 & 1, bits >>> 6 & 1));
          }
          default -> {}
        }
      }
      boolean allowed = !write || Entry.has(lastRead, Entry.RW);
      Outcome expected = allowed ? new Outcome.Reached(0x9000) : new Outcome.PageFault(7, VA);
      assertEquals(expected, result.outcome());
      if (result.reached()) {
        assertEveryEntryAccessed(result.steps());
      }
    }
    return set;
  }

  /** Each entry that the last attempt read had A set, or this attempt set it. */
  private static void assertEveryEntryAccessed(List<WalkStep> steps) {
    Map<Long, Long> entries = new HashMap<>();
    for (WalkStep step : steps) {
      switch (step) {
        case WalkStep.Restarted restarted -> entries.clear();
        case WalkStep.EntryRead read -> entries.put(read.physicalAddress(), read.entry());
        case WalkStep.Marked marked -> {
          assertEquals(entries.get(marked.physicalAddress()), marked.before());
          entries.put(marked.physicalAddress(), marked.after());
        }
        default -> {}
      }
    }
    assertEquals(4, entries.size());
    entries.values().forEach(entry -> assertTrue(Entry.has(entry, Entry.A), steps.toString()));
  }
}
