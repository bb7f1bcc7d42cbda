package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.PressureRig.BASE;
import static dev.pagewalk.kernel.PressureRig.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** When nothing can be reclaimed a process is killed, and all its frames come back. */
class OutOfMemoryTest {
  private static final int KILL = FaultResult.SIGKILL;

  /** 512 pages of RAM and no swap. */
  private static PressureRig rig() {
    return new PressureRig(512, 0, KernelOptions.DEFAULT, ReclaimOptions.of("clock"));
  }

  private static void touch(PressureRig rig, AddressSpace mm, int count) {
    for (int i = 0; i < count; i++) {
      rig.store(mm, i, i);
    }
  }

  @Test
  void theGreatestProcessIsKilledAndTheAccessIsMadeAgain() {
    try (PressureRig rig = rig()) {
      AddressSpace small = rig.process(400);
      AddressSpace great = rig.process(400);
      AddressSpace middle = rig.process(400);
      touch(rig, great, 200);
      touch(rig, middle, 150);
      touch(rig, small, 300);
      assertEquals(List.of(small, middle), rig.kernel.addressSpaces());
      assertEquals(1, rig.count(VmEvent.OOM_KILL));
      assertTrue(great.isKilled());
      for (int i = 0; i < 150; i++) {
        assertEquals(i, rig.load(middle, i));
      }
      rig.check();
      rig.machine.exit(small);
      rig.machine.exit(middle);
      KernelCheck.empty(rig.kernel);
    }
  }

  @Test
  void whoAsksAndIsTheGreatestGetsTheSignal() {
    try (PressureRig rig = rig()) {
      AddressSpace other = rig.process(400);
      AddressSpace mm = rig.process(500);
      touch(rig, other, 20);
      int page = 0;
      int signal = 0;
      while (signal == 0) {
        signal = rig.storeSignal(mm, page++);
      }
      assertEquals(KILL, signal);
      assertTrue(page > 300 && mm.isKilled());
      // It can do nothing but exit.
      assertEquals(KILL, rig.storeSignal(mm, page));
      assertEquals(1, rig.count(VmEvent.OOM_KILL));
      rig.check();
      rig.machine.exit(mm);
      rig.check();
      touch(rig, other, 400);
    }
  }

  @Test
  void theAdjustmentSparesOrExposes() {
    try (PressureRig rig = rig()) {
      AddressSpace never = rig.process(400);
      AddressSpace likely = rig.process(400);
      AddressSpace asks = rig.process(400);
      never.setOomScoreAdj(-1000);
      likely.setOomScoreAdj(1000);
      touch(rig, never, 250);
      touch(rig, likely, 5);
      assertEquals(0, never.oomScore());
      // All of memory in thousandths is nothing below 1000 pages: as Linux divides first.
      assertTrue(likely.oomScore() < 700);
      likely.setOomScoreAdj(0);
      touch(rig, asks, 150);
      int signal = 0;
      for (int i = 150; signal == 0; i++) {
        signal = rig.storeSignal(asks, i);
      }
      assertEquals(KILL, signal);
      assertTrue(rig.kernel.addressSpaces().contains(never));
      assertThrows(IllegalArgumentException.class, () -> asks.setOomScoreAdj(1001));
    }
  }

  @Test
  void scoresAreLinuxes() {
    try (PressureRig rig =
        new PressureRig(10_000, 2_000, KernelOptions.DEFAULT, ReclaimOptions.of("fifo"))) {
      AddressSpace mm = rig.process(4000);
      touch(rig, mm, 3000);
      long points = 3000 + mm.pageTablePages();
      assertEquals((1000 + points * 1000 / 12_000) * 2 / 3, mm.oomScore());
      mm.setOomScoreAdj(500);
      assertEquals((1000 + (points + 500 * 12) * 1000 / 12_000) * 2 / 3, mm.oomScore());
      mm.setOomScoreAdj(-999);
      assertEquals((1000 + (points - 999 * 12) * 1000 / 12_000) * 2 / 3, mm.oomScore());
      AddressSpace child = rig.kernel.fork(mm).orElseThrow();
      assertEquals(-999, child.oomScoreAdj());
    }
  }

