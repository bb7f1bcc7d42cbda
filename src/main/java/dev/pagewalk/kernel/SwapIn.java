package dev.pagewalk.kernel;

/**
 * A touch of a page that is in swap, or of a guard page, as do_swap_page(). Neighbours are read
 * when the fault is resolved, if at all: {@link Prefetch}.
 */
final class SwapIn {
  private SwapIn() {}

  /** Resolves it; bits of {@link Fault}, MAJOR if the area was read. */
  static int fault(Fault fault) {
    if (Pte.isMarker(fault.entry)) {
      return Fault.SIGSEGV;
    }
    SwapSpace swap = fault.kernel().swap();
    long entry = fault.entry;
    long pfn = swap.cached(entry);
    int answer = 0;
    if (pfn != Folios.NONE) {
      fault.folios().get(pfn);
      fault.kernel().prefetch().foundInSwapCache(fault.vma, fault.address, pfn);
      fault.used(pfn, true);
    } else {
      answer = Fault.MAJOR;
      boolean direct = swap.isSynchronous(entry) && swap.count(entry) == 1;
      pfn =
          direct
              ? swap.read(entry, fault.vma, fault.address)
              : swap.bringIn(entry, fault.vma, fault.address);
      if (pfn == Folios.NONE) {
        return swap.deviceFailed() ? Fault.SIGBUS : Fault.OOM;
      }
      fault.slotRead = direct ? 0 : entry;
    }
    return answer | map(fault, pfn);
  }

  /** Maps {@code pfn}, of which the caller's reference becomes the entry's. */
  private static int map(Fault fault, long pfn) {
    SwapSpace swap = fault.kernel().swap();
    Folios folios = fault.folios();
    FrameTable frames = folios.frames();
    Vma vma = fault.vma;
    boolean cached = frames.has(pfn, FrameTable.SWAPCACHE);
    boolean exclusive = !cached || Pte.isSwapExclusive(fault.entry);
    swap.release(fault.entry);
    if (swap.shouldFree(pfn, vma, fault.write)) {
      swap.tryToFree(pfn);
    }
    long entry = fault.newEntry(pfn);
    boolean write = fault.write;
    exclusive |= frames.refs(pfn) == 1;
    if (exclusive && vma.has(VmFlag.WRITE)) {
      entry = Pte.writable(entry);
      if (write) {
        entry = Pte.dirty(entry);
        write = false;
      }
    }
    addRmap(fault, pfn, exclusive);
    fault.set(entry);
    return write ? CopyOnWrite.small(fault) : 0;
  }

  private static void addRmap(Fault fault, long pfn, boolean exclusive) {
    Folios folios = fault.folios();
    fault.kernel().reverseMap().prepare(fault.vma);
    if (folios.isAnon(pfn)) {
      folios.addMapping(pfn);
    } else {
      folios.addNewAnon(pfn, fault.vma, fault.address);
      if (!exclusive) {
        folios.frames().setOwner(pfn, fault.vma.anonVma.root.id);
        folios.clearExclusive(pfn);
      }
    }
    if (exclusive) {
      folios.setExclusive(pfn);
    }
  }
}
