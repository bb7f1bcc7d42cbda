package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;
import java.util.HashMap;
import java.util.Map;

/** Every entry of every process, counted by what it names: a frame, a table, a slot of swap. */
final class Census {
  private final Kernel kernel;
  private final Folios folios;
  private final FrameTable frames;

  /** PTEs that map the frame; the zero page is left out. */
  final int[] small;

  /** Entries of page directories that map the folio from the frame on. */
  final int[] huge;

  /** Whether a process has the frame as a table, linked or behind a huge page. */
  final boolean[] table;

  /** Entries that name a slot, by the swap entry without its marks. */
  final Map<Long, Integer> swapped = new HashMap<>();

  private AddressSpace mm;
  private long tables;

  private Census(Kernel kernel) {
    this.kernel = kernel;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    int count = (int) frames.frames();
    small = new int[count];
    huge = new int[count];
    table = new boolean[count];
  }

  /** Counts, and checks each entry by itself. */
  static Census of(Kernel kernel) {
    Census census = new Census(kernel);
    for (AddressSpace mm : kernel.addressSpaces()) {
      census.process(mm);
    }
    return census;
  }

  private void process(AddressSpace space) {
    mm = space;
    tables = 0;
    addTable(mm.root() >>> 12, 0);
    if (mm.userRoot() != mm.root()) {
      addTable(mm.userRoot() >>> 12, 0);
      tables--;
    }
    table(mm.root(), kernel.options().levels(), 0);
    long counted = mm.tables().count() + 1;
    if (tables != counted) {
      throw new AssertionError(
          "process %d: %d tables are linked or kept, %d are counted"
              .formatted(mm.id(), tables, counted));
    }
  }

  private void addTable(long pfn, long address) {
    tables++;
    if (table[(int) pfn]) {
      throw bad(address, "the table in frame 0x%x is linked twice".formatted(pfn));
    }
    table[(int) pfn] = true;
  }

  private void table(long at, int level, long start) {
    int hugeEntries = 0;
    // The upper half of the top level is the kernel's.
    int end = level == kernel.options().levels() ? 256 : 512;
    for (int i = 0; i < end; i++) {
      long entry = folios.memory().read64(at + i * 8L);
      if (Pte.isNone(entry)) {
        continue;
      }
      long address = start + ((long) i << PageTables.shift(level));
      if (level == PageTables.PTE) {
        leaf(entry, address);
      } else if (PageTables.isTable(entry)) {
        addTable(Entry.table(entry) >>> 12, address);
        table(Entry.table(entry), level - 1, address);
      } else if (Pte.isHuge(entry) && isHugetlb(address)) {
        hugetlbLeaf(entry, address);
      } else if (level == PageTables.PMD && Pte.isHuge(entry)) {
        hugeEntries++;
        hugeLeaf(entry, address);
      } else {
        throw bad(address, "entry 0x%x of level %d is no table".formatted(entry, level));
      }
    }
    if (level == PageTables.PMD) {
      reserve(at >>> 12, hugeEntries, start);
    }
  }

  /** Behind each huge entry of a page directory there is a table. */
  private void reserve(long directory, int expected, long address) {
    int kept = 0;
    for (long next = frames.index(directory); next != 0; next = frames.index(next - 1)) {
      addTable(next - 1, address);
      if (++kept > expected) {
        break;
      }
    }
    if (kept != expected) {
      throw bad(address, "%d huge pages, %d tables behind them".formatted(expected, kept));
    }
  }

  private void leaf(long entry, long address) {
    Vma vma = mm.vmas().at(address);
    if (vma == null) {
      throw bad(address, "entry 0x%x lies outside of all VMAs".formatted(entry));
    }
    if (Pte.isMarker(entry)) {
      if (!vma.has(VmFlag.MAYBE_GUARD)) {
        throw bad(address, "a guard in a VMA that has none");
      }
    } else if (!Pte.isPresent(entry)) {
      if (vma.has(VmFlag.SHARED)) {
        throw bad(address, "a swap entry in a shared mapping");
      }
      swapped.merge(Pte.swapShared(entry), 1, Integer::sum);
    } else {
      present(vma, entry, address);
    }
  }

