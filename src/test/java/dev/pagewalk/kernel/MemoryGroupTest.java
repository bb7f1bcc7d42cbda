package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.PressureRig.BASE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/** Groups of processes: what they are charged, their limits, and their files. */
class MemoryGroupTest {
  private static PressureRig rig() {
    return new PressureRig(4096, 4096, KernelOptions.DEFAULT, ReclaimOptions.of("lru"));
  }

  private static void touch(PressureRig rig, AddressSpace mm, int from, int to) {
    for (int i = from; i < to; i++) {
      rig.store(mm, i, i);
    }
  }

  @Test
  void pagesAreChargedWhereTheyAreFirstTouchedAndAbove() {
    try (PressureRig rig = rig()) {
      MemoryGroup top = rig.kernel.rootGroup().child("top");
      MemoryGroup left = top.child("left");
      MemoryGroup right = top.child("right");
      AddressSpace mm = rig.process(100);
      mm.setGroup(left);
      touch(rig, mm, 0, 10);
      AddressSpace child = rig.kernel.fork(mm).orElseThrow();
      rig.machine.spend();
      assertEquals(left, child.group());
      child.setGroup(right);
      // The parent's pages stay where they are; a copy is the child's.
      assertEquals(3, rig.load(child, 3));
      assertEquals(10, left.current());
      touch(rig, child, 0, 4);
      assertEquals(4, right.current());
      assertEquals(14, top.current());
      assertEquals(14, rig.kernel.rootGroup().current());
      rig.check();
      rig.machine.exit(mm);
      // What the child still shares is charged to the parent's group.
      assertEquals(6, left.current());
      rig.machine.exit(child);
      assertEquals(0, rig.kernel.rootGroup().current());
      assertEquals(14, top.peak());
      rig.check();
    }
  }

  @Test
  void pagesOfFilesAreChargedToTheFirstWhoNeedsThem() {
    try (PressureRig rig = rig()) {
      FileObject file = rig.file(4);
      rig.machine.call(() -> {
        rig.kernel.fileCalls().dropCache(file);
        return 0;
      });
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      AddressSpace mm = rig.kernel.newAddressSpace().orElseThrow();
      mm.setGroup(group);
      rig.mapFile(mm, file, 4);
      rig.load(mm, 0);
      assertEquals(4, group.current());
      rig.machine.exit(mm);
      assertEquals(4, group.current());
      rig.machine.call(() -> rig.kernel.fileCalls().ftruncate(file, 0));
      assertEquals(0, group.current());
    }
  }

  @Test
  void aGroupNeverHasMoreThanItsMaximumAndOthersLoseNothing() {
    try (PressureRig rig = rig()) {
      AddressSpace quiet = rig.process(300);
      touch(rig, quiet, 0, 300);
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      group.setMax(50);
      AddressSpace mm = rig.process(400);
      mm.setGroup(group);
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 400; i++) {
          rig.store(mm, i, i);
          assertTrue(group.current() <= 50);
        }
      }
      rig.check();
      assertEquals(50, group.peak());
      assertEquals(750, group.event(MemoryGroup.Event.MAX));
      assertEquals(0, group.event(MemoryGroup.Event.OOM));
      assertEquals(0, quiet.majorFaults());
      touch(rig, quiet, 0, 300);
      assertEquals(0, quiet.majorFaults());
      assertEquals(750, rig.kernel.rootGroup().event(MemoryGroup.Event.MAX));
    }
  }

  @Test
  void theMaximumOfAGroupBoundsThoseBelow() {
    try (PressureRig rig = rig()) {
      MemoryGroup top = rig.kernel.rootGroup().child("top");
      top.setMax(60);
      AddressSpace first = rig.process(100);
      AddressSpace second = rig.process(100);
      first.setGroup(top.child("first"));
      second.setGroup(top.child("second"));
      touch(rig, first, 0, 50);
      touch(rig, second, 0, 50);
      assertEquals(60, top.current());
      // Both give up pages, in proportion to what they have.
      assertTrue(first.group().current() < 50 && second.group().current() > 10);
      touch(rig, first, 0, 100);
      assertEquals(60, top.current());
      rig.check();
    }
  }

  @Test
  void aMaximumBelowWhatIsThereMakesItGo() {
    try (PressureRig rig = rig()) {
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      AddressSpace mm = rig.process(100);
      mm.setGroup(group);
      touch(rig, mm, 0, 100);
      group.write("memory.max", "100K");
      rig.machine.spend();
      assertEquals(25, group.current());
      rig.check();
      for (int i = 0; i < 100; i++) {
        assertEquals(i, rig.load(mm, i));
      }
    }
  }

  @Test
  void aboveTheHighLimitPagesAreReclaimedAndNobodyDies() {
    try (PressureRig rig = rig()) {
      MemoryGroup group = rig.kernel.rootGroup().child("group");
      group.setHigh(20);
      AddressSpace mm = rig.process(100);
      mm.setGroup(group);
      touch(rig, mm, 0, 100);
      assertEquals(20, group.current());
      assertEquals(80, group.event(MemoryGroup.Event.HIGH));
      assertEquals(0, group.event(MemoryGroup.Event.MAX));
      // Locked, it grows above the limit all the same.
      assertEquals(0, rig.machine.call(() -> mm.calls().mlock(BASE, 40 * 4096)));
      assertTrue(group.current() >= 40);
      assertEquals(0, group.event(MemoryGroup.Event.OOM));
      rig.check();
    }
  }

  @Test
  void filesAreLinuxes() {
    try (PressureRig rig = rig()) {
      MemoryGroup root = rig.kernel.rootGroup();
      MemoryGroup group = root.child("a").child("b");
      assertEquals("/a/b", group.path());
      assertEquals("/", root.path());
      assertEquals("max\n", group.read("memory.max"));
      group.write("memory.max", "1M\n");
      group.write("memory.high", "8192");
      assertEquals("1048576\n", group.read("memory.max"));
      assertEquals("8192\n", group.read("memory.high"));
      AddressSpace mm = rig.process(10);
      mm.setGroup(group);
      touch(rig, mm, 0, 3);
      assertEquals("8192\n", group.read("memory.current"));
      assertEquals("12288\n", group.read("memory.peak"));
      assertEquals(
          "low 0\nhigh 1\nmax 0\noom 0\noom_kill 0\noom_group_kill 0\n",
          group.read("memory.events"));
      assertEquals(mm.id() + "\n", group.read("cgroup.procs"));
      group.write("memory.max", "max");
      assertEquals(MemoryGroup.NO_LIMIT, group.max());
      assertThrows(IllegalArgumentException.class, () -> group.write("memory.max", "ten"));
      assertThrows(IllegalArgumentException.class, () -> group.write("memory.max", ""));
      assertThrows(IllegalArgumentException.class, () -> group.write("memory.min", "1"));
      assertThrows(IllegalArgumentException.class, () -> group.read("memory.min"));
      assertThrows(IllegalArgumentException.class, () -> root.child("a"));
      assertThrows(IllegalArgumentException.class, () -> root.child("a/b"));
    }
  }
}
