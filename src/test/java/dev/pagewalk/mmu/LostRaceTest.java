package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A walk whose entry another core changes under its hands begins anew, and no update is lost. */
class LostRaceTest {
  private static final int RACES = TestSize.get() == TestSize.FULL ? 20_000 : 60;
  private static final long PATIENCE_NANOS = 20_000_000_000L;

  /** Ignored bits of an entry in which the other side counts its changes. */
  private static final int COUNT_SHIFT = 52;

  private static final long COUNT = 0x7fL << COUNT_SHIFT;

  private final AtomicBoolean stop = new AtomicBoolean();

  /** How often A and D were cleared, and how often the leaf was changed. */
  private record Tally(long accessed, long dirty, long changes) {}

  /** Bits are set early, late, and as QEMU 7.2 does, in a leaf of 1 GiB too. */
  @ParameterizedTest
  @CsvSource({"sdm, PT", "bochs-2.7, PT", "qemu-7.2, PT", "qemu-7.2, PDPT"})
  void bitsThatWereSetAreClearedOrStillThere(String preset, Level level) throws Exception {
    RuleMachine machine =
        new RuleMachine(
            RuleMachine.CPU.with(ModelPresets.of(preset).orElseThrow()), LargePages.WHOLE);
    long page = level == Level.PT ? RuleMachine.PAGE : RuleMachine.GIANT_PAGE;
    FutureTask<Tally> other = new FutureTask<>(() -> changeUntilStopped(machine, page, level));
    Thread.ofPlatform().daemon().start(other);
    try {
      write(machine, page, other);
    } finally {
      stop.set(true);
    }
    Tally cleared = other.get(10, TimeUnit.SECONDS);
    long leaf = machine.entry(page, level);
    assertEquals(cleared.changes() & 0x7f, (leaf & COUNT) >>> COUNT_SHIFT);
    MmuCounters counters = machine.mmu.counters();
    long left = 0;
    for (Level at = Level.PML4; at != level; at = at.next()) {
      left += machine.entry(page, at) >>> 5 & 1;
    }
    left += leaf >>> 5 & 1;
    assertEquals(cleared.accessed() + left, counters.accessedSet());
    assertEquals(cleared.dirty() + (leaf >>> 6 & 1), counters.dirtySet());
    // Closed here only: a walk that never ends must not lose the memory under its feet.
    machine.close();
    assumeTrue(
        counters.restarts() > 0, "no race was lost: the machine is too busy for two threads");
  }

  private static void write(RuleMachine machine, long page, FutureTask<Tally> other) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    Outcome reached = new Outcome.Reached(page & 0xffff_ffffL);
    while (machine.mmu.counters().restarts() < RACES && System.nanoTime() < end) {
      for (int i = 0; i < 64 && !other.isDone(); i++) {
        machine.mmu.invlpg(page);
        assertEquals(reached, machine.access(AccessKind.WRITE, Mode.SUPERVISOR, page));
      }
    }
  }

  /** Clears A and D of the leaf, in which it counts, and A of the root's entry. */
  private Tally changeUntilStopped(RuleMachine machine, long page, Level level) {
    long leafAt = machine.addressOf(page, level);
    long rootAt = machine.addressOf(page, Level.PML4);
    Tally cleared = new Tally(0, 0, 0);
    while (!stop.get()) {
      long leaf = machine.memory.read64(leafAt);
      long count = (cleared.changes() + 1 & 0x7f) << COUNT_SHIFT;
      long next = (leaf & ~(Entry.A | Entry.D | COUNT)) | count;
      if (machine.memory.compareAndSet(leafAt, leaf, next)) {
        cleared =
            new Tally(
                cleared.accessed() + (leaf >>> 5 & 1),
                cleared.dirty() + (leaf >>> 6 & 1),
                cleared.changes() + 1);
      }
      long root = machine.memory.read64(rootAt);
      if (machine.memory.compareAndSet(rootAt, root, root & ~Entry.A)) {
        cleared =
            new Tally(cleared.accessed() + (root >>> 5 & 1), cleared.dirty(), cleared.changes());
      }
    }
    return cleared;
  }
}
