package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The VMAs of an address space, in the order of their addresses; no two overlap. */
final class VmaMap {
  private Vma[] vmas = new Vma[16];
  private int size;

  /** The one last found: faults come in clusters. */
  private Vma last;

  int size() {
    return size;
  }

  /** The VMA that contains {@code address}, or null. */
  Vma at(long address) {
    Vma found = atOrAfter(address);
    return found != null && found.start <= address ? found : null;
  }

  /** The first VMA that ends above {@code address}, or null. */
  Vma atOrAfter(long address) {
    Vma cached = last;
    if (cached != null && cached.contains(address)) {
      return cached;
    }
    int index = indexOfFirstEndingAbove(address);
    if (index == size) {
      return null;
    }
    last = vmas[index];
    return last;
  }

  /** The last VMA that ends at or below {@code address}, or null. */
  Vma before(long address) {
    int index = indexOfFirstEndingAbove(address);
    return index == 0 ? null : vmas[index - 1];
  }

  /** The VMA next after {@code vma}, or null. */
  Vma next(Vma vma) {
    return atOrAfter(vma.end);
  }

  /** The VMA next before {@code vma}, or null. */
  Vma previous(Vma vma) {
    return before(vma.start);
  }

  /** The first VMA that overlaps {@code [start, end)}, or null. */
  Vma firstIn(long start, long end) {
    Vma found = atOrAfter(start);
    return found != null && found.start < end ? found : null;
  }

  /** All that overlap {@code [start, end)}, in order; a list of its own. */
  List<Vma> in(long start, long end) {
    List<Vma> found = new ArrayList<>();
    if (start >= end) {
      return found;
    }
    for (int i = indexOfFirstEndingAbove(start); i < size && vmas[i].start < end; i++) {
      found.add(vmas[i]);
    }
    return found;
  }

  /** All, in order; a list of its own. */
  List<Vma> all() {
    return new ArrayList<>(Arrays.asList(vmas).subList(0, size));
  }

  /** Puts a VMA in its place; to overlap another is a mistake of ours. */
  void add(Vma vma) {
    int index = indexOfFirstEndingAbove(vma.start);
    if (index < size && vmas[index].start < vma.end) {
      throw new IllegalStateException("VMAs would overlap at " + Long.toHexString(vma.start));
    }
    if (size == vmas.length) {
      vmas = Arrays.copyOf(vmas, 2 * size);
    }
    System.arraycopy(vmas, index, vmas, index + 1, size - index);
    vmas[index] = vma;
    size++;
  }

  /** Takes a VMA out, which must be there. */
  void remove(Vma vma) {
    int index = indexOfFirstEndingAbove(vma.start);
    if (index == size || vmas[index] != vma) {
      throw new IllegalStateException("no such VMA at " + Long.toHexString(vma.start));
    }
    System.arraycopy(vmas, index + 1, vmas, index, size - index - 1);
    vmas[--size] = null;
    if (last == vma) {
      last = null;
    }
  }

  private int indexOfFirstEndingAbove(long address) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (vmas[middle].end > address) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
