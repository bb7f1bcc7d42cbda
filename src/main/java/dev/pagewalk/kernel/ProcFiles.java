package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * What /proc/PID shows of an address space, byte for byte in Linux's formats: maps, smaps, the
 * lines of status that are about memory, and pagemap.
 *
 * <p>MODEL: an ext4 file is on device 08:01, one of a TMPFS on 00:1c, at the root of its file
 * system; the inode is the number of the object. No mapping is named [stack].
 */
public final class ProcFiles {
  /** Column in which the name of a mapping begins. */
  private static final int NAME_COLUMN = 73;

  private static final long PM_EXCLUSIVE = 1L << 56;
  private static final long PM_GUARD = 1L << 58;
  private static final long PM_FILE = 1L << 61;
  private static final long PM_SWAP = 1L << 62;
  private static final long PM_PRESENT = 1L << 63;
  private static final int SWAP_TYPE_BITS = 5;

  private final AddressSpace mm;

  ProcFiles(AddressSpace mm) {
    this.mm = mm;
  }

  /** /proc/PID/maps: a line for each mapping. */
  public String maps() {
    StringBuilder text = new StringBuilder();
    for (Vma vma : mm.vmas().all()) {
      line(text, vma);
    }
    return text.toString();
  }

  /** As show_map_vma(). */
  private void line(StringBuilder text, Vma vma) {
    FileObject file = vma.file;
    int begin = text.length();
    text.append(
        String.format(
            Locale.ROOT,
            "%08x-%08x %s %08x %s %d ",
            vma.start,
            vma.end,
            VmFlag.perms(vma.flags()),
            file == null ? 0 : vma.pgoff << 12,
            file == null ? "00:00" : device(file),
            file == null ? 0 : file.id()));
    String name = name(vma);
    if (!name.isEmpty()) {
      int missing = NAME_COLUMN - (text.length() - begin);
      text.append(" ".repeat(Math.max(1, missing))).append(name);
    }
    text.append('\n');
  }

  private static String device(FileObject file) {
    if (file.pool() != null) {
      return "00:0f";
    }
    if (file.isAnonymous()) {
      return "00:01";
    }
    return file.fileSystem().hasDevice() ? "08:01" : "00:1c";
  }

  /** As get_vma_name(). */
  private String name(Vma vma) {
    FileObject file = vma.file;
    if (file == null) {
      boolean heap = vma.start < mm.brk && vma.end > mm.brkStart;
      return heap ? "[heap]" : "";
    }
    if (file.isAnonymous()) {
      return file.pool() != null ? "/anon_hugepage (deleted)" : "/dev/zero (deleted)";
    }
    String path = file.name().startsWith("/") ? file.name() : "/" + file.name();
    return path.replace("\n", "\\012");
  }

  /** /proc/PID/smaps: the line of maps and the counters of each mapping. */
  public String smaps() {
    StringBuilder text = new StringBuilder();
    for (Vma vma : mm.vmas().all()) {
      line(text, vma);
      sizes(text, vma);
      counters(text, new SmapsCounter(vma).count(vma));
      flags(text, vma);
    }
    return text.toString();
  }

  private static void sizes(StringBuilder text, Vma vma) {
    long page = vma.isHugetlb() ? vma.file.pool().pageBytes() : PageTables.PAGE_BYTES;
    field(text, "Size:", vma.length() >> 10);
    field(text, "KernelPageSize:", page >> 10);
    field(text, "MMUPageSize:", page >> 10);
  }

  private static void counters(StringBuilder text, Smaps smaps) {
    field(text, "Rss:", smaps.rss());
    field(text, "Pss:", smaps.pss());
    field(text, "Pss_Dirty:", smaps.pssDirty());
    field(text, "Shared_Clean:", smaps.sharedClean());
    field(text, "Shared_Dirty:", smaps.sharedDirty());
    field(text, "Private_Clean:", smaps.privateClean());
    field(text, "Private_Dirty:", smaps.privateDirty());
    field(text, "Referenced:", smaps.referenced());
    field(text, "Anonymous:", smaps.anonymous());
    // MODEL: equal pages are never merged, and no file has huge pages.
    field(text, "KSM:", 0);
    field(text, "LazyFree:", smaps.lazyFree());
    field(text, "AnonHugePages:", smaps.anonHugePages());
    field(text, "ShmemPmdMapped:", 0);
    field(text, "FilePmdMapped:", 0);
    field(text, "Shared_Hugetlb:", smaps.sharedHugetlb());
    field(text, "Private_Hugetlb:", smaps.privateHugetlb());
    field(text, "Swap:", smaps.swap());
    field(text, "SwapPss:", smaps.swapPss());
    field(text, "Locked:", smaps.locked());
  }

