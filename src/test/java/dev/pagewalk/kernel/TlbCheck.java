package dev.pagewalk.kernel;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.mmu.MmuSnapshot;
import dev.pagewalk.mmu.PagingStructureCacheEntry;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.List;
import java.util.Map;

/** What one core has cached grants no more than the tables do now. */
final class TlbCheck {
  private final Folios folios;
  private final CpuTlbState core;

  TlbCheck(Kernel kernel, CpuTlbState core) {
    this.folios = kernel.folios();
    this.core = core;
  }

  void run(MmuSnapshot snapshot) {
    for (List<TlbEntry> tlb : snapshot.tlbs().values()) {
      tlb.forEach(this::translation);
    }
    for (Map.Entry<Level, List<PagingStructureCacheEntry>> cache :
        snapshot.pagingStructureCaches().entrySet()) {
      cache.getValue().forEach(entry -> structure(entry, cache.getKey()));
    }
  }

  private void translation(TlbEntry cached) {
    AddressSpace mm = core.trusted(cached.pcid());
    // What lies above is the kernel's own, and never changes.
    if (mm == null || cached.linearAddress() < 0) {
      return;
    }
    PageTables tables = mm.tables();
    long bytes = cached.size().bytes();
    for (long offset = 0; offset < bytes; ) {
      long address = cached.linearAddress() + offset;
      long slot = HugePages.around(mm, address);
      boolean huge = slot != PageTables.NONE;
      if (!huge) {
        slot = tables.find(address, PageTables.PTE);
      }
      long entry = slot == PageTables.NONE ? 0 : tables.read(slot);
      long page = PageTables.PAGE_BYTES << (huge ? folios.frames().order(Pte.pfn(entry)) : 0);
      long inside = address & (page - 1);
      String wrong = wrong(cached, entry, (Pte.pfn(entry) << 12) + inside - offset);
      if (wrong != null) {
        throw bad(mm, address, wrong);
      }
      offset += huge ? bytes : PageTables.PAGE_BYTES;
    }
  }

  private String wrong(TlbEntry cached, long entry, long frame) {
    if ((entry & Pte.PRESENT) == 0) {
      return "a TLB translates it, the tables do not";
    }
    if (frame != cached.physicalAddress()) {
      return "a TLB has frame 0x%x, the tables have 0x%x"
          .formatted(cached.physicalAddress() >>> 12, frame >>> 12);
    }
    if (cached.flags().contains(Flag.WRITABLE) && !Pte.isWritable(entry)) {
      return "a TLB lets it be written, the tables do not";
    }
    if (cached.flags().contains(Flag.EXECUTABLE) && (entry & Pte.NX) != 0) {
      return "a TLB lets it be fetched, the tables do not";
    }
    if (cached.flags().contains(Flag.DIRTY) && (entry & Pte.DIRTY) == 0) {
      return "a TLB knows it as dirty, so that a store would not be noted";
    }
    return folios.frames().has(frame >>> 12, FrameTable.FREE) ? "its frame is free" : null;
  }

  private void structure(PagingStructureCacheEntry cached, Level level) {
    AddressSpace mm = core.trusted(cached.pcid());
    if (mm == null || cached.linearAddress() < 0) {
      return;
    }
    int shift = level.shift();
    int number = (shift - 12) / 9 + 1;
    long slot = mm.tables().find(cached.linearAddress(), number);
    long entry = slot == PageTables.NONE ? 0 : mm.tables().read(slot);
    if (!PageTables.isTable(entry) || Entry.table(entry) != cached.table()) {
      throw bad(
          mm,
          cached.linearAddress(),
          "the cache of %s has the table in frame 0x%x, the tables do not"
              .formatted(level, cached.table() >>> 12));
    }
  }

  private static AssertionError bad(AddressSpace mm, long address, String what) {
    return new AssertionError("process %d at 0x%x: %s".formatted(mm.id(), address, what));
  }
}