  @Test
  void swapCountsForTheVictim() {
    try (PressureRig rig =
        new PressureRig(512, 300, KernelOptions.DEFAULT, ReclaimOptions.of("fifo"))) {
      AddressSpace swapped = rig.process(500);
      touch(rig, swapped, 400);
      AddressSpace resident = rig.process(700);
      touch(rig, resident, 350);
      for (int i = 350; !swapped.isKilled() && i < 500; i++) {
        rig.store(resident, i, i);
      }
      assertTrue(swapped.isKilled());
      rig.check();
      assertEquals(200, rig.load(resident, 200));
    }
  }

  @Test
  void aGroupKillsOneOfItsOwn() {
    try (PressureRig rig = rig()) {
      AddressSpace outside = rig.process(400);
      touch(rig, outside, 200);
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      group.setMax(60);
      AddressSpace great = rig.process(400);
      AddressSpace small = rig.process(400);
      great.setGroup(group);
      small.setGroup(group);
      touch(rig, great, 40);
      touch(rig, small, 30);
      assertTrue(great.isKilled());
      assertEquals(30, group.current());
      assertEquals(1, group.event(MemoryGroup.Event.OOM));
      assertEquals(1, group.event(MemoryGroup.Event.OOM_KILL));
      assertEquals(1, rig.kernel.rootGroup().event(MemoryGroup.Event.OOM_KILL));
      for (int i = 30; i < 60; i++) {
        rig.store(small, i, i);
      }
      assertEquals(KILL, rig.storeSignal(small, 60));
      assertEquals(2, group.event(MemoryGroup.Event.OOM_KILL));
      rig.check();
      assertTrue(!outside.isKilled());
    }
  }

  @Test
  void whoIsKilledWhileItPopulatesIsInterrupted() {
    try (PressureRig rig = rig()) {
      AddressSpace mm = rig.process(1);
      rig.map(mm, BASE + (1000 << 12), 500, MapFlag.PRIVATE);
      long far = BASE + (1000 << 12);
      long result =
          rig.machine.call(() -> mm.calls().madvise(far, 500 * PAGE, Advice.POPULATE_WRITE.code()));
      assertEquals(Errno.EINTR.result(), result);
      assertTrue(mm.isKilled());
      rig.check();
    }
  }

  @Test
  void aCopyByTheKernelIsRefused() {
    try (PressureRig rig = rig()) {
      AddressSpace mm = rig.process(500);
      boolean copied = true;
      for (int i = 0; copied; i++) {
        copied = rig.core(mm).copyToUser(BASE + i * PAGE, new byte[8]);
      }
      assertTrue(mm.isKilled());
      rig.check();
    }
  }

  @Test
  void withoutAnybodyWhoEndsProcessesTheOneThatAsksDies() {
    try (PressureRig rig = rig()) {
      rig.kernel.onOomKill(null);
      AddressSpace great = rig.process(400);
      AddressSpace asks = rig.process(400);
      touch(rig, great, 300);
      int signal = 0;
      for (int i = 0; signal == 0; i++) {
        signal = rig.storeSignal(asks, i);
      }
      assertEquals(KILL, signal);
      assertTrue(asks.isKilled() && !great.isKilled());
    }
  }

  @Test
  void aMaximumThatNothingCanBeReclaimedForKills() {
    try (PressureRig rig = rig()) {
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      AddressSpace mm = rig.process(400);
      mm.setGroup(group);
      touch(rig, mm, 100);
      group.setMax(50);
      rig.machine.spend();
      assertTrue(mm.isKilled());
      assertEquals(0, group.current());
      rig.check();
    }
  }
}