  private void present(Vma vma, long entry, long address) {
    rights(vma, entry, address);
    long pfn = Pte.pfn(entry);
    if (pfn == folios.zeroPage()) {
      if (Pte.isWritable(entry) || vma.has(VmFlag.SHARED)) {
        throw bad(address, "entry 0x%x of the zero page".formatted(entry));
      }
      return;
    }
    inUse(pfn, address);
    small[(int) pfn]++;
    if (folios.isAnon(pfn)) {
      anonymous(vma, pfn, address);
    } else {
      ofFile(vma, entry, address);
    }
  }

  private void hugeLeaf(long entry, long address) {
    Vma vma = mm.vmas().at(address);
    if (vma == null || address + PageTables.HUGE_BYTES > vma.end) {
      throw bad(address, "a huge page lies outside of all VMAs");
    }
    rights(vma, entry, address);
    long head = Pte.pfn(entry);
    if (folios.isZeroPage(head)) {
      if (Pte.isWritable(entry)) {
        throw bad(address, "the huge zero page is writable");
      }
      return;
    }
    inUse(head, address);
    if (frames.head(head) != head || frames.order(head) != PageTables.HUGE_ORDER) {
      throw bad(address, "frame 0x%x is no huge page".formatted(head));
    }
    huge[(int) head]++;
    anonymous(vma, head, address);
  }

  private boolean isHugetlb(long address) {
    Vma vma = mm.vmas().at(address);
    return vma != null && vma.isHugetlb();
  }

  private void hugetlbLeaf(long entry, long address) {
    Vma vma = mm.vmas().at(address);
    rights(vma, entry, address);
    long head = Pte.pfn(entry);
    inUse(head, address);
    boolean right =
        frames.has(head, FrameTable.HUGETLB)
            && frames.order(head) == vma.file.pool().order()
            && address + vma.file.pool().pageBytes() <= vma.end;
    if (!right) {
      throw bad(address, "frame 0x%x is no page of the pool".formatted(head));
    }
    huge[(int) head]++;
    if (folios.isAnon(head)) {
      anonymous(vma, head, address);
    } else {
      ofFile(vma, entry, address);
    }
  }

  /** An entry grants what its VMA does, or less. */
  private void rights(Vma vma, long entry, long address) {
    boolean visible = (entry & Pte.PRESENT) != 0;
    boolean more =
        (visible && !vma.isAccessible())
            || (Pte.isWritable(entry) && !vma.has(VmFlag.WRITE))
            || (visible && (entry & Pte.NX) == 0 && !vma.has(VmFlag.EXEC));
    if (more) {
      throw bad(address, "entry 0x%x grants more than the VMA".formatted(entry));
    }
  }

  private void inUse(long pfn, long address) {
    if (pfn >= small.length || frames.has(pfn, FrameTable.FREE) || frames.refs(pfn) < 1) {
      throw bad(address, "frame 0x%x is mapped and free".formatted(pfn));
    }
    if (frames.has(pfn, FrameTable.TABLE)) {
      throw bad(address, "frame 0x%x is mapped and a table".formatted(pfn));
    }
  }

  /** The reverse map must find the place, or the page could never be put out. */
  private void anonymous(Vma vma, long pfn, long address) {
    int owner = frames.owner(pfn);
    boolean found =
        vma.chain().stream().anyMatch(anonVma -> anonVma.id == owner)
            && vma.pgoffOf(address) == frames.index(pfn);
    if (!found || vma.has(VmFlag.SHARED)) {
      throw bad(address, "the reverse map does not find frame 0x%x there".formatted(pfn));
    }
  }

  private void ofFile(Vma vma, long entry, long address) {
    long pfn = Pte.pfn(entry);
    boolean right =
        vma.file != null
            && frames.has(pfn, FrameTable.PAGECACHE)
            && frames.owner(pfn) == vma.file.id()
            && frames.index(pfn) == vma.pgoffOf(address);
    if (!right) {
      throw bad(address, "frame 0x%x is not that page of the file".formatted(pfn));
    }
    if (Pte.isWritable(entry) && !vma.has(VmFlag.SHARED)) {
      throw bad(address, "a page of a file is privately writable");
    }
    boolean unseen = !Pte.isDirty(entry) && !frames.has(pfn, FrameTable.DIRTY);
    if (Pte.isWritable(entry) && vma.wantsWriteNotify() && unseen) {
      throw bad(address, "the first store to frame 0x%x would not be seen".formatted(pfn));
    }
  }

  private AssertionError bad(long address, String what) {
    return new AssertionError("process %d at 0x%x: %s".formatted(mm.id(), address, what));
  }
}
