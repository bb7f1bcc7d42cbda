package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.MIB2;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A huge page that small entries map stays one folio if advice is for all of it. */
class ColdFolioTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long PAGE = 4096;

  private final Rig rig = new Rig(KernelOptions.DEFAULT);

  @BeforeEach
  void aHugePageWhoseEntryWasCut() {
    rig.kernel.swapOn(SwapArea.inMemory(8L << 20, true));
    rig.map(rig.mm, BASE, MIB2, MapFlag.PRIVATE);
    advise(BASE, MIB2, Advice.HUGEPAGE);
    rig.store(rig.mm, BASE, 1);
    rig.store(rig.mm, BASE + 300 * PAGE, 2);
    rig.call(() -> rig.mm.calls().mprotect(BASE + 3 * PAGE, PAGE, Prot.READ));
    rig.call(() -> rig.mm.calls().mprotect(BASE + 3 * PAGE, PAGE, Rig.RW));
    assertEquals(1, rig.mm.view().size());
    assertFalse(rig.mm.page(BASE).huge());
    assertTrue(isLarge());
  }

  @AfterEach
  void close() {
    KernelCheck.whole(rig.kernel);
    rig.exit(rig.mm);
    KernelCheck.empty(rig.kernel);
    rig.close();
  }

  private void advise(long address, long length, Advice advice) {
    assertEquals(0, rig.call(() -> rig.mm.calls().madvise(address, length, advice.code())));
  }

  private boolean isLarge() {
    return rig.kernel.folios().isLarge(rig.mm.page(BASE).frame());
  }

  private boolean isYoung(long page) {
    return Pte.isYoung(rig.mm.page(BASE + page * PAGE).entry());
  }

  @Test
  void coldForAllOfItMakesTheEntriesOldAndNothingElse() {
    assertTrue(isYoung(300));
    advise(BASE, MIB2, Advice.COLD);
    assertTrue(isLarge());
    assertFalse(isYoung(300));
    assertFalse(isYoung(511));
    assertFalse(rig.mm.page(BASE + 5 * PAGE).zero(), "what holds zeroes keeps its frame");
    assertEquals(2, rig.load(rig.mm, BASE + 300 * PAGE));
  }

  @Test
  void coldForAPartCutsIt() {
    advise(BASE, 4 * PAGE, Advice.COLD);
    assertFalse(isLarge());
    assertTrue(rig.mm.page(BASE + 5 * PAGE).zero(), "what holds zeroes becomes the zero page");
  }

  @Test
  void pageoutForAllOfItPutsAllPagesOut() {
    advise(BASE, MIB2, Advice.PAGEOUT);
    for (long page = 0; page < 512; page++) {
      assertEquals(PageView.Kind.SWAP, rig.mm.page(BASE + page * PAGE).kind());
    }
    assertEquals(1, rig.load(rig.mm, BASE));
    assertEquals(2, rig.load(rig.mm, BASE + 300 * PAGE));
    assertEquals(0, rig.load(rig.mm, BASE + 5 * PAGE));
  }

  @Test
  void oneThatAnotherProcessMapsIsLeftAlone() {
    AddressSpace child = rig.fork(rig.mm);
    advise(BASE, MIB2, Advice.PAGEOUT);
    assertTrue(isLarge());
    assertEquals(PageView.Kind.PRESENT, rig.mm.page(BASE).kind());
    rig.exit(child);
  }
}
