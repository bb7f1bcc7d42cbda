package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.ErrorCode;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Protection keys as arch/x86/mm/pkeys.c hands them out, and what PKRU makes of a fault. */
class PkeysTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int USER_READ = ErrorCode.US;
  private static final int USER_WRITE = ErrorCode.US | ErrorCode.WR;
  private static final int FETCH = ErrorCode.US | ErrorCode.ID;

  private final Rig rig = new Rig(KernelOptions.DEFAULT.withProtectionKeys(true));
  private final AddressSpace mm = rig.mm;

  @BeforeEach
  void map() {
    assertEquals(BASE, rig.map(mm, BASE, 4 * 4096, MapFlag.PRIVATE));
  }

  @AfterEach
  void close() {
    rig.close();
  }

  private int signalCode(int errorCode) {
    long answer = rig.call(() -> rig.kernel.fault(mm, BASE, errorCode));
    return FaultResult.isResolved(answer) ? 0 : FaultResult.code(answer);
  }

  private long key(int rights) {
    return rig.call(() -> mm.calls().pkeyAlloc(rights));
  }

  private long protect(int prot, long key) {
    return rig.call(() -> mm.calls().pkeyMprotect(BASE, 4096, prot, (int) key));
  }

  @Test
  void aPageThatIsNotThereIsRefusedByTheKeyOfItsMappingAndNotCharged() {
    long key = key(2);
    assertEquals(0, protect(RW, key));
    assertEquals(FaultResult.SEGV_PKUERR, signalCode(USER_WRITE));
    assertEquals(0, mm.minorFaults());
    assertEquals(0, signalCode(USER_READ));
    assertEquals(1, mm.minorFaults());
    mm.setPkru(mm.pkru() | 1 << (2 * key));
    assertEquals(FaultResult.SEGV_PKUERR, signalCode(USER_READ));
  }

  @Test
  void theKeyIsAskedBeforeTheRightsAndNeverForAFetch() {
    long key = key(1);
    assertEquals(0, protect(Prot.READ | Prot.EXEC, key));
    assertEquals(FaultResult.SEGV_PKUERR, signalCode(USER_WRITE));
    assertEquals(0, signalCode(FETCH));
  }

  @Test
  void pkruBeginsWithAllKeysButTheFirstClosedAndAllocOpensOne() {
    assertEquals(0x5555_5554, mm.pkru());
    assertEquals(1, key(0));
    assertEquals(0x5555_5550, mm.pkru());
    assertEquals(2, key(2));
    assertEquals(0x5555_5560, mm.pkru());
    assertEquals(Errno.EINVAL.result(), key(4));
  }

  @Test
  void keysRunOutAndAnyKeyThatWasGivenCanBeGivenBack() {
    for (int key = 1; key < 16; key++) {
      assertEquals(key, key(0));
    }
    assertEquals(Errno.ENOSPC.result(), key(0));
    assertEquals(0, rig.call(() -> mm.calls().pkeyFree(0)));
    assertEquals(Errno.EINVAL.result(), rig.call(() -> mm.calls().pkeyFree(0)));
    assertEquals(Errno.EINVAL.result(), rig.call(() -> mm.calls().pkeyFree(16)));
    assertEquals(Errno.EINVAL.result(), rig.call(() -> mm.calls().pkeyFree(-1)));
    assertEquals(Errno.EINVAL.result(), protect(RW, 0));
    assertEquals(0, key(0));
  }

  @Test
  void memoryThatCanOnlyBeExecutedCannotBeRead() {
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, 4096, Prot.EXEC)));
    assertEquals(FaultResult.SEGV_PKUERR, signalCode(USER_READ));
    assertEquals(0, signalCode(FETCH));
    // The key is nobody's: it cannot be named, nor given back.
    assertEquals(Errno.EINVAL.result(), protect(RW, 1));
    assertEquals(Errno.EINVAL.result(), rig.call(() -> mm.calls().pkeyFree(1)));
    assertEquals(2, key(0));
    // With other rights the mapping is as before, and joins its neighbour.
    assertEquals(0, rig.call(() -> mm.calls().mprotect(BASE, 4096, RW)));
    assertEquals(0, signalCode(USER_READ));
    assertEquals(1, mm.view().size());
  }

  @Test
  void whatAKeyForbidsIsNotBroughtInByCallsEither() {
    long key = key(1);
    assertEquals(0, protect(RW, key));
    int populate = Advice.POPULATE_READ.code();
    assertEquals(Errno.EINVAL.result(), rig.call(() -> mm.calls().madvise(BASE, 4096, populate)));
    assertEquals(Errno.ENOMEM.result(), rig.call(() -> mm.calls().mlock(BASE, 4096)));
    assertEquals(PageView.Kind.NONE, mm.page(BASE).kind());
  }

  @Test
  void aSealedMappingThatAKeyForbidsToWriteCannotBeDiscarded() {
    long key = key(0);
    assertEquals(0, protect(RW, key));
    assertEquals(0, rig.call(() -> mm.calls().mseal(BASE, 4096)));
    int discard = Advice.DONTNEED.code();
    assertEquals(0, rig.call(() -> mm.calls().madvise(BASE, 4096, discard)));
    mm.setPkru(mm.pkru() | 2 << (2 * key));
    assertEquals(Errno.EPERM.result(), rig.call(() -> mm.calls().madvise(BASE, 4096, discard)));
  }

  @Test
  void aChildHasTheKeysAndPkruOfItsParent() {
    long key = key(2);
    assertEquals(0, protect(RW, key));
    AddressSpace child = rig.kernel.fork(mm).orElseThrow();
    rig.kernel.owed().spent();
    assertEquals(mm.pkru(), child.pkru());
    assertEquals(key + 1, rig.call(() -> child.calls().pkeyAlloc()));
    assertTrue(child.proc().smaps().contains("ProtectionKey:         " + key));
  }
}
