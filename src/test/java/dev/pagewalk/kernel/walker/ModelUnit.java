package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.PageView;
import java.util.HashMap;
import java.util.Map;

/** One explicit huge page of a process. */
final class ModelUnit {
  /** How many a process may have. */
  static final int PLACES = 8;

  /** Where the window of explicit huge pages begins. */
  static final long START = ModelProcess.LOW + (64L << 30);

  /** Rights and key. */
  final ModelPage page;

  /** Of shared memory: contents by unit of the object; null if it is private. */
  final Map<Integer, Map<Long, long[]>> shared;

  /** Which unit of its object. */
  final int index;

  /** Whether whoever made the mapping was promised all pages. */
  final boolean promised;

  final long smallPages;

  /** Contents of pages within, by their number; null while private memory has not been touched. */
  Map<Long, long[]> own;

  /** Whether a child had it too: then the promise may be used up. */
  boolean forked;

  /** Whether it was taken away for want of others: what is not there cannot be had. */
  boolean lost;

  ModelUnit(ModelPage page, Map<Integer, Map<Long, long[]>> shared, ModelUnit.Place place) {
    this.page = page;
    this.shared = shared;
    this.index = place.index();
    this.promised = place.promised();
    this.smallPages = place.smallPages();
  }

  /** Which unit of its object, whether it is promised, and its size. */
  record Place(int index, boolean promised, long smallPages) {}

  static long address(int place, long bytes) {
    return START + place * bytes;
  }

  ModelUnit with(ModelPage other) {
    ModelUnit unit = new ModelUnit(other, shared, new Place(index, promised, smallPages));
    unit.own = own;
    unit.forked = forked;
    unit.lost = lost;
    return unit;
  }

  /** What a child gets. */
  ModelUnit forked() {
    boolean keeps = shared != null && promised;
    ModelUnit child = new ModelUnit(page.copy(), shared, new Place(index, keeps, smallPages));
    child.own = own == null ? null : new HashMap<>(own);
    child.forked = true;
    forked = true;
    return child;
  }

  /** Whether the page is there for sure. */
  boolean isThere() {
    return shared != null ? shared.containsKey(index) : own != null;
  }

  /** Contents, which there must be. */
  Map<Long, long[]> contents() {
    if (shared != null) {
      return shared.computeIfAbsent(index, _ -> new HashMap<>());
    }
    own = own == null ? new HashMap<>() : own;
    return own;
  }

  long[] words(long small) {
    Map<Long, long[]> all = shared != null ? shared.get(index) : own;
    return all == null ? Contents.ZERO : all.getOrDefault(small, Contents.ZERO);
  }

  /** Takes notice of a page that a call has brought in. */
  void adopt(PageView view) {
    if (view.kind() == PageView.Kind.PRESENT) {
      contents();
    }
  }
}
