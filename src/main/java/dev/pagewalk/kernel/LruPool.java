package dev.pagewalk.kernel;

/**
 * The pages of a group, or of one process in it, that are replaced among themselves: in one {@link
 * Lruvec}, or in one for anonymous pages and one for those of files.
 */
final class LruPool {
  final MemoryGroup group;

  /** Whose pages these are; null for those of a group. */
  final AddressSpace owner;

  final Lruvec anonymous;

  /** The same as {@link #anonymous} if both kinds are in one. */
  final Lruvec file;

  private final int swappiness;

  /** What it has cost lately to take pages of the kind, as lru_note_cost(). */
  private long anonymousCost;

  private long fileCost;

  /** Pages of each kind taken since, in proportion to which the next is chosen. */
  private long anonymousTaken;

  private long fileTaken;

  /** Raised with each page that goes or proves to be used: the time that refaults are told in. */
  private long age;

  /** Turn in the choice among pools. */
  long credit;

  /** Whether nothing can be taken from it in this run of reclaim. */
  boolean exhausted;

  LruPool(Pressure pressure, MemoryGroup group, AddressSpace owner) {
    this.group = group;
    this.owner = owner;
    swappiness = pressure.options().swappiness();
    anonymous = pressure.lists().newLruvec(this);
    file = swappiness == ReclaimOptions.ONE_LIST ? anonymous : pressure.lists().newLruvec(this);
  }

  int resident() {
    return anonymous == file ? anonymous.resident() : anonymous.resident() + file.resident();
  }

  /**
   * Whether its process has ended and its pages have gone; then it forgets what its policy knew.
   */
  boolean isOver() {
    boolean over = owner != null && owner.hasExited() && resident() == 0;
    if (over) {
      anonymous.drop();
      file.drop();
    }
    return over;
  }

  Lruvec of(boolean isAnonymous) {
    return isAnonymous ? anonymous : file;
  }

  /**
   * From which kind the next page goes, as get_scan_count(): in proportion to swappiness and to the
   * inverse of what the kind has cost.
   *
   * @param canSwap whether there is a slot of swap for an anonymous page
   */
  Lruvec turn(boolean canSwap) {
    if (anonymous == file || anonymous.resident() == 0 || !canSwap) {
      return file;
    }
    if (file.resident() == 0) {
      return anonymous;
    }
    long total = anonymousCost + fileCost + 1;
    long forAnonymous = swappiness * total / (anonymousCost + 1);
    long forFile = (200 - swappiness) * total / (fileCost + 1);
    boolean isDue = anonymousTaken * forFile <= fileTaken * forAnonymous;
    return forAnonymous > 0 && isDue ? anonymous : file;
  }

  /** A page of the kind was taken. */
  void took(Lruvec from) {
    if (from == anonymous) {
      anonymousTaken++;
    } else {
      fileTaken++;
    }
    if (anonymousTaken + fileTaken > 4096) {
      anonymousTaken /= 2;
      fileTaken /= 2;
    }
  }

  /** A page of the kind had to be written, or came back: that costs. */
  void noteCost(boolean isAnonymous) {
    if (isAnonymous) {
      anonymousCost++;
    } else {
      fileCost++;
    }
    if (anonymousCost + fileCost > resident() / 4 + 1) {
      anonymousCost /= 2;
      fileCost /= 2;
    }
  }

  long age() {
    return age;
  }

  void grow() {
    age++;
  }
}
