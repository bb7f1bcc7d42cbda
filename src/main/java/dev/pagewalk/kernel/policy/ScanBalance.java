package dev.pagewalk.kernel.policy;

/**
 * How Linux divides its search between anonymous and file pages: by swappiness, and against the
 * type that has cost more lately (get_scan_count(), lru_note_cost(); since Linux 5.8).
 */
final class ScanBalance {
  /** Anonymous pages; the list of the inactive ones. */
  static final int ANON = 0;

  /** File pages; the list of the inactive ones. */
  static final int FILE = 2;

  private static final int MOST_SWAPPINESS = 200;

  private final int swappiness;
  private long anonCost;
  private long fileCost;

  /** What the types are owed; the one that is owed more is looked at. */
  private double anonDue;

  private double fileDue;

  ScanBalance(int swappiness) {
    this.swappiness = swappiness;
  }

  /**
   * The type to look at next.
   *
   * @param anon how many anonymous pages there are
   * @param file how many file pages
   */
  int next(long anon, long file) {
    if (file == 0 || anon == 0) {
      return file == 0 ? ANON : FILE;
    }
    double total = anonCost + fileCost;
    double anonShare = anon * (swappiness * (total + 1) / (total + anonCost + 1));
    double fileShare =
        file * ((MOST_SWAPPINESS - swappiness) * (total + 1) / (total + fileCost + 1));
    double sum = anonShare + fileShare;
    anonDue += anonShare / sum;
    fileDue += fileShare / sum;
    if (swappiness > 0 && anonDue >= fileDue) {
      anonDue--;
      return ANON;
    }
    fileDue--;
    return FILE;
  }

  /**
   * lru_note_cost(): what a type's pages have cost, counted in pages; old costs count half when a
   * quarter of memory has been paid.
   */
  void cost(int type, int pages, int resident) {
    if (type == ANON) {
      anonCost += pages;
    } else {
      fileCost += pages;
    }
    while (anonCost + fileCost > resident / 4 && anonCost + fileCost > 0) {
      anonCost /= 2;
      fileCost /= 2;
    }
  }
}
