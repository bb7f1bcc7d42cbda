package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.Rig.MIB2;
import static dev.pagewalk.kernel.Rig.RW;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The files of /proc/PID read as Linux writes them. */
class ProcFilesTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final int ANON = MapFlag.PRIVATE;

  private final Rig rig = new Rig(KernelOptions.DEFAULT.withHugetlb(2, 0));
  private final AddressSpace mm = rig.mm;

  @AfterEach
  void close() {
    rig.close();
  }

  private FileObject file(String name, FileSystem fileSystem, int pages) {
    FileObject file = rig.kernel.createFile(name, fileSystem);
    rig.call(() -> rig.kernel.fileCalls().write(file, 0, new byte[pages * 4096]));
    rig.call(() -> rig.kernel.fileCalls().fsync(file));
    return file;
  }

  private void map(long address, long length, int flags, FileObject file) {
    var request = new MmapRequest(address, length, RW, flags, Optional.of(file), 4096);
    assertEquals(address, rig.call(() -> mm.calls().mmap(request)));
  }

  @Test
  void mapsHasALineForEachMapping() {
    mm.setBrk(0x40_0000);
    rig.call(() -> mm.calls().brk(0x40_2000));
    rig.map(mm, BASE, 0x3000, ANON | MapFlag.GROWSDOWN);
    rig.call(() -> mm.calls().mprotect(BASE, 0x1000, Prot.READ | Prot.EXEC));
    map(BASE + 0x10000, 0x2000, MapFlag.SHARED, file("/lib/a b\n", FileSystem.EXT4, 4));
    map(BASE + 0x20000, 0x2000, MapFlag.PRIVATE, file("shm", FileSystem.TMPFS, 4));
    rig.map(mm, BASE + 0x30000, 0x1000, MapFlag.SHARED);
    rig.map(mm, BASE + MIB2, MIB2, MapFlag.SHARED | MapFlag.HUGETLB);
    String pad = " ".repeat(24);
    assertEquals(
        """
        00400000-00402000 rw-p 00000000 00:00 0 PAD                         [heap]
        100000000000-100000001000 r-xp 00000000 00:00 0.
        100000001000-100000003000 rw-p 00000000 00:00 0.
        100000010000-100000012000 rw-s 00001000 08:01 1 PAD /lib/a b\\012
        100000020000-100000022000 rw-p 00001000 00:1c 2 PAD /shm
        100000030000-100000031000 rw-s 00000000 00:01 3 PAD /dev/zero (deleted)
        100000200000-100000400000 rw-s 00000000 00:0f 4 PAD /anon_hugepage (deleted)
        """
            .replace("PAD                         [", " ".repeat(33) + "[")
            .replace("PAD ", pad + " ")
            .replace("0.\n", "0 \n"),
        mm.proc().maps());
  }

  @Test
  void smapsHasAllCountersInLinuxsOrder() {
    rig.map(mm, BASE, 0x4000, ANON);
    rig.store(mm, BASE, 1);
    rig.store(mm, BASE + 0x1000, 1);
    rig.load(mm, BASE + 0x2000);
    rig.fork(mm);
    rig.store(mm, BASE, 2);
    rig.call(() -> mm.calls().mlock(BASE, 4096));
    String smaps = mm.proc().smaps();
    String second = smaps.substring(smaps.indexOf("100000001000-"));
    assertEquals(
        """
        100000001000-100000004000 rw-p 00000000 00:00 0.
        Size:                 12 kB
        KernelPageSize:        4 kB
        MMUPageSize:           4 kB
        Rss:                   4 kB
        Pss:                   2 kB
        Pss_Dirty:             2 kB
        Shared_Clean:          0 kB
        Shared_Dirty:          4 kB
        Private_Clean:         0 kB
        Private_Dirty:         0 kB
        Referenced:            4 kB
        Anonymous:             4 kB
        KSM:                   0 kB
        LazyFree:              0 kB
        AnonHugePages:         0 kB
        ShmemPmdMapped:        0 kB
        FilePmdMapped:         0 kB
        Shared_Hugetlb:        0 kB
        Private_Hugetlb:       0 kB
        Swap:                  0 kB
        SwapPss:               0 kB
        Locked:                0 kB
        THPeligible:           0
        VmFlags: rd wr mr mw me ac.
        """
            .replace(".\n", " \n"),
        second);
  }

  @Test
  void smapsOfHugePagesShowsTheirSizeAndNoRss() {
    rig.map(mm, BASE, MIB2, MapFlag.PRIVATE | MapFlag.HUGETLB);
    rig.store(mm, BASE, 1);
    rig.map(mm, BASE + 2 * MIB2, MIB2, ANON);
    rig.call(() -> mm.calls().madvise(BASE + 2 * MIB2, MIB2, Advice.HUGEPAGE.code()));
    rig.store(mm, BASE + 2 * MIB2, 1);
    String smaps = mm.proc().smaps();
    String first = smaps.substring(0, smaps.indexOf("100000400000-"));
    assertEquals("2048 kB", value(first, "Private_Hugetlb"));
    assertEquals("2048 kB", value(first, "KernelPageSize"));
    assertEquals("2048 kB", value(first, "MMUPageSize"));
    assertEquals("0 kB", value(first, "Rss"));
    assertEquals("0", value(first, "THPeligible"));
    assertEquals("rd wr mr mw me de ht", value(first, "VmFlags"));
    String second = smaps.substring(first.length());
    assertEquals("4 kB", value(second, "KernelPageSize"));
    assertEquals("2048 kB", value(second, "AnonHugePages"));
    assertEquals("1", value(second, "THPeligible"));
  }

  private static String value(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + ":"))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void smapsShowsTheProtectionKeyIfTheProcessorHasThem() {
    try (Rig keys = new Rig(KernelOptions.DEFAULT.withProtectionKeys(true))) {
      keys.map(keys.mm, BASE, 4096, ANON);
      long key = keys.call(() -> keys.mm.calls().pkeyAlloc());
      keys.call(() -> keys.mm.calls().pkeyMprotect(BASE, 4096, RW, (int) key));
      assertEquals("1", value(keys.mm.proc().smaps(), "ProtectionKey"));
    }
  }

  @Test
  void statusHasTheLinesAboutMemory() {
    rig.map(mm, BASE, 0x8000, ANON);
    for (int i = 0; i < 3; i++) {
      rig.store(mm, BASE + i * 4096L, 1);
    }
    rig.map(mm, BASE + 0x100_0000, 0x4000, ANON | MapFlag.GROWSDOWN);
    rig.map(mm, BASE + 0x200_0000, MIB2, MapFlag.PRIVATE | MapFlag.HUGETLB);
    rig.store(mm, BASE + 0x200_0000, 1);
    FileObject disk = file("disk", FileSystem.EXT4, 4);
    map(BASE + 0x300_0000, 0x1000, MapFlag.SHARED, disk);
    rig.store(mm, BASE + 0x300_0000, 1);
    rig.map(mm, BASE + 0x400_0000, 0x2000, MapFlag.SHARED);
    rig.store(mm, BASE + 0x400_0000, 1);
    rig.store(mm, BASE + 0x400_1000, 1);
    rig.call(() -> mm.calls().mprotect(BASE + 0x7000, 0x1000, Prot.READ | Prot.EXEC));
    rig.call(() -> mm.calls().mlock(BASE, 0x1000));
    mm.proc().status();
    rig.unmap(mm, BASE + 0x2000, 0x1000);
    assertEquals(
        """
        VmPeak:\t    2108 kB
        VmSize:\t    2104 kB
        VmLck:\t       4 kB
        VmPin:\t       0 kB
        VmHWM:\t      24 kB
        VmRSS:\t      20 kB
        RssAnon:\t       8 kB
        RssFile:\t       4 kB
        RssShmem:\t       8 kB
        VmData:\t    2072 kB
        VmStk:\t      16 kB
        VmExe:\t       0 kB
        VmLib:\t       4 kB
        VmPTE:\t      20 kB
        VmSwap:\t       0 kB
        HugetlbPages:\t    2048 kB
        """,
        mm.proc().status());
  }

  @Test
  void pagemapHasAWordForEachPage() {
    rig.kernel.swapOn(SwapArea.inMemory(1L << 20, true));
    rig.map(mm, BASE, 0x8000, ANON);
    rig.store(mm, BASE, 1);
    rig.load(mm, BASE + 0x1000);
    rig.store(mm, BASE + 0x2000, 1);
    rig.call(() -> mm.calls().madvise(BASE + 0x2000, 4096, Advice.PAGEOUT.code()));
    rig.call(() -> mm.calls().madvise(BASE + 0x3000, 4096, Advice.GUARD_INSTALL.code()));
    map(BASE + 0x8000, 0x1000, MapFlag.SHARED, file("disk", FileSystem.EXT4, 4));
    rig.store(mm, BASE + 0x8000, 1);
    long[] words = words(BASE, BASE + 0x9000);
    assertEquals(1L << 63 | 1L << 56 | mm.page(BASE).frame(), words[0]);
    assertEquals(1L << 63 | rig.kernel.folios().zeroPage(), words[1]);
    assertEquals(1L << 62 | 1 << 5, words[2], "slot 1 of area 0");
    assertEquals(1L << 62 | 1L << 58 | 31 | 4 << 5, words[3]);
    assertEquals(0, words[4]);
    assertEquals(1L << 63 | 1L << 61 | 1L << 56, words[8] & -(1L << 55));
    AddressSpace child = rig.fork(mm);
    assertEquals(1L << 63 | child.page(BASE).frame(), words(BASE, BASE + 4096)[0]);
  }

  @Test
  void pagemapOfAHugePageCountsItsFramesUp() {
    rig.map(mm, BASE, MIB2, MapFlag.PRIVATE | MapFlag.HUGETLB);
    rig.store(mm, BASE, 1);
    long[] words = words(BASE, BASE + MIB2);
    for (int i = 0; i < 512; i++) {
      assertEquals(1L << 63 | 1L << 56 | mm.page(BASE).frame() + i, words[i]);
    }
  }

  @Test
  void pagemapOfAPartOfAPageIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> mm.proc().pagemap(BASE, BASE + 1));
    assertThrows(IllegalArgumentException.class, () -> mm.proc().pagemap(BASE, BASE - 4096));
    assertThrows(IllegalArgumentException.class, () -> mm.proc().pagemap(0, 1L << 46));
    assertEquals(0, mm.proc().pagemap(BASE, BASE).length);
  }

  private long[] words(long start, long end) {
    ByteBuffer bytes = ByteBuffer.wrap(mm.proc().pagemap(start, end));
    long[] words = new long[bytes.capacity() / 8];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asLongBuffer().get(words);
    return words;
  }
}
