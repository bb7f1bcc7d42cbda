package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.machine.Signal;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.physmem.PhysicalMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every address space has the kernel's direct map of physical memory, and no user gets at it. */
class KernelHalfTest {
  private Rig rig = new Rig(KernelOptions.DEFAULT);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void theKernelReachesAllOfPhysicalMemory() {
    Core core = rig.core(rig.mm);
    long last = (64L << 20) - 1;
    for (long pa : new long[] {0, 0x1234, Rig.MIB2 - 1, Rig.MIB2, last}) {
      long address = rig.kernel.directMap() + pa;
      assertEquals(pa, core.mmu().translate(address, AccessCode.SUPERVISOR_READ));
      assertEquals(pa, core.mmu().translate(address, AccessCode.SUPERVISOR_WRITE));
      long fetch = core.mmu().translate(address, AccessCode.SUPERVISOR_FETCH);
      assertEquals(0x11, Faults.errorCode(fetch), "data is not executable");
    }
    long behind = core.mmu().translate(rig.kernel.directMap() + last + 1, 0);
    assertEquals(0, Faults.errorCode(behind), "nothing is there");
  }

  @Test
  void aUserThatTouchesItFaultsOnAPageThatIsPresent() {
    Core core = rig.core(rig.mm);
    long result = core.mmu().translate(rig.kernel.directMap(), AccessCode.USER_READ);
    assertEquals(5, Faults.errorCode(result));
    Reply reply = core.store(rig.kernel.directMap() + 8, 1, 1);
    Signal signal = assertInstanceOf(Reply.Signalled.class, reply).signal();
    assertEquals(FaultResult.SIGSEGV, signal.number());
    assertEquals(FaultResult.SEGV_MAPERR, signal.code());
    assertEquals(7, signal.error());
  }

  @Test
  void allAddressSpacesShareItsTables() {
    AddressSpace other = rig.fork(rig.mm);
    int shared = 0;
    for (int i = 256; i < 512; i++) {
      long entry = rig.memory.read64(rig.mm.root() + i * 8L);
      assertEquals(entry, rig.memory.read64(other.root() + i * 8L));
      shared += entry == 0 ? 0 : 1;
    }
    assertEquals(1, shared);
    assertEquals(0, rig.mm.pageTablePages());
    assertEquals(3, rig.kernel.kernelTablePages(), "the kernel's root, a PUD, a PMD");
  }

  @Test
  void pagesAreAsLargeAsFit() {
    try (PhysicalMemory memory =
            PhysicalMemory.builder()
                .ram(0, 0x3000)
                .ram(Rig.MIB2, Rig.MIB2)
                .ram(Rig.GIB, Rig.GIB + 0x1000)
                .build();
        Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT)) {
      AddressSpace mm = kernel.newAddressSpace().orElseThrow();
      assertEquals(PageTables.PTE, level(memory, mm, kernel.directMap() + 0x2000));
      assertEquals(PageTables.PMD, level(memory, mm, kernel.directMap() + Rig.MIB2));
      assertEquals(PageTables.PUD, level(memory, mm, kernel.directMap() + Rig.GIB));
      assertEquals(PageTables.PTE, level(memory, mm, kernel.directMap() + 2 * Rig.GIB));
      assertEquals(0, level(memory, mm, kernel.directMap() + 0x3000));
    }
  }

  /** The level of the entry that maps {@code address}, or 0. */
  private static int level(PhysicalMemory memory, AddressSpace mm, long address) {
    long table = mm.root();
    for (int level = 4; level > 0; level--) {
      long entry = memory.read64(PageTables.slot(table, address, level));
      if (entry == 0) {
        return 0;
      }
      if (level == PageTables.PTE || Entry.has(entry, Entry.PS)) {
        return level;
      }
      table = Entry.table(entry);
    }
    return 0;
  }

  @Test
  void withoutPagesOfOneGibibyteItHasPagesOfTwoMebibytes() {
    rig.close();
    rig = new Rig(2 * Rig.GIB, KernelOptions.DEFAULT.withGigabytePages(false));
    assertEquals(PageTables.PMD, level(rig.memory, rig.mm, rig.kernel.directMap() + Rig.GIB));
  }

  @Test
  void globalEntriesSurviveASwitch() {
    long address = rig.kernel.directMap() + 0x1000;
    assertTrue(isGlobal(rig, address));
    rig.close();
    rig = new Rig(KernelOptions.DEFAULT.withIsolation(true));
    assertFalse(isGlobal(rig, address), "or else user mode could use them");
  }

  private static boolean isGlobal(Rig rig, long address) {
    long pud = Entry.table(rig.memory.read64(PageTables.slot(rig.mm.root(), address, 4)));
    long pmd = Entry.table(rig.memory.read64(PageTables.slot(pud, address, 3)));
    return Entry.has(rig.memory.read64(PageTables.slot(pmd, address, 2)), Entry.G);
  }

  @Test
  void aMemoryTooSmallForItsTablesIsRefused() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(3 * 4096L)) {
      assertThrows(IllegalArgumentException.class, () -> new Kernel(memory, KernelOptions.DEFAULT));
    }
  }
}
