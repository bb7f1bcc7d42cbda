package dev.pagewalk.mmu;

import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.mmu.NaiveStructure.Place;
import java.util.List;
import java.util.Optional;

/**
 * The TLBs of one level.
 *
 * @param tlbs in the model's order
 */
record NaiveTlbLevel(List<NaiveTlb> tlbs) {
  /**
   * Looks into every TLB of {@code port} at once; {@code null} if none answers. Where a page and a
   * piece of it both match, the smaller one answers.
   */
  Place<NaivePage> lookUp(Port port, long address, int pcid) {
    NaiveTlb answering = null;
    Place<NaivePage> answer = null;
    for (PageSize size : PageSize.values()) {
      for (NaiveTlb tlb : tlbs) {
        if (answer == null && tlb.serves(port)) {
          answer = tlb.lookUp(size, address, pcid, port == Port.STORE);
          answering = tlb;
        }
      }
    }
    for (NaiveTlb tlb : tlbs) {
      if (answer != null && tlb == answering) {
        tlb.pages.countHit();
      } else if (tlb.serves(port)) {
        tlb.pages.countMiss();
      }
    }
    return answer;
  }

  /**
   * Puts the piece of {@code page} around {@code address} into the TLB of {@code port} that holds
   * the largest pieces of it; nothing happens if none holds any.
   */
  void fill(Port port, NaivePage page, long address) {
    NaiveTlb best = null;
    PageSize bestSize = null;
    for (NaiveTlb tlb : tlbs) {
      Optional<PageSize> size = tlb.largestSize(page.size());
      if (tlb.serves(port)
          && size.isPresent()
          && (bestSize == null || size.get().compareTo(bestSize) > 0)) {
        best = tlb;
        bestSize = size.get();
      }
    }
    if (best != null) {
      best.fill(page.pieceAt(address, bestSize));
    }
  }
}
