package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.MIB2;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.machine.Core;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** With page-table isolation user mode runs on tables of its own, without the kernel half. */
class IsolationTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int ANON = MapFlag.PRIVATE;

  private final Rig rig = new Rig(KernelOptions.DEFAULT.withIsolation(true));
  private final AddressSpace mm = rig.mm;

  @AfterEach
  void close() {
    for (AddressSpace space : rig.kernel.addressSpaces()) {
      rig.exit(space);
    }
    long kept = 1 + rig.kernel.kernelTablePages();
    assertEquals((64L << 20) / 4096, rig.freeFrames() + kept);
    rig.close();
  }

  @Test
  void theRootForUserModeFollowsTheKernelsAndHasTheUserHalfAlone() {
    rig.map(mm, BASE, MIB2, ANON);
    rig.store(mm, BASE, 1);
    assertEquals(mm.root() + 4096, mm.userRoot());
    assertEquals(0, mm.root() % 8192);
    for (int i = 0; i < 512; i++) {
      long kernel = rig.memory.read64(mm.root() + i * 8L);
      long user = rig.memory.read64(mm.userRoot() + i * 8L);
      if (i >= 256) {
        assertEquals(0, user);
      } else {
        assertEquals(user & Entry.ADDRESS, kernel & Entry.ADDRESS);
        assertEquals(user != 0, Entry.has(kernel, Entry.XD), "the kernel does not execute it");
        assertFalse(Entry.has(user, Entry.XD));
      }
    }
  }

  @Test
  void userAccessesRunOnTheUserRootUnderItsPcid() {
    rig.map(mm, BASE, MIB2, ANON);
    rig.store(mm, BASE, 1);
    Core core = rig.core(mm);
    long cr3 = core.mmu().registers().cr3();
    assertEquals(mm.userRoot(), cr3 & Entry.ADDRESS);
    assertEquals(core.tlbState().pcid() | 1 << 11, cr3 & 0xfff);
    long probe = core.mmu().translate(rig.kernel.directMap(), AccessCode.USER_READ);
    assertEquals(4, Faults.errorCode(probe), "nothing of the kernel is there");
  }

  @Test
  void kernelCopiesRunOnTheKernelsRoot() {
    rig.map(mm, BASE, MIB2, ANON);
    Core core = rig.core(mm);
    assertTrue(core.copyToUser(BASE + 4090, new byte[] {1, 2, 3, 4, 5, 6, 7, 8}));
    long cr3 = core.mmu().registers().cr3();
    assertEquals(mm.root(), cr3 & Entry.ADDRESS);
    assertEquals(core.tlbState().pcid(), cr3 & 0xfff);
    assertEquals(7, rig.load(mm, BASE + 4096));
    byte[] back = new byte[4];
    assertTrue(core.copyFromUser(BASE + 4092, back));
    assertArrayEquals(new byte[] {3, 4, 5, 6}, back);
  }

  @Test
  void theKernelCannotExecuteWhatIsTheUsers() {
    int rwx = Rig.RW | Prot.EXEC;
    rig.call(() -> mm.calls().mmap(MmapRequest.anonymous(BASE, 4096, rwx, ANON)));
    rig.store(mm, BASE, 0xc3);
    Core core = rig.core(mm);
    core.fetch(BASE);
    assertTrue(core.copyFromUser(BASE, new byte[1]));
    long fetch = core.mmu().translate(BASE, AccessCode.SUPERVISOR_FETCH);
    assertTrue(Faults.isFault(fetch));
  }

  @Test
  void aChangeIsSeenUnderBothPcids() {
    rig.map(mm, BASE, 64 * 4096, ANON);
    Core core = rig.core(mm);
    byte[] one = new byte[1];
    for (int pages : new int[] {1, 64}) {
      rig.store(mm, BASE, 5);
      assertTrue(core.copyFromUser(BASE, one));
      assertEquals(5, rig.load(mm, BASE));
      rig.call(() -> mm.calls().madvise(BASE, pages * 4096L, Advice.DONTNEED.code()));
      assertEquals(0, rig.load(mm, BASE), pages + " pages, user");
      assertTrue(core.copyFromUser(BASE, one));
      assertEquals(0, one[0], pages + " pages, kernel");
      rig.store(mm, BASE, 6);
      rig.call(() -> mm.calls().mprotect(BASE, pages * 4096L, Prot.READ));
      assertEquals(FaultResult.SIGSEGV, rig.storeSignal(mm, BASE, 7));
      assertFalse(core.copyToUser(BASE, one));
      rig.call(() -> mm.calls().mprotect(BASE, pages * 4096L, Rig.RW));
    }
  }

  @Test
  void aChangeWhileAwayIsSeenUnderTheUserPcidAfterTheSwitchBack() {
    rig.map(mm, BASE, 4096, ANON);
    rig.store(mm, BASE, 5);
    AddressSpace other = rig.fork(mm);
    Core core = rig.core(mm);
    rig.store(mm, BASE, 6);
    core.switchTo(other);
    rig.call(() -> mm.calls().madvise(BASE, 4096, Advice.DONTNEED.code()));
    assertEquals(0, rig.load(mm, BASE));
  }

  @Test
  void exitGivesBothRootsBack() {
    AddressSpace child = rig.fork(mm);
    long free = rig.freeFrames();
    rig.exit(child);
    assertEquals(free + 2, rig.freeFrames());
  }
}
