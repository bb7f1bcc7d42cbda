package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Limits, seals and locks at their corners; each as a Linux 6.18 answered. */
class LimitsTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int FIXED = MapFlag.PRIVATE | MapFlag.FIXED;
  private static final long NO_MEMORY = Errno.ENOMEM.result();
  private static final long INVALID = Errno.EINVAL.result();

  private final Rig rig = new Rig(KernelOptions.DEFAULT);
  private final AddressSpace mm = rig.mm;

  @AfterEach
  void close() {
    rig.close();
  }

  private static long page(int number) {
    return BASE + 4096L * number;
  }

  private long map(int page, int pages, int prot) {
    var request = MmapRequest.anonymous(page(page), 4096L * pages, prot, FIXED);
    return rig.call(() -> mm.calls().mmap(request));
  }

  private void limit(Rlimit limit, long bytes) {
    assertEquals(0, rig.call(() -> mm.calls().setRlimit(limit, bytes)));
  }

  private long madvise(long address, Advice advice) {
    return rig.call(() -> mm.calls().madvise(address, 8192, advice.code()));
  }

  /** Where mappings begin, in pages from the first, and where the last ends. */
  private String bounds() {
    StringBuilder text = new StringBuilder();
    mm.view().forEach(vma -> text.append((vma.start() - BASE) >> 12).append(' '));
    return text.append((mm.view().getLast().end() - BASE) >> 12).toString();
  }

  @Test
  void aMappingThatTheLimitRefusesLeavesTheCutsItMade() {
    map(0, 10, RW);
    limit(Rlimit.AS, 10 * 4096);
    assertEquals(page(4), map(4, 2, RW));
    assertEquals("0 10", bounds());
    limit(Rlimit.AS, 5 * 4096);
    assertEquals(NO_MEMORY, map(4, 2, Prot.READ));
    assertEquals("0 4 6 10", bounds());
  }

  @Test
  void aSealIsMetBeforeTheLimit() {
    map(0, 10, RW);
    assertEquals(0, rig.call(() -> mm.calls().mseal(page(4), 4096)));
    limit(Rlimit.AS, 5 * 4096);
    assertEquals(Errno.EPERM.result(), map(3, 20, Prot.READ));
    assertEquals("0 3 4 5 10", bounds());
  }

  @Test
  void aDataLimitOfZeroBindsTheHeapAlone() {
    map(0, 10, Prot.READ);
    limit(Rlimit.DATA, 0);
    assertEquals(page(20), map(20, 2, RW));
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, 4096, RW)));
    mm.setBrk(page(100));
    assertEquals(page(100), rig.call(() -> mm.calls().brk(page(101))));
    limit(Rlimit.DATA, 4096);
    assertEquals(NO_MEMORY, map(30, 2, RW));
    assertEquals(NO_MEMORY, rig.call(() -> mm.calls().mprotect(page(1), 4096, RW)));
    limit(Rlimit.DATA, -1);
    assertEquals(page(30), map(30, 2, RW));
  }

  @Test
  void aMoveThatLeavesTheOldPlaceIsRefusedAfterTheTargetHasGone() {
    map(0, 4, RW);
    map(100, 2, RW);
    limit(Rlimit.AS, 6 * 4096);
    int flags = MremapFlag.MAYMOVE | MremapFlag.FIXED | MremapFlag.DONTUNMAP;
    limit(Rlimit.AS, 4 * 4096);
    var move = new MremapRequest(BASE, 4 * 4096, 4 * 4096, flags, page(100));
    assertEquals(NO_MEMORY, rig.call(() -> mm.calls().mremap(move)));
    assertEquals("0 4", bounds());
  }

  // --- seals ---

  @Test
  void aSealedFileMappingMayBeDiscardedAndAnonymousMemoryThatCannotBeWrittenMayNot() {
    FileObject file = rig.kernel.createFile("f", FileSystem.EXT4);
    rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 65536));
    var request = new MmapRequest(BASE, 8192, Prot.READ, FIXED, Optional.of(file), 0);
    assertEquals(BASE, rig.call(() -> mm.calls().mmap(request)));
    map(16, 2, Prot.READ);
    for (int page : new int[] {0, 16}) {
      assertEquals(0, rig.call(() -> mm.calls().mseal(page(page), 8192)));
    }
    for (Advice advice : new Advice[] {Advice.DONTNEED, Advice.DONTFORK, Advice.GUARD_INSTALL}) {
      assertEquals(0, madvise(BASE, advice), advice.name());
      assertEquals(Errno.EPERM.result(), madvise(page(16), advice), advice.name());
    }
    assertEquals(Errno.EACCES.result(), madvise(BASE, Advice.REMOVE));
    assertEquals(INVALID, madvise(BASE, Advice.FREE));
    assertEquals(0, madvise(page(16), Advice.DOFORK));
  }

  @Test
  void msealRefusesALengthThatWrapsAround() {
    map(0, 2, RW);
    for (long length : new long[] {-1, -4096}) {
      assertEquals(INVALID, rig.call(() -> mm.calls().mseal(BASE, length)));
    }
    assertEquals(0, rig.call(() -> mm.calls().mseal(BASE, 0)));
    assertEquals(0, rig.call(() -> mm.calls().mseal(BASE, 8191)));
    assertEquals(NO_MEMORY, rig.call(() -> mm.calls().mseal(BASE, 8193)));
  }

  // --- mlockall ---

  @Test
  void mlockallLocksWhatIsThereAndWhatComes() {
    map(0, 2, RW);
    assertEquals(0, rig.call(() -> mm.calls().mlockall(MlockallFlag.CURRENT)));
    assertEquals(2, mm.residentPages());
    map(10, 2, RW);
    assertEquals(2, mm.residentPages());
    assertEquals(0, rig.call(() -> mm.calls().mlockall(MlockallFlag.FUTURE)));
    map(20, 2, RW);
    assertEquals(4, mm.residentPages());
    mm.setBrk(page(100));
    assertEquals(page(103), rig.call(() -> mm.calls().brk(page(103))));
    assertEquals(7, mm.residentPages());
    AddressSpace child = rig.kernel.fork(mm).orElseThrow();
    rig.kernel.owed().spent();
    var request = MmapRequest.anonymous(page(40), 8192, RW, FIXED);
    rig.call(() -> child.calls().mmap(request));
    assertEquals(PageView.Kind.NONE, child.page(page(40)).kind());
    assertEquals(0, rig.call(() -> mm.calls().munlockall()));
    map(30, 2, RW);
    assertEquals(7, mm.residentPages());
  }

  @Test
  void mlockallOnFaultBringsNothingInAndAskedAloneIsInvalid() {
    int onFault = MlockallFlag.FUTURE | MlockallFlag.ONFAULT;
    assertEquals(0, rig.call(() -> mm.calls().mlockall(onFault)));
    map(0, 3, RW);
    assertEquals("rd wr mr mw me lo lf ac", mm.view().getFirst().flags());
    assertEquals(0, mm.residentPages());
    for (int flags : new int[] {0, MlockallFlag.ONFAULT, 8, -1}) {
      assertEquals(INVALID, rig.call(() -> mm.calls().mlockall(flags)));
    }
  }
}
