package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What is brought in early never takes a page from a limit that somebody needs. */
class PrefetchUnderPressureTest {
  private static final int LIMIT = 32;
  private static final int PAGES = 128;

  private static PressureRig rig(String policy, String prefetch) {
    PressureRig rig = PressureRig.of(policy);
    rig.kernel.prefetch().use(PrefetchOptions.of(prefetch));
    return rig;
  }

  /** Writes, then reads all pages in a row, over and over, in a group of 32; the major faults. */
  private static long sweeps(PressureRig rig, int times) {
    AddressSpace mm = rig.process(PAGES);
    MemoryGroup group = rig.kernel.rootGroup().child("small");
    group.setMax(LIMIT);
    rig.machine.spend();
    mm.setGroup(group);
    for (int page = 0; page < PAGES; page++) {
      rig.store(mm, page, 1000 + page);
    }
    long before = mm.majorFaults();
    for (int sweep = 0; sweep < times; sweep++) {
      for (int page = 0; page < PAGES; page++) {
        assertEquals(1000 + page, rig.load(mm, page));
        assertTrue(group.current() <= LIMIT);
      }
    }
    rig.check();
    assertEquals(0, group.event(MemoryGroup.Event.OOM));
    long majors = mm.majorFaults() - before;
    rig.machine.exit(mm);
    assertEquals(0, group.current());
    assertEquals(0, rig.kernel.prefetch().stat().pending());
    return majors;
  }

  @Test
  void everyPageIsAMajorFaultWithout() {
    try (PressureRig rig = rig("lru", "none")) {
      assertEquals(4 * PAGES, sweeps(rig, 4));
      assertEquals(new PrefetchStat(0, 0, 0, 0), rig.kernel.prefetch().stat());
    }
  }

  @Test
  void aSweepThroughAFullGroupGains() {
    for (String policy : List.of("fifo", "clock", "lru")) {
      try (PressureRig rig = rig(policy, "sequential:degree=4")) {
        long majors = sweeps(rig, 4);
        PrefetchStat stat = rig.kernel.prefetch().stat();
        assertTrue(majors < 4 * PAGES / 2, policy + ": " + majors + " major faults, " + stat);
        assertTrue(stat.accuracy() > 0.9, policy + ": " + stat);
        assertEquals(4 * PAGES, majors + stat.used(), policy);
      }
    }
  }

  @Test
  void noMoreThanAQuarterOfALimitIsGivenUpForWhatNobodyTouched() {
    try (PressureRig rig = rig("lru", "sequential:degree=100")) {
      AddressSpace mm = rig.process(PAGES);
      MemoryGroup group = rig.kernel.rootGroup().child("small");
      group.setMax(LIMIT);
      rig.machine.spend();
      mm.setGroup(group);
      for (int page = 0; page < PAGES; page++) {
        rig.store(mm, page, page);
      }
      long most = 0;
      for (int page = 0; page < PAGES; page++) {
        rig.load(mm, page);
        most = Math.max(most, rig.kernel.prefetch().stat().pending());
      }
      assertTrue(most > 1 && most <= LIMIT / 4, most + " pages");
    }
  }

  @Test
  void oneFrameIsEnoughForAProcessThatReadsAhead() {
    try (PressureRig rig = rig("fifo", "sequential:degree=8")) {
      AddressSpace mm = rig.process(16);
      MemoryGroup group = rig.kernel.rootGroup().child("tiny");
      group.setMax(1);
      rig.machine.spend();
      mm.setGroup(group);
      for (int page = 0; page < 16; page++) {
        rig.store(mm, page, page);
      }
      for (int page = 0; page < 16; page++) {
        assertEquals(page, rig.load(mm, page));
      }
      assertEquals(0, group.event(MemoryGroup.Event.OOM));
      assertEquals(0, rig.kernel.prefetch().stat().issued());
    }
  }

  @Test
  void filesAreReadAheadWithinTheLimit() {
    try (PressureRig rig = rig("lru", "none")) {
      FileObject file = rig.file(100);
      rig.kernel.fileCalls().dropCache(file);
      rig.machine.spend();
      AddressSpace mm = rig.kernel.newAddressSpace().orElseThrow();
      MemoryGroup group = rig.kernel.rootGroup().child("small");
      group.setMax(LIMIT);
      rig.machine.spend();
      mm.setGroup(group);
      rig.mapFile(mm, file, 100);
      for (int page = 0; page < 100; page++) {
        rig.load(mm, page);
        assertTrue(group.current() <= LIMIT);
      }
      assertTrue(mm.majorFaults() < 50, mm.majorFaults() + " major faults");
      assertEquals(0, group.event(MemoryGroup.Event.OOM));
      rig.check();
    }
  }
}
