package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/** The pools of explicit huge pages, and who has reserved what of them. */
final class Hugetlb {
  /** Bits of the flags of {@code mmap} that name a size, after the shift. */
  private static final int SIZE_MASK = 0x3f;

  private final HugetlbPool huge;
  private final HugetlbPool gigantic;
  private final boolean gigabytePages;

  Hugetlb(Folios folios, boolean gigabytePages) {
    this.huge = new HugetlbPool(folios, PageTables.PMD);
    this.gigantic = new HugetlbPool(folios, PageTables.PUD);
    this.gigabytePages = gigabytePages;
  }

  /**
   * The pool that the flags of {@code mmap} name, 2 MiB if they name none; null for other sizes.
   */
  HugetlbPool ofFlags(int flags) {
    int log = flags >>> MapFlag.HUGE_SHIFT & SIZE_MASK;
    return log == 0 ? huge : ofSize(1L << log);
  }

  /** The pool of pages of that size, or null. */
  HugetlbPool ofSize(long bytes) {
    if (bytes == huge.pageBytes()) {
      return huge;
    }
    return gigabytePages && bytes == gigantic.pageBytes() ? gigantic : null;
  }

  /** Frames that the pools have. */
  long pages() {
    return (huge.total() << huge.order()) + (gigantic.total() << gigantic.order());
  }

  /** The same; throws if there are no pages of that size. */
  HugetlbPool existing(long bytes) {
    HugetlbPool pool = ofSize(bytes);
    if (pool == null) {
      throw new IllegalArgumentException("no huge pages of " + bytes + " bytes");
    }
    return pool;
  }

  /** The pool that a page of so many frames came from. */
  HugetlbPool ofOrder(int order) {
    return order == huge.order() ? huge : gigantic;
  }

  // --- reservations ---

  /**
   * Reserves the pages of a new mapping, as hugetlb_reserve_pages(); false if there are too few.
   */
  static boolean reserve(Vma vma) {
    HugetlbPool pool = vma.file.pool();
    if (vma.has(VmFlag.NORESERVE)) {
      return true;
    }
    long step = pool.pageBytes() >>> 12;
    long end = vma.pgoff + vma.pages();
    if (!vma.has(VmFlag.MAYSHARE)) {
      if (!pool.reserve(vma.pages() / step)) {
        return false;
      }
      vma.reserve = new HugetlbReserve();
      return true;
    }
    HugetlbReserve reserve = vma.file.reserve();
    if (!pool.reserve(vma.pages() / step - reserve.count(vma.pgoff, end))) {
      return false;
    }
    for (long offset = vma.pgoff; offset < end; offset += step) {
      reserve.add(offset);
    }
    return true;
  }

  /** Gives back what a private mapping reserved and did not use, as hugetlb_vm_op_close(). */
  static void close(Vma vma) {
    if (vma.reserve != null) {
      HugetlbPool pool = vma.file.pool();
      long used = vma.reserve.count(vma.pgoff, vma.pgoff + vma.pages());
      pool.unreserve(vma.length() / pool.pageBytes() - used);
      vma.reserve = null;
    }
  }

  /**
   * Keeps the shared objects of mappings that will be replaced until the mapping that replaces them
   * has been made, as vms_complete_munmap_vmas() does: their pages cannot be promised before.
   *
   * @return mappings of nothing, one for each, to be forgotten then
   */
  static List<Vma> hold(List<Vma> vmas) {
    List<Vma> held = new ArrayList<>();
    for (Vma vma : vmas) {
      if (vma.isHugetlb() && vma.has(VmFlag.MAYSHARE)) {
        Vma nothing = new Vma(vma.mm, 0, 0, vma.file);
        vma.file.link(nothing);
        held.add(nothing);
      }
    }
    return held;
  }

  /** Drops the pages and reservations of a shared object that nobody maps any more. */
  static void release(FileObject file, FlushToken token) {
    HugetlbPool pool = file.pool();
    pool.unreserve(file.reserve().size() - file.pages().size());
    file.pages().values().forEach(token::putLater);
    file.pages().clear();
  }

  /**
   * A page for {@code offset} of a mapping, of zeroes, with one reference, as
   * alloc_hugetlb_folio().
   *
   * @param spare whether to leave the mapping's own reservations alone
   * @return its first frame; NONE if the pool has none that may be had
   */
  static long allocate(Vma vma, long offset, boolean spare) {
    HugetlbPool pool = vma.file.pool();
    boolean shared = vma.has(VmFlag.MAYSHARE);
    boolean promised =
        shared
            ? vma.file.reserve().contains(offset)
            : vma.reserve != null && !vma.reserve.contains(offset);
    long head = pool.take(promised && !spare);
    if (head == Folios.NONE) {
      return Folios.NONE;
    }
    if (shared) {
      vma.file.reserve().add(offset);
    } else if (vma.reserve != null && !spare) {
      vma.reserve.add(offset);
    }
    return head;
  }

  /**
   * A page of a private mapping is unmapped: if that frees it, the mapping that owns reservations
   * has its reservation again.
   *
   * <p>MODEL: a reservation comes back only with its page; Linux also gives it back while a child
   * still maps the page, and then counts it again when the child gives it up.
   */
  static void restore(Vma vma, long head, long offset) {
    FrameTable frames = vma.mm.kernel().folios().frames();
    if (vma.reserve != null && frames.has(head, FrameTable.ANON) && frames.refs(head) == 1) {
      vma.reserve.remove(offset);
      frames.set(head, FrameTable.RESTORE_RESERVE);
    }
  }
}
