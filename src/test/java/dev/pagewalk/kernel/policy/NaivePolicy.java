package dev.pagewalk.kernel.policy;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A replacement policy as a textbook would state it: lists that are searched, every access told, no
 * code of the policies under test. A subclass says who goes.
 */
abstract class NaivePolicy {
  final int frames;

  /** Resident pages; in which order, the subclass says. */
  final List<Integer> resident = new ArrayList<>();

  /** Those that were accessed since somebody cleared this. */
  final Set<Integer> accessed = new TreeSet<>();

  /** Those that were written since they were last clean. */
  final Set<Integer> dirty = new TreeSet<>();

  /** Accesses before this one. */
  int position;

  int faults;
  int writeBacks;

  NaivePolicy(int frames) {
    this.frames = frames;
  }

  /** Makes one access. */
  final void access(int access) {
    int page = access < 0 ? -1 - access : access;
    if (!resident.contains(page)) {
      faults++;
      missed(page);
      if (resident.size() == frames) {
        int gone = evict(page);
        accessed.remove(gone);
        if (dirty.remove(gone)) {
          writeBacks++;
        }
      }
      admit(page);
    } else {
      hit(page);
    }
    accessed.add(page);
    if (access < 0) {
      dirty.add(page);
    }
    position++;
  }

  /** Says which page goes, and takes it out of the lists. */
  abstract int evict(int incoming);

  /** Takes a page in. */
  abstract void admit(int page);

  /** A page is not resident; before room is made. */
  void missed(int page) {}

  /** A resident page is accessed. */
  void hit(int page) {}

  /** The timer. */
  void tick() {}

  /** Takes a page out of a list. */
  static void drop(List<Integer> pages, int page) {
    pages.removeIf(other -> other == page);
  }

  /** Whether a page was accessed; from now on it was not. */
  final boolean clear(int page) {
    return accessed.remove(page);
  }

  /** Writes a page, so that it is clean. */
  final void clean(int page) {
    if (dirty.remove(page)) {
      writeBacks++;
    }
  }
}
