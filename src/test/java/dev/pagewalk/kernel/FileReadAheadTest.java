package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Windows of read-ahead are those that Linux's rules give, worked out by hand. */
class FileReadAheadTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long PAGE = 4096;

  /** A device that says in which order its pages were read. */
  private static final class Recorder implements FileStore {
    final List<Long> reads = new ArrayList<>();

    @Override
    public boolean read(long index, byte[] page) {
      reads.add(index);
      Arrays.fill(page, (byte) index);
      return true;
    }

    @Override
    public long write(long index, byte[] page) {
      return 0;
    }

    @Override
    public boolean contains(long index) {
      return true;
    }

    @Override
    public long discard(long first, long end) {
      return 0;
    }

    /** The pages read since the last call, in ascending order. */
    long[] take() {
      long[] taken = reads.stream().mapToLong(Long::longValue).sorted().toArray();
      reads.clear();
      return taken;
    }
  }

  private final Rig rig = new Rig(32L << 20, KernelOptions.DEFAULT);
  private final Recorder device = new Recorder();
  private final FileObject file = rig.kernel.openFile("file", device, 1000 * PAGE);

  @AfterEach
  void close() {
    KernelCheck.whole(rig.kernel);
    rig.close();
  }

  private static long[] range(long from, long end) {
    return LongStream.range(from, end).toArray();
  }

  private static final long[] NOTHING = {};

  /** What read() of so many pages brings. */
  private long[] read(long index, int pages) {
    byte[] bytes = new byte[(int) (pages * PAGE)];
    rig.call(() -> rig.kernel.fileCalls().read(file, index * PAGE, bytes));
    for (int i = 0; i < pages; i++) {
      assertEquals((byte) (index + i), bytes[(int) (i * PAGE) + 7]);
    }
    return device.take();
  }

  private void map(int prot, int advice) {
    var request = new MmapRequest(BASE, 1000 * PAGE, prot, MapFlag.SHARED, Optional.of(file), 0);
    rig.call(() -> rig.mm.calls().mmap(request));
    rig.call(() -> rig.mm.calls().madvise(BASE, 1000 * PAGE, advice));
  }

  /** What a load of a page brings. */
  private long[] load(long index) {
    assertEquals(index & 0xff, rig.load(rig.mm, BASE + index * PAGE));
    return device.take();
  }

  private long[] store(long index) {
    rig.store(rig.mm, BASE + index * PAGE, 1);
    return device.take();
  }

  // --- read() ---

  @Test
  void sequentialReadsBringWindowsThatGrow() {
    assertArrayEquals(range(0, 4), read(0, 1));
    assertArrayEquals(range(4, 12), read(1, 1));
    assertArrayEquals(NOTHING, read(2, 1));
    assertArrayEquals(NOTHING, read(3, 1));
    assertArrayEquals(range(12, 28), read(4, 1));
    for (int index = 5; index < 12; index++) {
      assertArrayEquals(NOTHING, read(index, 1));
    }
    assertArrayEquals(range(28, 60), read(12, 1));
    for (int index = 13; index < 28; index++) {
      assertArrayEquals(NOTHING, read(index, 1));
    }
    assertArrayEquals(range(60, 92), read(28, 1));
    assertEquals(new PrefetchStat(91, 28, 0, 0), rig.kernel.prefetch().stat());
  }

  @Test
  void theFirstWindowGoesByWhatIsAskedFor() {
    assertArrayEquals(range(0, 8), read(0, 4), "4 pages: twice as much");
    assertEquals(new PrefetchStat(4, 0, 0, 0), rig.kernel.prefetch().stat());
    assertArrayEquals(range(8, 24), read(4, 4));
    assertArrayEquals(range(24, 56), read(8, 4));
  }

  @Test
  void aReadOfMoreThanAWindowIsReadInWindows() {
    assertArrayEquals(range(0, 160), read(0, 100));
  }

  @Test
  void randomReadsBringWhatWasAskedFor() {
    assertArrayEquals(range(500, 501), read(500, 1));
    assertArrayEquals(range(300, 308), read(300, 8));
    assertArrayEquals(range(700, 701), read(700, 1));
    assertEquals(0, rig.kernel.prefetch().stat().issued());
  }

  @Test
  void aRowInTheMiddleIsNoticedAtItsSecondRead() {
    assertArrayEquals(range(500, 501), read(500, 1));
    assertArrayEquals(range(501, 505), read(501, 1));
    assertArrayEquals(range(505, 512), read(502, 1), "the window ends at a multiple of 4");
    assertArrayEquals(range(512, 524), read(505, 1));
  }

  @Test
  void pagesThatAreThereTellOfAStream() {
    read(500, 1);
    read(501, 1);
    read(900, 1);
    // 500 to 504 are in memory: a stream that somebody else began; as many again, and one.
    assertArrayEquals(range(505, 511), read(505, 1));
  }

  @Test
  void theEndOfTheFileEndsTheWindow() {
    rig.call(() -> rig.kernel.fileCalls().ftruncate(file, 6 * PAGE));
    device.take();
    assertArrayEquals(range(0, 4), read(0, 1));
    assertArrayEquals(range(4, 6), read(1, 1));
    assertArrayEquals(NOTHING, read(4, 1));
  }

  @Test
  void withoutReadAheadOnlyTheOnePageIsRead() {
    rig.kernel.prefetch().use(PrefetchOptions.DEFAULT.withReadAheadBytes(0));
    for (int index = 0; index < 5; index++) {
      assertArrayEquals(range(index, index + 1), read(index, 1));
    }
    map(Prot.READ, Advice.NORMAL.code());
    assertArrayEquals(range(50, 51), load(50));
    assertEquals(0, rig.kernel.prefetch().stat().issued());
  }

  @Test
  void aSmallerWindowIsTheLargest() {
    rig.kernel.prefetch().use(PrefetchOptions.of("none:readahead=32768"));
    assertArrayEquals(range(0, 2), read(0, 1));
    assertArrayEquals(range(2, 4), read(1, 1));
    assertArrayEquals(range(4, 8), read(2, 1));
    assertArrayEquals(range(8, 16), read(4, 1));
    assertArrayEquals(range(16, 24), read(8, 1));
  }

  // --- faults ---

  @Test
  void aFaultReadsAroundAndTheMarkedPageReadsOn() {
    map(Prot.READ, Advice.NORMAL.code());
    assertArrayEquals(range(84, 116), load(100));
    assertEquals(1, rig.mm.majorFaults());
    assertEquals(new PrefetchStat(31, 14, 0, 0), rig.kernel.prefetch().stat());
    for (long index = 96; index < 108; index++) {
      assertArrayEquals(NOTHING, load(index));
    }
    assertEquals(0, rig.mm.minorFaults());
    // Three quarters of the window on there is the mark, which fault-around leaves out.
    assertArrayEquals(range(116, 148), load(108));
    assertEquals(1, rig.mm.majorFaults());
    assertEquals(1, rig.mm.minorFaults());
    assertArrayEquals(NOTHING, load(115));
    assertArrayEquals(range(148, 180), load(116));
    assertEquals(1, rig.mm.majorFaults());
  }

  @Test
  void readingAroundEndsAfterManyMisses() {
    map(Rig.RW, Advice.NORMAL.code());
    rig.kernel.prefetch().use(PrefetchOptions.of("none:readahead=16384"));
    // Stores map nothing around, so nothing is found.
    for (int i = 0; i < 100; i++) {
      assertArrayEquals(range(i * 8L + 14, i * 8L + 18), store(i * 8L + 16));
    }
    assertArrayEquals(range(900, 901), store(900));
    // Pages that are found make up for it.
    assertArrayEquals(NOTHING, store(14));
    assertArrayEquals(NOTHING, store(22));
    assertArrayEquals(range(950, 954), store(952));
    assertArrayEquals(range(970, 971), store(970));
  }

  @Test
  void adviceDecides() {
    map(Prot.READ, Advice.RANDOM.code());
    assertArrayEquals(range(100, 101), load(100));
    rig.call(() -> rig.mm.calls().madvise(BASE, 1000 * PAGE, Advice.SEQUENTIAL.code()));
    assertArrayEquals(range(200, 232), load(200));
    assertArrayEquals(range(0, 32), load(0));
  }

  @Test
  void codeIsReadOnwards() {
    map(Prot.READ | Prot.EXEC, Advice.NORMAL.code());
    assertArrayEquals(range(100, 132), load(100));
    assertArrayEquals(range(990, 1000), load(990));
    rig.call(() -> rig.mm.calls().madvise(BASE, 1000 * PAGE, Advice.RANDOM.code()));
    assertArrayEquals(range(200, 232), load(200));
  }

  @Test
  void pagesThatLeaveUnusedAreWasted() {
    assertArrayEquals(range(0, 4), read(0, 1));
    rig.kernel.fileCalls().dropCache(file);
    rig.machine.spend();
    assertEquals(new PrefetchStat(3, 0, 3, 0), rig.kernel.prefetch().stat());
  }

  @Test
  void stridesOfFaultsAreFollowed() {
    rig.kernel.prefetch().use(PrefetchOptions.of("stride:degree=1,readahead=0"));
    map(Prot.READ, Advice.NORMAL.code());
    for (long index : new long[] {10, 30, 50}) {
      load(index);
    }
    assertEquals(3, rig.mm.majorFaults());
    for (long index = 70; index < 900; index += 20) {
      assertArrayEquals(range(index + 20, index + 21), load(index));
    }
    assertEquals(3, rig.mm.majorFaults());
  }
}