  private void flags(StringBuilder text, Vma vma) {
    long last = PageTables.hugePageOf(vma.end - PageTables.HUGE_BYTES);
    boolean eligible = mm.kernel().options().hugePages().allows(vma, last);
    text.append(String.format(Locale.ROOT, "THPeligible:    %8d\n", eligible ? 1 : 0));
    if (mm.kernel().options().protectionKeys()) {
      long key = Pkeys.of(vma);
      text.append(String.format(Locale.ROOT, "ProtectionKey:  %8d\n", key));
    }
    text.append("VmFlags: ").append(VmFlag.letters(vma.flags())).append(" \n");
  }

  private static void field(StringBuilder text, String name, long kibibytes) {
    text.append(String.format(Locale.ROOT, "%-16s%8d kB\n", name, kibibytes));
  }

  /** The lines VmPeak to HugetlbPages of /proc/PID/status. */
  public String status() {
    MemoryUse use = new MemoryUse(mm);
    StringBuilder text = new StringBuilder();
    line(text, "VmPeak", use.peak());
    line(text, "VmSize", use.size());
    line(text, "VmLck", use.locked());
    // MODEL: nothing is pinned for a device.
    line(text, "VmPin", 0);
    line(text, "VmHWM", use.highWater());
    line(text, "VmRSS", use.rss());
    line(text, "RssAnon", use.anonymous());
    line(text, "RssFile", use.file());
    line(text, "RssShmem", use.shared());
    line(text, "VmData", use.data());
    line(text, "VmStk", use.stack());
    // MODEL: no program is loaded, so that all that is executable counts as libraries.
    line(text, "VmExe", 0);
    line(text, "VmLib", use.executable());
    line(text, "VmPTE", mm.pageTablePages());
    line(text, "VmSwap", use.swapped());
    line(text, "HugetlbPages", use.hugetlb());
    return text.toString();
  }

  private static void line(StringBuilder text, String name, long pages) {
    text.append(String.format(Locale.ROOT, "%s:\t%8d kB\n", name, pages << 2));
  }

  /**
   * The part of /proc/PID/pagemap for {@code [start, end)}: a little-endian word of 64 bits for
   * each page, 0 where nothing is mapped.
   *
   * <p>Bits 54:0 are the frame number, or of a page in swap the area's number in bits 4:0 and the
   * slot in bits 54:5. Bit 56: mapped once; 58: a guard; 61: of a file or shared; 62: in swap; 63:
   * present. MODEL: bit 55, soft-dirty, and bit 57, userfaultfd, are never set.
   *
   * @param start multiple of 4096
   * @param end multiple of 4096
   * @throws IllegalArgumentException if the range is not made of pages, or too large for an array
   */
  public byte[] pagemap(long start, long end) {
    long pages = (end - start) >> 12;
    if (((start | end) & 0xfff) != 0 || pages < 0 || pages > Integer.MAX_VALUE / Long.BYTES) {
      throw new IllegalArgumentException("no range of pages: 0x%x to 0x%x".formatted(start, end));
    }
    ByteBuffer words = ByteBuffer.allocate((int) pages * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (long address = start; address != end; address += PageTables.PAGE_BYTES) {
      words.putLong(word(mm.page(address)));
    }
    return words.array();
  }

  private static long word(PageView page) {
    long entry = page.entry();
    return switch (page.kind()) {
      case NONE -> 0;
      case SWAP -> PM_SWAP | slot(entry);
      case GUARD -> PM_SWAP | PM_GUARD | slot(entry);
      case PRESENT ->
          PM_PRESENT
              | (page.file() ? PM_FILE : 0)
              | (page.once() ? PM_EXCLUSIVE : 0)
              | (page.frame() & Entry.ADDRESS >>> 12);
    };
  }

  private static long slot(long entry) {
    return Pte.swapType(entry) | Pte.swapOffset(entry) << SWAP_TYPE_BITS;
  }
}
