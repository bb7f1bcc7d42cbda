package dev.pagewalk.kernel;

import java.util.List;

/** A touch of memory from the pool of explicit huge pages, as hugetlb_fault(). */
final class HugetlbFault {
  private final Fault fault;
  private final Vma vma;
  private final Folios folios;
  private final PageTables tables;
  private final HugetlbPool pool;

  /** First address of the huge page, and its page offset in the object. */
  private final long start;

  private final long offset;

  private HugetlbFault(Fault fault) {
    this.fault = fault;
    this.vma = fault.vma;
    this.folios = fault.folios();
    this.tables = fault.tables();
    this.pool = vma.file.pool();
    this.start = pool.pageOf(fault.address);
    this.offset = vma.pgoffOf(start);
  }

  /** Resolves the fault; bits of {@link Fault}. */
  static int fault(Fault fault) {
    return new HugetlbFault(fault).resolve();
  }

  private int resolve() {
    long slot = tables.make(start, pool.level());
    if (slot == PageTables.NONE) {
      return Fault.OOM;
    }
    fault.slot = slot;
    fault.entry = tables.read(slot);
    if (Pte.isNone(fault.entry)) {
      return vma.has(VmFlag.MAYSHARE) ? shared() : privately();
    }
    if (fault.write && !Pte.isWritable(fault.entry)) {
      return store();
    }
    fault.entry = tables.touch(slot, fault.write);
    return 0;
  }

  /** The object's page, a new one if it has none there; none in the pool is SIGBUS. */
  private int shared() {
    FileObject file = vma.file;
    long head = PageCache.find(file, offset);
    if (head == Folios.NONE) {
      head = offset < file.sizeInPages() ? Hugetlb.allocate(vma, offset, false) : Folios.NONE;
      if (head == Folios.NONE) {
        return Fault.SIGBUS;
      }
      zero(head);
      folios.frames().set(head, FrameTable.PAGECACHE | FrameTable.UPTODATE);
      folios.frames().setOwner(head, file.id());
      folios.frames().setIndex(head, offset);
      file.pages().put(offset, head);
    }
    folios.get(head);
    folios.addHugeMapping(head);
    long entry = Pte.of(head, vma.pageProt() | Pte.HUGE);
    fault.set(vma.has(VmFlag.WRITE) ? Pte.writable(Pte.dirty(entry)) : entry);
    return 0;
  }

  /** A page of its own, for a read too: there is no huge page of zeroes in the pool. */
  private int privately() {
    if (vma.lostPages || offset >= vma.file.sizeInPages()) {
      return Fault.SIGBUS;
    }
    fault.kernel().reverseMap().prepare(vma);
    long head = Hugetlb.allocate(vma, offset, false);
    if (head == Folios.NONE) {
      return Fault.SIGBUS;
    }
    zero(head);
    mapAnon(head);
    return fault.write ? store() : 0;
  }

  private void zero(long head) {
    folios.memory().fill(head << 12, pool.pageBytes(), 0);
  }

  /** Maps a page that is this mapping's alone, readable. */
  private void mapAnon(long head) {
    FrameTable frames = folios.frames();
    frames.set(head, FrameTable.ANON | FrameTable.UPTODATE | FrameTable.EXCLUSIVE);
    frames.setOwner(head, vma.anonVma.id);
    frames.setIndex(head, offset);
    folios.addHugeMapping(head);
    fault.set(Pte.of(head, vma.pageProt() | Pte.HUGE));
  }

  /** A store to a page that is there and read-only, as hugetlb_wp(). */
  private int store() {
    long head = Pte.pfn(fault.entry);
    if (vma.has(VmFlag.MAYSHARE) || isAlone(head)) {
      return reuse(head);
    }
    // An owner of reservations keeps them for pages that it has not touched yet.
    boolean owner = vma.reserve != null;
    long copy = Hugetlb.allocate(vma, offset, owner);
    if (copy == Folios.NONE) {
      if (!owner) {
        return Fault.SIGBUS;
      }
      takeFromOthers(head);
      return isAlone(head) ? reuse(head) : Fault.SIGBUS;
    }
    folios.memory().copyFrom(folios.memory(), head << 12, copy << 12, pool.pageBytes());
    tables.take(fault.slot);
    fault.token().hugePages(vma.mm, start, pool.pageBytes());
    folios.removeHugeMapping(head);
    fault.token().putLater(head);
    mapAnon(copy);
    return reuse(copy);
  }

  private boolean isAlone(long head) {
    return folios.isAnon(head) && folios.mapCount(head) == 1;
  }

  private int reuse(long head) {
    if (folios.isAnon(head)) {
      folios.setExclusive(head);
    }
    fault.set(Pte.young(fault.maybeWritable(Pte.dirty(fault.entry))));
    return 0;
  }

  /**
   * Unmaps the page from processes without reservations of their own: whoever made the mapping can
   * rely on it, a child gets SIGBUS if it touches a page that is not there. As unmap_ref_private().
   */
  private void takeFromOthers(long head) {
    for (Vma other : List.copyOf(vma.file.mappings())) {
      long address = other.addressOf(offset);
      if (other == vma
          || other.reserve != null
          || other.has(VmFlag.MAYSHARE)
          || !other.contains(address)) {
        continue;
      }
      long slot = other.mm.tables().find(address, pool.level());
      if (slot != PageTables.NONE && HugetlbPages.maps(other.mm.tables(), slot, head)) {
        HugetlbPages.zap(other, address, address + pool.pageBytes());
        other.lostPages = true;
      }
    }
  }
}
