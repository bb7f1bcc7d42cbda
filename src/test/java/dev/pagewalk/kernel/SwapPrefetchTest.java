package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Which pages of swap come before they are asked for, and what becomes of them. */
class SwapPrefetchTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long PAGE = 4096;
  private static final int PAGES = 64;

  private SwapArea area = SwapArea.inMemory(256 * PAGE, false);

  /** A machine whose process has 64 pages, all of them in swap, page i in slot i + 1. */
  private Rig swappedOut(String spec) {
    Rig rig = new Rig(16L << 20, KernelOptions.DEFAULT);
    rig.kernel.swapOn(area);
    rig.kernel.prefetch().use(PrefetchOptions.of(spec));
    rig.map(rig.mm, BASE, PAGES * PAGE, MapFlag.PRIVATE);
    for (int page = 0; page < PAGES; page++) {
      rig.store(rig.mm, BASE + page * PAGE, page + 1);
    }
    rig.call(() -> rig.mm.calls().madvise(BASE, PAGES * PAGE, Advice.PAGEOUT.code()));
    assertEquals(PAGES, area.used());
    return rig;
  }

  /** Loads a page and checks its contents; whether that was a major fault. */
  private static boolean isMajor(Rig rig, int page) {
    long before = rig.mm.majorFaults();
    assertEquals(page + 1, rig.load(rig.mm, BASE + page * PAGE));
    return rig.mm.majorFaults() > before;
  }

  /** The pages of {@code order} that were major faults. */
  private static List<Integer> majors(Rig rig, int... order) {
    List<Integer> majors = new ArrayList<>();
    for (int page : order) {
      if (isMajor(rig, page)) {
        majors.add(page);
      }
      KernelCheck.whole(rig.kernel);
    }
    return majors;
  }

  private static int[] steps(int from, int step, int count) {
    int[] pages = new int[count];
    for (int i = 0; i < count; i++) {
      pages[i] = from + i * step;
    }
    return pages;
  }

  private static void end(Rig rig, PrefetchStat expected) {
    assertEquals(expected, rig.kernel.prefetch().stat());
    rig.exit(rig.mm);
    KernelCheck.empty(rig.kernel);
    PrefetchStat last = rig.kernel.prefetch().stat();
    assertEquals(0, last.pending(), "what nobody used is wasted in the end");
    rig.close();
  }

  @Test
  void noneBringsNothing() {
    Rig rig = swappedOut("none");
    assertEquals(PAGES, majors(rig, steps(0, 1, PAGES)).size());
    end(rig, new PrefetchStat(0, 0, 0, 0));
  }

  @Test
  void sequentialGoesOnFromTheSecondPageOfARow() {
    Rig rig = swappedOut("sequential");
    assertEquals(List.of(0, 1), majors(rig, steps(0, 1, PAGES)));
    end(rig, new PrefetchStat(62, 62, 0, 0));
  }

  @Test
  void distanceLeavesTheFirstPagesToTheirFaults() {
    Rig rig = swappedOut("sequential:distance=3,degree=1");
    assertEquals(List.of(0, 1, 2, 3), majors(rig, steps(0, 1, 10)));
    assertEquals(new PrefetchStat(9, 6, 0, 0), rig.kernel.prefetch().stat());
    rig.close();
  }

  @Test
  void strideGoesOnFromTheThirdPageInBothDirections() {
    Rig rig = swappedOut("stride:degree=2");
    assertEquals(List.of(0, 3, 6), majors(rig, steps(0, 3, 20)));
    rig.close();
    area = SwapArea.inMemory(256 * PAGE, false);
    rig = swappedOut("stride:degree=2");
    assertEquals(List.of(62, 60, 58), majors(rig, steps(62, -2, 20)));
    rig.close();
  }

  @Test
  void streamsThatAlternateAreKeptApart() {
    Rig rig = swappedOut("sequential:degree=1");
    assertEquals(List.of(0, 30, 1, 31), majors(rig, 0, 30, 1, 31, 2, 32, 3, 33, 4, 34));
    rig.close();
  }

  @Test
  void randomTouchesBringNothing() {
    for (String spec : List.of("sequential", "stride")) {
      area = SwapArea.inMemory(256 * PAGE, false);
      Rig rig = swappedOut(spec);
      int[] order = {9, 60, 33, 2, 47, 20, 55, 11, 39};
      assertEquals(order.length, majors(rig, order).size());
      assertEquals(0, rig.kernel.prefetch().stat().issued(), spec);
      rig.close();
    }
  }

  @Test
  void linuxVmaReadsAWindowThatGrowsWithItsHits() {
    Rig rig = swappedOut("linux-vma");
    // The first window, as if 4 pages had been used: 8 around page 0, of which 0 to 4 are mapped.
    assertEquals(List.of(0), majors(rig, 0));
    assertEquals(4, rig.kernel.prefetch().stat().issued());
    // 4 hits, and next to the last one: 8 from the page upwards; and so on.
    assertEquals(List.of(5, 13, 21, 29, 37, 45, 53, 61), majors(rig, steps(1, 1, PAGES - 1)));
    end(rig, new PrefetchStat(55, 55, 0, 0));
  }

  @Test
  void linuxVmaShrinksSlowlyWithoutHits() {
    Rig rig = swappedOut("linux-vma");
    assertEquals(List.of(10), majors(rig, 10));
    assertEquals(7, rig.kernel.prefetch().stat().issued());
    assertEquals(List.of(30), majors(rig, 30));
    assertEquals(7 + 3, rig.kernel.prefetch().stat().issued());
    assertEquals(List.of(50), majors(rig, 50));
    assertEquals(7 + 3 + 1, rig.kernel.prefetch().stat().issued());
    assertEquals(List.of(40), majors(rig, 40));
    assertEquals(7 + 3 + 1, rig.kernel.prefetch().stat().issued());
    rig.close();
  }

  @Test
  void linuxVmaGoesDownAsWell() {
    Rig rig = swappedOut("linux-vma");
    majors(rig, 40, 20, 50, 60);
    // A window of one page; then its neighbour below: two pages, downwards.
    long issued = rig.kernel.prefetch().stat().issued();
    assertEquals(List.of(31, 30), majors(rig, 31, 30, 29));
    assertEquals(issued + 1, rig.kernel.prefetch().stat().issued());
    rig.close();
  }

  @Test
  void linuxClusterReadsAlignedSlots() {
    Rig rig = swappedOut("linux-cluster");
    assertEquals(List.of(0, 7, 15, 23, 31, 39, 47, 55, 63), majors(rig, steps(0, 1, PAGES)));
    end(rig, new PrefetchStat(55, 55, 0, 0));
  }

  @Test
  void linuxClusterLeavesFreeSlotsAlone() {
    Rig rig = swappedOut("linux-cluster");
    rig.unmap(rig.mm, BASE + 2 * PAGE, 3 * PAGE);
    assertEquals(List.of(0), majors(rig, 0, 1, 5, 6));
    end(rig, new PrefetchStat(3, 3, 0, 0));
  }

  @Test
  void aClusterOfOnePageReadsNothingAlong() {
    for (String spec : List.of("linux-vma:cluster=0", "linux-cluster:cluster=0")) {
      area = SwapArea.inMemory(256 * PAGE, false);
      Rig rig = swappedOut(spec);
      assertEquals(10, majors(rig, steps(0, 1, 10)).size());
      assertEquals(0, rig.kernel.prefetch().stat().issued());
      rig.close();
    }
  }

  @Test
  void linuxLeavesSlotsOfOneOwnerOnFastDevicesAlone() {
    for (String spec : List.of("linux-vma", "linux-cluster")) {
      area = SwapArea.inMemory(256 * PAGE, true);
      Rig rig = swappedOut(spec);
      assertEquals(10, majors(rig, steps(0, 1, 10)).size());
      rig.fork(rig.mm);
      assertEquals(List.of(20), majors(rig, 20, 21), "with two owners it reads along");
      rig.close();
    }
  }

  @Test
  void pagesThatGoUnusedAreWasted() {
    Rig rig = swappedOut("sequential");
    majors(rig, 0, 1, 2);
    assertEquals(new PrefetchStat(5, 1, 0, 0), rig.kernel.prefetch().stat());
    rig.unmap(rig.mm, BASE + 3 * PAGE, 2 * PAGE);
    assertEquals(new PrefetchStat(5, 1, 2, 0), rig.kernel.prefetch().stat());
    end(rig, new PrefetchStat(5, 1, 2, 0));
    assertEquals(new PrefetchStat(5, 1, 4, 0), rig.kernel.prefetch().stat());
  }

  @Test
  void whatIsUsedSoonerThanADeviceAnswersIsLate() {
    Rig rig = swappedOut("sequential:degree=2,latency=10");
    long[] time = {0};
    rig.kernel.setClock(() -> time[0]);
    majors(rig, 0, 1);
    time[0] = 9;
    majors(rig, 2);
    assertEquals(new PrefetchStat(3, 1, 0, 1), rig.kernel.prefetch().stat());
    time[0] = 10;
    majors(rig, 3);
    assertEquals(new PrefetchStat(4, 2, 0, 1), rig.kernel.prefetch().stat());
    rig.close();
  }

  @Test
  void whereMemoryIsShortNothingIsBroughtIn() {
    Rig rig = swappedOut("sequential:degree=16");
    FrameTable frames = rig.kernel.folios().frames();
    // A part of 64 of what was free when the kernel had started.
    long reserve = 4095 / 64;
    while (rig.freeFrames() > reserve + 8) {
      frames.set(rig.kernel.folios().allocate(0), FrameTable.RESERVED);
    }
    majors(rig, steps(0, 1, 40));
    assertEquals(PageView.Kind.SWAP, rig.mm.page(BASE + 50 * PAGE).kind());
    assertEquals(6, rig.kernel.prefetch().stat().issued());
    rig.close();
  }

  @Test
  void contentsAreRightWhateverTheOrder() {
    for (PrefetchOptions.Kind kind : PrefetchOptions.Kind.values()) {
      area = SwapArea.inMemory(256 * PAGE, false);
      Rig rig = swappedOut(kind.lowerName());
      Random random = new Random(3);
      AddressSpace child = rig.fork(rig.mm);
      int[] values = new int[PAGES];
      for (int i = 0; i < PAGES; i++) {
        values[i] = i + 1;
      }
      for (int step = 0; step < 400; step++) {
        int page = random.nextInt(PAGES);
        long address = BASE + page * PAGE;
        switch (random.nextInt(4)) {
          case 0 -> {
            values[page] = step & 0xff;
            rig.store(rig.mm, address, values[page]);
          }
          case 1 -> assertEquals(page + 1, rig.load(child, address));
          case 2 -> {
            long bytes = Math.min(8, PAGES - page) * PAGE;
            rig.call(() -> rig.mm.calls().madvise(address, bytes, Advice.PAGEOUT.code()));
          }
          default -> assertEquals(values[page], rig.load(rig.mm, address));
        }
      }
      KernelCheck.whole(rig.kernel);
      rig.exit(child);
      rig.exit(rig.mm);
      KernelCheck.empty(rig.kernel);
      PrefetchStat stat = rig.kernel.prefetch().stat();
      assertEquals(0, stat.pending(), kind.lowerName());
      rig.close();
    }
  }
}
