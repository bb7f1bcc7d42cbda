package dev.pagewalk.kernel;

/** A write to a page that is there and read-only, in memory that may be written. */
final class CopyOnWrite {
  private CopyOnWrite() {}

  /** As do_wp_page(). */
  static int small(Fault fault) {
    Folios folios = fault.folios();
    long pfn = Pte.pfn(fault.entry);
    if (folios.isZeroPage(pfn)) {
      return copy(fault, Folios.NONE);
    }
    if (fault.vma.has(VmFlag.SHARED)) {
      return FileFault.firstStore(fault, pfn);
    }
    if (folios.isAnon(pfn)
        && (folios.isExclusive(pfn) || canReuse(fault.kernel(), pfn, fault.vma))) {
      folios.setExclusive(pfn);
      fault.set(fault.maybeWritable(Pte.dirty(Pte.young(fault.entry))));
      return 0;
    }
    return copy(fault, pfn);
  }

  /**
   * Whether this mapping is all that is left of the page's users, as wp_can_reuse_anon_folio().
   *
   * <p>References count, not mappings: a slot of swap that another process holds keeps the page in
   * the swap cache.
   *
   * <p>MODEL: a page that is used again is still looked for where it was born; Linux moves it to
   * the VMA that has it now, and finds it sooner.
   */
  private static boolean canReuse(Kernel kernel, long pfn, Vma vma) {
    FrameTable frames = kernel.folios().frames();
    long head = frames.head(pfn);
    if (frames.order(head) > 0) {
      return canReuseLarge(kernel, head, vma);
    }
    boolean cached = frames.has(pfn, FrameTable.SWAPCACHE);
    if (frames.refs(pfn) > (cached ? 2 : 1)) {
      return false;
    }
    if (cached) {
      kernel.swap().tryToFree(pfn);
    }
    return frames.refs(pfn) == 1;
  }

  /** A page of a larger folio: only if all of its mappings are of this process. */
  private static boolean canReuseLarge(Kernel kernel, long head, Vma vma) {
    Folios folios = kernel.folios();
    int mappings = folios.mappings(head);
    return mappings > 1
        && mappings == folios.frames().refs(head)
        && !MappingCount.elsewhere(kernel, head, vma.mm);
  }

  /** A private copy takes the page's place; of the zero page, a frame of zeroes. */
  private static int copy(Fault fault, long from) {
    Folios folios = fault.folios();
    fault.kernel().reverseMap().prepare(fault.vma);
    fault.want();
    long pfn =
        from == Folios.NONE
            ? folios.allocateZeroed(0, fault.vma, fault.address)
            : folios.allocateCopy(from, fault.vma, fault.address);
    if (pfn == Folios.NONE) {
      return Fault.OOM;
    }
    folios.addNewAnon(pfn, fault.vma, fault.address);
    fault.tables().take(fault.slot);
    fault.token().page(fault.vma.mm, fault.address);
    fault.set(fault.maybeWritable(Pte.dirty(fault.newEntry(pfn))));
    if (from != Folios.NONE) {
      folios.removeMapping(from);
      if (fault.vma.has(VmFlag.LOCKED)) {
        folios.batches().unlock(from);
      }
      fault.token().putLater(from);
    }
    return 0;
  }

  /**
   * A write to a huge page: used again if nobody else has it, else cut, and small pages are copied,
   * as do_huge_pmd_wp_page().
   *
   * @param directory physical address of the entry
   */
  static int huge(Fault fault, long directory, long entry) {
    Folios folios = fault.folios();
    long head = Pte.pfn(entry);
    if (folios.isZeroPage(head)) {
      return hugeFromZero(fault, directory);
    }
    FrameTable frames = folios.frames();
    boolean alone = folios.isExclusive(head);
    if (!alone) {
      if (frames.has(head, FrameTable.SWAPCACHE)) {
        fault.kernel().swap().tryToFree(head);
      }
      alone = frames.refs(head) == 1;
    }
    if (!alone) {
      return Fault.FALLBACK;
    }
    folios.setExclusive(head);
    long reused = Pte.dirty(Pte.young(entry));
    fault.tables().write(directory, fault.maybeWritable(reused));
    return 0;
  }

  /** The first write to a huge page of zeroes: a huge page of its own. */
  private static int hugeFromZero(Fault fault, long directory) {
    Folios folios = fault.folios();
    Vma vma = fault.vma;
    long start = PageTables.hugePageOf(fault.address);
    fault.kernel().reverseMap().prepare(vma);
    long pfn = folios.allocateZeroed(PageTables.HUGE_ORDER, vma, start);
    if (pfn == Folios.NONE) {
      return Fault.FALLBACK;
    }
    folios.addNewAnon(pfn, vma, start);
    long reserve = fault.tables().withdraw(directory);
    fault.tables().take(directory);
    fault.token().hugePage(vma.mm, start);
    HugePages.map(vma, directory, pfn, reserve);
    return 0;
  }
}
