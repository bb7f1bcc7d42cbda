package dev.pagewalk.kernel;

import dev.pagewalk.mmu.MmuSnapshot;
import java.util.List;

/**
 * The invariants of a kernel, checked between two of its operations when all that it owed is spent.
 *
 * <p>Each method throws an {@link AssertionError} that says in one line what is wrong and where.
 */
public final class KernelCheck {
  private KernelCheck() {}

  /** What costs little: nothing is owed, and the VMAs of each process are in order. */
  public static void quick(Kernel kernel) {
    if (!kernel.owed().isEmpty()) {
      throw new AssertionError("invalidations are owed");
    }
    for (AddressSpace mm : kernel.addressSpaces()) {
      long end = 0;
      for (Vma vma : mm.vmas().all()) {
        if (vma.start < end || vma.start >= vma.end || (vma.start | vma.end) % 4096 != 0) {
          throw new AssertionError(
              "process %d: VMA 0x%x to 0x%x after 0x%x"
                  .formatted(mm.id(), vma.start, vma.end, end));
        }
        end = vma.end;
      }
    }
  }

  /**
   * Everything: each entry lies in a VMA and names a frame or slot that knows of it; counts are
   * exact; no frame is free and in use; what is shared copy-on-write cannot be written; the reverse
   * map finds all.
   */
  public static void whole(Kernel kernel) {
    quick(kernel);
    Census census = Census.of(kernel);
    new FrameCheck(kernel, census).run();
    new CopyOnWriteCheck(kernel, census).run();
    if (kernel.pressure() != null) {
      new LruCheck(kernel).run();
    }
    mappings(kernel);
    new HugetlbCheck(kernel).run();
  }

  /** What a core has cached grants no more than the tables do now, and names no free frame. */
  public static void tlb(Kernel kernel, CpuTlbState core, MmuSnapshot snapshot) {
    new TlbCheck(kernel, core).run(snapshot);
  }

  /** After all processes have ended: only files have frames and slots. */
  public static void empty(Kernel kernel) {
    kernel.folios().batches().drain();
    whole(kernel);
    if (!kernel.addressSpaces().isEmpty()) {
      throw new AssertionError("processes are left");
    }
    long frames = kernel.folios().frames().ranges().stream().mapToLong(FrameRange::frames).sum();
    long free = kernel.folios().buddy().freeFrames();
    long kept = 1 + kernel.kernelTablePages();
    for (long size : new long[] {2L << 20, 1L << 30}) {
      HugetlbPool pool = kernel.hugetlb().ofSize(size);
      if (pool != null) {
        kept += pool.total() * (size >>> 12);
        if (pool.free() != pool.total() || pool.reserved() != 0) {
          throw new AssertionError(
              "pages of %d bytes: %d of %d free, %d reserved"
                  .formatted(size, pool.free(), pool.total(), pool.reserved()));
        }
      }
    }
    long slots = 0;
    for (FileObject file : kernel.files().values()) {
      if (file.isAnonymous()) {
        throw new AssertionError("shared memory of nobody is left: object " + file.id());
      }
      kept += file.pages().size();
      slots += file.swapped().size();
      for (long entry : file.swapped().values()) {
        kept += kernel.swap().cached(entry) == Folios.NONE ? 0 : 1;
      }
    }
    long zeroPages = hasHugeZeroPage(kernel) ? 512 : 0;
    if (free + kept + zeroPages != frames) {
      throw new AssertionError(
          "%d frames, %d free, %d of files; others are left".formatted(frames, free, kept));
    }
    if (kernel.swap().usedSlots() != slots) {
      throw new AssertionError(
          "%d slots of swap are in use, %d by files".formatted(kernel.swap().usedSlots(), slots));
    }
  }

  private static boolean hasHugeZeroPage(Kernel kernel) {
    FrameTable frames = kernel.folios().frames();
    for (FrameRange range : frames.ranges()) {
      for (long pfn = range.start(); pfn < range.end(); pfn++) {
        if (frames.has(pfn, FrameTable.ZERO) && frames.has(pfn, FrameTable.HEAD)) {
          return true;
        }
      }
    }
    return false;
  }

  /** The list of VMAs that each file keeps is that of the processes. */
  private static void mappings(Kernel kernel) {
    long listed = 0;
    for (FileObject file : kernel.files().values()) {
      listed += file.mappings().size();
    }
    for (AddressSpace mm : kernel.addressSpaces()) {
      List<Vma> vmas = mm.vmas().all();
      for (Vma vma : vmas) {
        if (vma.file == null) {
          continue;
        }
        listed--;
        if (!vma.file.mappings().contains(vma)) {
          throw new AssertionError(
              "process %d at 0x%x: the file does not know the VMA".formatted(mm.id(), vma.start));
        }
      }
    }
    if (listed != 0) {
      throw new AssertionError("files know of %d VMAs that are gone".formatted(listed));
    }
  }
}
