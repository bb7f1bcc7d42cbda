package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.PressureRig.BASE;
import static dev.pagewalk.kernel.PressureRig.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.Core;
import dev.pagewalk.physmem.PhysicalMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Memory is reclaimed when it is short: which pages go, how, and what comes back. */
class ReclaimTest {
  private static final int RAM = 512;

  private static PressureRig small(ReclaimOptions reclaim, long slots) {
    return new PressureRig(RAM, slots, KernelOptions.DEFAULT, reclaim);
  }

  private static long free(PressureRig rig) {
    return rig.kernel.memInfo().free();
  }

  private static boolean isOut(AddressSpace mm, long address) {
    return mm.page(address).kind() == PageView.Kind.SWAP;
  }

  // --- watermarks ---

  @ParameterizedTest
  @CsvSource({
    "1, 32, 40, 48",
    "64, 256, 320, 384",
    "1024, 1024, 1280, 1536",
    "4096, 2048, 3096, 4144"
  })
  void watermarksAreLinuxes(long mebibytes, long min, long low, long high) {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(mebibytes << 20);
        Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT)) {
      kernel.useReclaim(ReclaimOptions.of("fifo"));
      near(min, kernel.pressure().min());
      near(low, kernel.pressure().low());
      near(high, kernel.pressure().high());
    }
  }

  /** The kernel's own frames do not count, which are few. */
  private static void near(long expected, long actual) {
    assertTrue(Math.abs(expected - actual) <= 1 + expected / 100, actual + ", not " + expected);
  }

  @Test
  void moreMemoryThanThereIsGoesThroughSwapAndComesBackAsItWas() {
    try (PressureRig rig = small(ReclaimOptions.of("clock"), 2000)) {
      AddressSpace mm = rig.process(1500);
      for (int i = 0; i < 1500; i++) {
        rig.store(mm, i, i + 7);
        assertTrue(free(rig) >= rig.kernel.pressure().min() - 4, "free frames " + free(rig));
      }
      rig.check();
      for (int i = 0; i < 1500; i++) {
        assertEquals(i + 7, rig.load(mm, i));
      }
      rig.check();
      assertTrue(rig.count(VmEvent.PSWPOUT) > 2000);
      assertTrue(rig.count(VmEvent.PSWPIN) > 1000);
      assertEquals(rig.count(VmEvent.PGSTEAL_ANON), rig.count(VmEvent.PSWPOUT));
      assertEquals(0, rig.count(VmEvent.OOM_KILL));
      rig.machine.exit(mm);
      KernelCheck.empty(rig.kernel);
    }
  }

  @Test
  void backgroundReclaimFillsUpToTheHighWatermark() {
    ReclaimOptions options = ReclaimOptions.of("fifo").withWatermarks(20, 60, 100);
    try (PressureRig rig = small(options, 1000)) {
      AddressSpace mm = rig.process(450);
      int page = 0;
      while (free(rig) >= 60) {
        rig.store(mm, page++, 1);
      }
      assertEquals(0, rig.count(VmEvent.PAGEOUTRUN));
      rig.machine.call(() -> {
        rig.kernel.tick();
        return 0;
      });
      assertEquals(1, rig.count(VmEvent.PAGEOUTRUN));
      assertEquals(100, free(rig));
      assertEquals(0, rig.count(VmEvent.PGSTEAL_DIRECT));
      assertTrue(rig.count(VmEvent.PGSTEAL_KSWAPD) >= 40);
      rig.check();
    }
  }

  @Test
  void whoFindsNothingReclaimsAtOnce() {
    ReclaimOptions options = ReclaimOptions.of("fifo").withWatermarks(40, 40, 40);
    try (PressureRig rig = small(options, 1000)) {
      AddressSpace mm = rig.process(1000);
      for (int i = 0; i < 700; i++) {
        rig.store(mm, i, i);
        assertTrue(free(rig) >= 36, "free " + free(rig));
      }
      assertTrue(rig.count(VmEvent.ALLOCSTALL) > 0);
      assertTrue(rig.count(VmEvent.PGSTEAL_DIRECT) > 0);
    }
  }

  // --- which pages go ---

  @Test
  void cleanPagesOfFilesAreDroppedAndDirtyOnesWrittenBackFirst() {
    try (PressureRig rig = small(ReclaimOptions.of("fifo"), 0)) {
      FileObject file = rig.file(100);
      AddressSpace mm = rig.kernel.newAddressSpace().orElseThrow();
      rig.mapFile(mm, file, 100);
      for (int i = 0; i < 100; i += 2) {
        rig.store(mm, i, 1000 + i);
      }
      long written = rig.count(VmEvent.NR_WRITTEN);
      AddressSpace other = rig.process(RAM);
      MemoryGroup group = rig.kernel.rootGroup();
      long anonymous = 0;
      while (rig.count(VmEvent.PGSTEAL_FILE) < 90) {
        rig.store(other, anonymous++, 1);
      }
      assertTrue(rig.count(VmEvent.NR_WRITTEN) - written >= 40);
      assertEquals(0, rig.count(VmEvent.PSWPOUT));
      assertEquals(rig.count(VmEvent.NR_WRITTEN) - written, rig.count(VmEvent.NR_VMSCAN_WRITE));
      rig.check();
      rig.machine.exit(other);
      for (int i = 0; i < 100; i++) {
        long expected = i % 2 == 0 ? 1000 + i : (i + 1) * 0x0101_0101_0101_0101L;
        assertEquals(expected, rig.load(mm, i), "page " + i);
      }
      assertTrue(rig.count(VmEvent.WORKINGSET_REFAULT_FILE) > 0);
      assertTrue(group.current() < RAM);
    }
  }

  @Test
  void withoutSwapAnonymousPagesStay() {
    try (PressureRig rig = small(ReclaimOptions.of("fifo"), 0)) {
      FileObject file = rig.file(200);
      AddressSpace mm = rig.process(250);
      for (int i = 0; i < 250; i++) {
        rig.store(mm, i, i);
      }
      assertTrue(rig.count(VmEvent.PGSTEAL_FILE) > 0);
      assertEquals(0, rig.count(VmEvent.PGSTEAL_ANON));
      for (int i = 0; i < 250; i++) {
        assertEquals(i, rig.load(mm, i));
      }
      assertTrue(file.size() > 0);
      rig.check();
    }
  }

  @Test
  void lockedPagesAreSetAsideAndComeBackWhenTheLockGoes() {
    try (PressureRig rig = small(ReclaimOptions.of("fifo"), 1000)) {
      AddressSpace mm = rig.process(1000);
      for (int i = 0; i < 100; i++) {
        rig.store(mm, i, i);
      }
      assertEquals(0, rig.machine.call(() -> mm.calls().mlock(BASE, 100 * PAGE)));
      for (int i = 100; i < 1000; i++) {
        rig.store(mm, i, i);
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(PageView.Kind.PRESENT, mm.page(BASE + i * PAGE).kind(), "page " + i);
      }
      assertEquals(100, rig.count(VmEvent.UNEVICTABLE_PGS_CULLED));
      rig.check();
      assertEquals(0, rig.machine.call(() -> mm.calls().munlock(BASE, 100 * PAGE)));
      for (int i = 100; i < 1000; i++) {
        assertEquals(i, rig.load(mm, i));
      }
      assertEquals(100, rig.count(VmEvent.UNEVICTABLE_PGS_RESCUED));
      assertTrue(isOut(mm, BASE));
      rig.check();
    }
  }

  @Test
  void aHugePageIsCutAndItsPagesGoOneByOne() {
    KernelOptions huge = KernelOptions.DEFAULT.withHugePages(HugePolicy.ALWAYS);
    try (PressureRig rig = new PressureRig(2048, 2048, huge, ReclaimOptions.of("fifo"))) {
      AddressSpace mm = rig.process(2048);
      rig.store(mm, 0, 5);
      assertTrue(mm.page(BASE).huge());
      for (int i = 1; i < 512; i++) {
        rig.store(mm, i, i + 5);
      }
      MemoryGroup group = rig.kernel.rootGroup();
      assertEquals(512, group.current());
      group.setMax(300);
      rig.machine.spend();
      assertEquals(300, group.current());
      assertEquals(1, rig.count(VmEvent.THP_SPLIT_PAGE));
      rig.check();
      for (int i = 0; i < 512; i++) {
        assertEquals(i + 5, rig.load(mm, i));
      }
      rig.check();
    }
  }

  @Test
  void offeredPagesGoWithoutBeingWritten() {
    try (PressureRig rig = small(ReclaimOptions.of("fifo"), 1000)) {
      AddressSpace mm = rig.process(500);
      for (int i = 0; i < 50; i++) {
        rig.store(mm, i, 9);
      }
      rig.machine.call(() -> mm.calls().madvise(BASE, 50 * PAGE, Advice.FREE.code()));
      rig.store(mm, 0, 10);
      for (int i = 50; i < 500; i++) {
        rig.store(mm, i, 9);
      }
      assertEquals(49, rig.count(VmEvent.PGLAZYFREED));
      assertEquals(10, rig.load(mm, 0));
      assertEquals(0, rig.load(mm, 1));
      rig.check();
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 100", "200, 100, 0"})
  void swappinessChoosesBetweenAnonymousPagesAndFiles(int swappiness, int anonymous, int files) {
    ReclaimOptions options = ReclaimOptions.of("fifo").withSwappiness(swappiness);
    try (PressureRig rig = new PressureRig(4096, 1000, KernelOptions.DEFAULT, options)) {
      FileObject file = rig.file(200);
      AddressSpace mm = rig.process(200);
      for (int i = 0; i < 200; i++) {
        rig.store(mm, i, i);
      }
      rig.kernel.rootGroup().setMax(rig.kernel.rootGroup().current() - 100);
      rig.machine.spend();
      assertEquals(anonymous, rig.count(VmEvent.PGSTEAL_ANON));
      assertEquals(files, rig.count(VmEvent.PGSTEAL_FILE));
      assertTrue(file.size() > 0);
      rig.check();
    }
  }

  @Test
  void aProcessGivesUpItsOwnPagesFirst() {
    ReclaimOptions options = ReclaimOptions.of("fifo").withScope(ReclaimOptions.Scope.PER_PROCESS);
    try (PressureRig rig = new PressureRig(4096, 1000, KernelOptions.DEFAULT, options)) {
      AddressSpace quiet = rig.process(50);
      AddressSpace greedy = rig.process(500);
      for (int i = 0; i < 50; i++) {
        rig.store(quiet, i, i);
      }
      rig.kernel.rootGroup().setMax(100);
      rig.machine.spend();
      for (int i = 0; i < 500; i++) {
        rig.store(greedy, i, i);
      }
      long before = quiet.majorFaults();
      for (int i = 0; i < 50; i++) {
        assertEquals(i, rig.load(quiet, i));
      }
      assertEquals(before, quiet.majorFaults());
      rig.check();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"clock", "lru"})
  void pagesThatComeBackSoonAreOfTheWorkingSet(String policy) {
    try (PressureRig rig = PressureRig.of(policy)) {
      rig.kernel.rootGroup().setMax(4);
      rig.machine.spend();
      AddressSpace mm = rig.process(100);
      for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
          rig.store(mm, i, 1);
        }
      }
      // 15 accesses of a loop one page too long: all miss, and all but the first five come back.
      assertEquals(10, rig.count(VmEvent.WORKINGSET_REFAULT_ANON));
      assertEquals(10, rig.count(VmEvent.WORKINGSET_ACTIVATE_ANON));
    }
  }

  @Test
  void reclaimIsSetUpBeforeThereIsAnythingToReclaim() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(4 << 20);
        Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT)) {
      assertThrows(IllegalStateException.class, kernel::rootGroup);
      assertTrue(kernel.newAddressSpace().isPresent());
      ReclaimOptions options = ReclaimOptions.of("fifo");
      assertThrows(IllegalStateException.class, () -> kernel.useReclaim(options));
    }
    assertThrows(IllegalArgumentException.class, () -> ReclaimOptions.of("opt"));
    assertTrue(Policies.needsFuture("opt"));
  }

  @Test
  void coresThatRunSomethingElseLearnOfItLater() {
    try (PressureRig rig = small(ReclaimOptions.of("fifo"), 1000)) {
      AddressSpace quiet = rig.process(10);
      rig.store(quiet, 0, 42);
      Core core = rig.core(quiet);
      AddressSpace greedy = rig.process(1000);
      if (rig.core(greedy) == core) {
        greedy = rig.process(1000);
      }
      for (int i = 0; i < 1000; i++) {
        rig.store(greedy, i, i);
      }
      assertTrue(isOut(quiet, BASE));
      rig.check();
      assertEquals(42, rig.load(quiet, 0));
    }
  }
}
