package dev.pagewalk.machine.classroom;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.VmaView;
import java.util.ArrayList;
import java.util.List;

/** Which pages of an address space are looked at one by one. */
public final class Pages {
  private static final long PAGE = 4096;

  /** Pages of one mapping that are looked at, at most. */
  private static final int MOST = 64;

  private Pages() {}

  /** The pages of each mapping, of long ones the first. */
  public static List<Long> shown(AddressSpace mm) {
    List<Long> pages = new ArrayList<>();
    for (VmaView vma : mm.view()) {
      long end = Math.min(vma.end(), vma.start() + MOST * PAGE);
      for (long at = vma.start(); at < end; at += PAGE) {
        pages.add(at);
      }
    }
    return pages;
  }

  /** The mapping that an address lies in; null if there is none. */
  static VmaView vma(List<VmaView> vmas, long address) {
    for (VmaView vma : vmas) {
      if (Long.compareUnsigned(vma.start(), address) <= 0
          && Long.compareUnsigned(address, vma.end()) < 0) {
        return vma;
      }
    }
    return null;
  }

  /** Pages in memory; -1 if the tables are none that the kernel can read. */
  public static long resident(AddressSpace mm) {
    try {
      return mm.residentPages();
    } catch (IndexOutOfBoundsException _) {
      return -1;
    }
  }
}
