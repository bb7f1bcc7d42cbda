package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.NaiveStructure.Place;
import dev.pagewalk.mmu.TlbEntry.Flag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One TLB of the naive MMU. */
final class NaiveTlb {
  final NaiveStructure<NaivePage> pages;
  private final TlbGeometry geometry;

  NaiveTlb(TlbGeometry geometry, NaiveDraws draws) {
    this.geometry = geometry;
    this.pages = new NaiveStructure<>(geometry.shape(), draws);
  }

  String name() {
    return geometry.name();
  }

  boolean serves(Port port) {
    return geometry.ports().contains(port);
  }

  /**
   * The entry of {@code size} that translates {@code address}, or {@code null}. To a write an entry
   * with D = 0 is none.
   */
  Place<NaivePage> lookUp(PageSize size, long address, int pcid, boolean write) {
    return pages.find(
        pages.setOf(address, size.shift()),
        page ->
            page.size() == size
                && page.translates(address, pcid)
                && (!write || page.has(Flag.DIRTY)));
  }

  /** The largest size of entry here that is not above {@code most}. */
  Optional<PageSize> largestSize(PageSize most) {
    Optional<PageSize> largest = Optional.empty();
    for (PageSize size : PageSize.values()) {
      if (geometry.sizes().contains(size) && size.compareTo(most) <= 0) {
        largest = Optional.of(size);
      }
    }
    return largest;
  }

  /** Fills in {@code page}; if it is global, what other PCIDs had of it is dropped. */
  void fill(NaivePage page) {
    NaiveSet<NaivePage> set = pages.setOf(page.linearAddress(), page.size().shift());
    pages.fill(set, page, old -> isSamePiece(old, page) && old.belongsTo(page.pcid()));
    if (page.isGlobal()) {
      pages.invalidate(set, old -> isSamePiece(old, page) && !old.belongsTo(page.pcid()));
    }
  }

  private static boolean isSamePiece(NaivePage old, NaivePage page) {
    return old.size() == page.size() && old.linearAddress() == page.linearAddress();
  }

  List<TlbEntry> snapshot() {
    List<TlbEntry> entries = new ArrayList<>();
    pages.forEach((set, way, age, page) ->
        entries.add(
            new TlbEntry(
                set,
                way,
                age,
                page.linearAddress(),
                page.physicalAddress(),
                page.pcid(),
                page.size(),
                page.pageSize(),
                page.flags(),
                page.key(),
                page.patIndex())));
    return entries;
  }
}
