package dev.pagewalk.kernel;

import java.util.Arrays;

/** Reads a page of a process whatever its rights, wherever it lies, and leaves all as it is. */
final class Peek {
  private Peek() {}

  /** As {@link AddressSpace#peek}; {@code address} is that of a page. */
  static boolean page(AddressSpace mm, long address, byte[] bytes) {
    Vma vma = mm.vmas().at(address);
    if (vma == null) {
      return false;
    }
    PageView view = PageView.of(mm, address);
    return switch (view.kind()) {
      case GUARD -> false;
      case PRESENT -> frame(mm.kernel(), view.frame(), bytes);
      case SWAP -> slot(mm.kernel(), view.frame(), bytes);
      case NONE -> vma.isHugetlb() ? hugetlb(vma, address, bytes) : absent(vma, address, bytes);
    };
  }

  /** A page of a shared object that only others have touched, or of zeroes. */
  private static boolean hugetlb(Vma vma, long address, byte[] bytes) {
    long start = vma.file.pool().pageOf(address);
    if (vma.pgoffOf(start) >= vma.file.sizeInPages()) {
      return false;
    }
    long head = PageCache.find(vma.file, vma.pgoffOf(start));
    return head == Folios.NONE
        ? zeroes(bytes)
        : frame(vma.mm.kernel(), head + ((address - start) >>> 12), bytes);
  }

  private static boolean absent(Vma vma, long address, byte[] bytes) {
    return vma.file == null ? zeroes(bytes) : file(vma, vma.pgoffOf(address), bytes);
  }

  private static boolean frame(Kernel kernel, long pfn, byte[] bytes) {
    kernel.memory().read(pfn << 12, bytes, 0, bytes.length);
    return true;
  }

  private static boolean zeroes(byte[] bytes) {
    Arrays.fill(bytes, (byte) 0);
    return true;
  }

  private static boolean slot(Kernel kernel, long entry, byte[] bytes) {
    long cached = kernel.swap().cached(entry);
    if (cached != Folios.NONE) {
      return frame(kernel, cached, bytes);
    }
    return kernel.swap().peek(entry, bytes);
  }

  /** Page {@code index} of a file as a read() would find it. */
  static boolean file(Vma vma, long index, byte[] bytes) {
    return file(vma.mm.kernel(), vma.file, index, bytes);
  }

  static boolean file(Kernel kernel, FileObject file, long index, byte[] bytes) {
    if (index >= file.sizeInPages()) {
      return false;
    }
    long pfn = PageCache.find(file, index);
    if (pfn != Folios.NONE) {
      return frame(kernel, pfn, bytes);
    }
    Long entry = file.swapped().get(index);
    if (entry != null) {
      return slot(kernel, entry, bytes);
    }
    if (file.store() == null) {
      return zeroes(bytes);
    }
    return file.store().read(index, bytes);
  }

  /** As {@link AddressSpace#endOfNothing}. */
  static long endOfNothing(AddressSpace mm, long address) {
    for (int level = PageTables.PMD; level <= mm.kernel().options().levels(); level++) {
      long slot = mm.tables().find(address, level);
      if (slot != PageTables.NONE) {
        return Pte.isNone(mm.tables().read(slot)) ? PageTables.nextAt(address, level) : address;
      }
    }
    return address;
  }
}
