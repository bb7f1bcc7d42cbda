package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.GIB;
import static dev.pagewalk.kernel.Rig.MIB2;
import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Explicit huge pages come from a pool, are promised at mmap and go back when nobody has them. */
class HugetlbTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int PRIVATE = MapFlag.PRIVATE | MapFlag.HUGETLB;
  private static final int SHARED = MapFlag.SHARED | MapFlag.HUGETLB;
  private static final int SIGBUS = FaultResult.SIGBUS;

  private Rig rig = new Rig(KernelOptions.DEFAULT.withHugetlb(4, 0));
  private AddressSpace mm = rig.mm;

  @AfterEach
  void allIsGivenBack() {
    for (AddressSpace space : rig.kernel.addressSpaces()) {
      rig.exit(space);
    }
    for (long size : new long[] {MIB2, GIB}) {
      HugetlbPool pool = rig.kernel.hugetlbPool(size);
      assertEquals(pool.total(), pool.free(), "free");
      assertEquals(0, pool.reserved(), "reserved");
      assertEquals(0, rig.kernel.setHugetlbPages(size, 0));
    }
    long kept = 1 + rig.kernel.kernelTablePages();
    assertEquals(rig.memory.regions().getFirst().bytes() / 4096, rig.freeFrames() + kept);
    rig.close();
  }

  private void use(Rig other) {
    rig.exit(mm);
    rig.close();
    rig = other;
    mm = rig.mm;
  }

  private void assertPool(long free, long reserved) {
    HugetlbPool pool = rig.kernel.hugetlbPool(MIB2);
    assertEquals(free, pool.free(), "free");
    assertEquals(reserved, pool.reserved(), "reserved");
  }

  private static long error(Errno errno) {
    return errno.result();
  }

  // --- pools and reservations ---

  @Test
  void withoutAPoolMmapHasNoMemory() {
    use(new Rig(KernelOptions.DEFAULT));
    assertEquals(error(Errno.ENOMEM), rig.map(mm, BASE, MIB2, PRIVATE));
    assertEquals(error(Errno.ENOMEM), rig.map(mm, BASE, MIB2, SHARED));
    assertTrue(mm.view().isEmpty());
  }

  @Test
  void mmapPromisesEveryPageAndIsRefusedWhenTheyRunOut() {
    assertEquals(BASE, rig.map(mm, BASE, 3 * MIB2, PRIVATE));
    assertPool(4, 3);
    assertEquals(error(Errno.ENOMEM), rig.map(mm, BASE + GIB, 2 * MIB2, PRIVATE));
    assertEquals(BASE + GIB, rig.map(mm, BASE + GIB, MIB2, SHARED));
    assertPool(4, 4);
    rig.store(mm, BASE, 1);
    assertPool(3, 3);
    assertEquals(0, rig.unmap(mm, BASE, 3 * MIB2));
    assertPool(4, 1);
  }

  @Test
  void aMappingWithoutReservationGetsSigbusWhenThePoolIsEmpty() {
    int flags = PRIVATE | MapFlag.NORESERVE;
    assertEquals(BASE, rig.map(mm, BASE, 8 * MIB2, flags));
    assertPool(4, 0);
    for (int i = 0; i < 4; i++) {
      rig.store(mm, BASE + i * MIB2, i);
    }
    assertEquals(SIGBUS, rig.storeSignal(mm, BASE + 4 * MIB2, 1));
    assertEquals(SIGBUS, rig.loadSignal(mm, BASE + 5 * MIB2));
    assertEquals(3, rig.load(mm, BASE + 3 * MIB2));
  }

  @Test
  void aMappingWithoutReservationLeavesPromisedPagesAlone() {
    rig.map(mm, BASE, 3 * MIB2, PRIVATE);
    rig.map(mm, BASE + GIB, 4 * MIB2, PRIVATE | MapFlag.NORESERVE);
    rig.store(mm, BASE + GIB, 1);
    assertEquals(SIGBUS, rig.storeSignal(mm, BASE + GIB + MIB2, 1));
    for (int i = 0; i < 3; i++) {
      rig.store(mm, BASE + i * MIB2, 1);
    }
    assertPool(0, 0);
  }

  @Test
  void thePoolGrowsAndShrinksWhileItIsUsed() {
    assertEquals(6, rig.kernel.setHugetlbPages(MIB2, 6));
    rig.map(mm, BASE, 3 * MIB2, PRIVATE);
    rig.store(mm, BASE, 7);
    assertEquals(3, rig.kernel.setHugetlbPages(MIB2, 1));
    assertPool(2, 2);
    assertEquals(7, rig.load(mm, BASE));
    long most = rig.kernel.setHugetlbPages(MIB2, 1000);
    assertTrue(most > 3 && most < 32, most + " pages");
  }

  @Test
  void whatIsReplacedCanBePromisedAgainIfItWasPrivate() {
    assertEquals(BASE, rig.map(mm, BASE, 4 * MIB2, PRIVATE));
    for (int i = 0; i < 4; i++) {
      rig.store(mm, BASE + i * MIB2, 1);
    }
    assertEquals(BASE, rig.map(mm, BASE, 4 * MIB2, PRIVATE | MapFlag.FIXED));
    assertPool(4, 4);
  }

  /** So a Linux 6.18 answered: the object goes when the new mapping is there. */
  @Test
  void whatIsReplacedCannotBePromisedAgainIfItWasShared() {
    assertEquals(BASE, rig.map(mm, BASE, 3 * MIB2, SHARED));
    rig.store(mm, BASE, 1);
    assertEquals(error(Errno.ENOMEM), rig.map(mm, BASE, 3 * MIB2, PRIVATE | MapFlag.FIXED));
    assertTrue(mm.view().isEmpty());
    assertPool(4, 0);
  }

  @Test
  void aMappingThatWasMovedStillLacksWhatWasTakenFromIt() {
    assertEquals(BASE, rig.map(mm, BASE, 4 * MIB2, PRIVATE));
    for (int i = 0; i < 4; i++) {
      rig.store(mm, BASE + i * MIB2, 1);
    }
    AddressSpace child = rig.fork(mm);
    rig.store(mm, BASE, 2);
    assertEquals(SIGBUS, rig.loadSignal(child, BASE));
    int flags = MremapFlag.MAYMOVE | MremapFlag.FIXED;
    var move = new MremapRequest(BASE, MIB2, MIB2, flags, BASE + GIB);
    assertEquals(BASE + GIB, rig.call(() -> child.calls().mremap(move)));
    rig.unmap(mm, BASE, 4 * MIB2);
    assertEquals(SIGBUS, rig.loadSignal(child, BASE + GIB));
  }

  // --- arguments ---

  @Test
  void lengthsAreRoundedUpToHugePages() {
    assertEquals(BASE, rig.map(mm, BASE, 4096, PRIVATE));
    VmaView vma = mm.view().getFirst();
    assertEquals(BASE + MIB2, vma.end());
    assertEquals("rd wr mr mw me de ht", vma.flags());
  }

  @Test
  void aSizeThatDoesNotExistIsInvalid() {
    int log = 25;
    int flags = PRIVATE | log << MapFlag.HUGE_SHIFT;
    assertEquals(error(Errno.EINVAL), rig.map(mm, BASE, MIB2, flags));
    assertEquals(error(Errno.EINVAL), rig.map(mm, BASE + 4096, MIB2, PRIVATE | MapFlag.FIXED));
    FileObject file = rig.kernel.createFile("f", FileSystem.TMPFS);
    var ofFile = new MmapRequest(0, MIB2, RW, PRIVATE, Optional.of(file), 0);
    assertEquals(error(Errno.EINVAL), rig.call(() -> mm.calls().mmap(ofFile)));
    var ofNothing = new MmapRequest(0, MIB2, RW, PRIVATE, Optional.empty(), 0);
    assertEquals(error(Errno.EBADF), rig.call(() -> mm.calls().mmap(ofNothing)));
  }

  @Test
  void aHintAndAFreePlaceAreAligned() {
    assertEquals(BASE + MIB2, rig.map(mm, BASE + 4096, MIB2, PRIVATE));
    long chosen = rig.map(mm, 0, MIB2, PRIVATE);
    assertTrue(chosen > 0);
    assertEquals(0, chosen % MIB2);
  }

  @Test
  void partsOfHugePagesCannotBeUnmappedProtectedOrMoved() {
    rig.map(mm, BASE, 2 * MIB2, PRIVATE);
    long no = error(Errno.EINVAL);
    assertEquals(no, rig.unmap(mm, BASE, 4096));
    assertEquals(no, rig.unmap(mm, BASE + 4096, MIB2));
    assertEquals(no, rig.call(() -> mm.calls().mprotect(BASE, 4096, Prot.READ)));
    assertEquals(no, rig.call(() -> mm.calls().mprotect(BASE + 4096, MIB2, Prot.READ)));
    assertEquals(no, rig.call(() -> mm.calls().mseal(BASE, 4096)));
    assertEquals(no, advise(BASE + 4096, MIB2, Advice.DONTNEED));
    assertEquals(no, advise(BASE, MIB2, Advice.FREE));
    assertEquals(no, advise(BASE, MIB2, Advice.COLD));
    assertEquals(no, advise(BASE, MIB2, Advice.GUARD_INSTALL));
    assertEquals(no, remap(BASE + 4096, MIB2, MIB2, BASE + GIB));
    assertEquals(no, remap(BASE, MIB2, MIB2, BASE + GIB + 4096));
    assertEquals(no, remap(BASE, MIB2, 2 * MIB2, BASE + GIB));
    assertEquals(1, mm.view().size());
  }

  private long advise(long address, long length, Advice advice) {
    return rig.call(() -> mm.calls().madvise(address, length, advice.code()));
  }

  private long remap(long from, long length, long newLength, long to) {
    int flags = MremapFlag.MAYMOVE | MremapFlag.FIXED;
    var request = new MremapRequest(from, length, newLength, flags, to);
    return rig.call(() -> mm.calls().mremap(request));
  }

  // --- faults ---

  @Test
  void aFaultBringsAHugePageOfZeroes() {
    rig.map(mm, BASE, MIB2, PRIVATE);
    assertEquals(0, rig.load(mm, BASE + 0x12345));
    assertEquals(1, mm.minorFaults());
    assertEquals(0, mm.majorFaults());
    PageView page = mm.page(BASE + 0x12000);
    assertTrue(page.huge());
    assertFalse(page.zero());
    assertEquals(mm.page(BASE).frame() + 0x12, page.frame());
    assertEquals(2, mm.pageTablePages(), "PUD and PMD, no table behind it");
    rig.store(mm, BASE + 0x12345, 9);
    assertEquals(2, mm.minorFaults());
    assertEquals(9, rig.load(mm, BASE + 0x12345));
  }

  @Test
  void pagesOfOneGibibyteAreMappedByTheLevelAbove() {
    use(new Rig(4 * GIB, KernelOptions.DEFAULT.withHugetlb(0, 2)));
    int flags = PRIVATE | 30 << MapFlag.HUGE_SHIFT;
    assertEquals(BASE, rig.map(mm, BASE, 4096, flags));
    assertEquals(BASE + GIB, mm.view().getFirst().end());
    rig.store(mm, BASE + GIB - 1, 5);
    assertEquals(1, mm.pageTablePages());
    assertEquals(5, rig.load(mm, BASE + GIB - 1));
    assertTrue(mm.page(BASE + 0x1234_5000).huge());
    assertEquals(mm.page(BASE).frame() + 0x3ffff, mm.page(BASE + GIB - 1).frame());
    AddressSpace child = rig.fork(mm);
    rig.store(child, BASE + GIB - 1, 6);
    assertEquals(5, rig.load(mm, BASE + GIB - 1));
    assertEquals(GIB >> 10, mm.smaps(BASE).privateHugetlb());
    assertEquals(error(Errno.EINVAL), rig.unmap(mm, BASE, MIB2));
  }

  @Test
  void aProcessorWithoutPagesOfOneGibibyteHasNoSuchPool() {
    use(new Rig(4 * GIB, KernelOptions.DEFAULT));
    try (Rig old = new Rig(KernelOptions.DEFAULT.withGigabytePages(false))) {
      int flags = PRIVATE | 30 << MapFlag.HUGE_SHIFT;
      assertEquals(error(Errno.EINVAL), old.map(old.mm, BASE, GIB, flags));
    }
  }

  @Test
  void mprotectTakesRightsAndAStoreGetsThemBack() {
    rig.map(mm, BASE, 2 * MIB2, PRIVATE);
    rig.store(mm, BASE, 3);
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, MIB2, Prot.READ)));
    assertEquals(2, mm.view().size());
    assertEquals(FaultResult.SIGSEGV, rig.storeSignal(mm, BASE, 4));
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, MIB2, RW)));
    assertEquals(2, mm.view().size(), "mappings of huge pages never join");
    rig.store(mm, BASE, 4);
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, MIB2, 0)));
    assertEquals(FaultResult.SIGSEGV, rig.loadSignal(mm, BASE));
    byte[] page = new byte[4096];
    assertTrue(mm.peek(BASE, page));
    assertEquals(4, page[0]);
  }

  @Test
  void dontneedDropsWholePagesAndKeepsTheirPromise() {
    rig.map(mm, BASE, 4 * MIB2, PRIVATE);
    for (int i = 0; i < 4; i++) {
      rig.store(mm, BASE + i * MIB2, 1);
    }
    assertPool(0, 0);
    assertEquals(0, advise(BASE, 2 * MIB2 + 4096, Advice.DONTNEED));
    assertPool(2, 2);
    assertEquals(0, rig.load(mm, BASE));
    assertEquals(1, rig.load(mm, BASE + 2 * MIB2));
    assertEquals(0, advise(BASE, 8192, Advice.DONTNEED), "nothing is covered as a whole");
    assertPool(1, 1);
  }

  @Test
  void mremapTakesPagesAndPromisesAlong() {
    rig.map(mm, BASE, 3 * MIB2, PRIVATE);
    rig.store(mm, BASE + MIB2, 5);
    long frame = mm.page(BASE + MIB2).frame();
    long target = BASE + GIB;
    assertEquals(target, remap(BASE + MIB2, 2 * MIB2, 2 * MIB2, target));
    assertPool(3, 2);
    assertEquals(frame, mm.page(target).frame());
    assertEquals(5, rig.load(mm, target));
    rig.store(mm, target + MIB2, 6);
    rig.store(mm, BASE, 7);
    assertPool(1, 0);
    assertEquals(target, remap(target, 2 * MIB2, MIB2, target + GIB) - GIB);
    assertPool(2, 0);
  }

  // --- sharing ---

  @Test
  void aSharedPageIsSeenByAllAndLivesAsLongAsTheMapping() {
    rig.map(mm, BASE, 2 * MIB2, SHARED);
    AddressSpace child = rig.fork(mm);
    rig.store(child, BASE + 5, 8);
    assertEquals(8, rig.load(mm, BASE + 5));
    assertEquals(mm.page(BASE).frame(), child.page(BASE).frame());
    assertEquals(MIB2 >> 10, mm.smaps(BASE).sharedHugetlb());
    assertEquals(0, mm.smaps(BASE).rss());
    assertEquals(0, advise(BASE, MIB2, Advice.DONTNEED));
    assertEquals(8, rig.load(mm, BASE + 5));
    rig.exit(child);
    assertPool(3, 1);
    assertEquals(0, advise(BASE, MIB2, Advice.REMOVE));
    assertPool(4, 1);
    assertEquals(0, rig.load(mm, BASE + 5));
  }

  @Test
  void aPageThatIsAloneIsUsedAgainAndASharedOneIsCopied() {
    rig.map(mm, BASE, MIB2, PRIVATE);
    rig.store(mm, BASE, 1);
    long frame = mm.page(BASE).frame();
    AddressSpace child = rig.fork(mm);
    rig.store(child, BASE, 2);
    assertEquals(1, rig.load(mm, BASE));
    assertEquals(frame, mm.page(BASE).frame());
    rig.store(mm, BASE, 3);
    assertEquals(frame, mm.page(BASE).frame());
    assertEquals(2, rig.load(child, BASE));
    assertPool(2, 0);
  }

  @Test
  void aChildThatFindsNoPageForItsCopyGetsSigbus() {
    rig.map(mm, BASE, 4 * MIB2, PRIVATE);
    rig.store(mm, BASE, 1);
    AddressSpace child = rig.fork(mm);
    assertEquals(1, rig.load(child, BASE));
    assertEquals(SIGBUS, rig.storeSignal(child, BASE, 2), "the other pages are promised");
    assertEquals(1, rig.load(mm, BASE));
  }

  @Test
  void theParentTakesThePageFromItsChildWhenThereIsNoOther() {
    rig.map(mm, BASE, 4 * MIB2, PRIVATE);
    rig.store(mm, BASE, 1);
    AddressSpace child = rig.fork(mm);
    assertEquals(1, rig.load(child, BASE));
    long frame = mm.page(BASE).frame();
    rig.store(mm, BASE, 2);
    assertEquals(frame, mm.page(BASE).frame());
    assertEquals(PageView.Kind.NONE, child.page(BASE).kind());
    assertEquals(SIGBUS, rig.loadSignal(child, BASE));
    assertEquals(2, rig.load(mm, BASE));
  }

  @Test
  void mincoreAndMlockKnowHugePages() {
    rig.map(mm, BASE, 2 * MIB2, PRIVATE);
    rig.store(mm, BASE + MIB2, 1);
    byte[] vector = new byte[1024];
    assertEquals(0, rig.call(() -> mm.calls().mincore(BASE, 2 * MIB2, vector)));
    assertEquals(0, vector[511]);
    assertEquals(1, vector[512]);
    assertEquals(1, vector[1023]);
    assertEquals(0, rig.call(() -> mm.calls().mlock(BASE, MIB2)));
    assertTrue(mm.page(BASE).huge());
    assertFalse(mm.view().getFirst().flags().contains("lo"));
    assertEquals(BASE + GIB, rig.map(mm, BASE + GIB, MIB2, PRIVATE | MapFlag.POPULATE));
    assertTrue(mm.page(BASE + GIB).huge());
  }
}
