package dev.pagewalk.kernel;

/**
 * Whether more memory may be promised, as __vm_enough_memory(), and how much is (Committed_AS).
 *
 * <p>What has been promised is added up when somebody asks: private memory that may be written and
 * is not exempt (VM_ACCOUNT), and shared anonymous memory.
 *
 * <p>MODEL: pages of a TMPFS count, and are never refused; everybody is root but for the share that
 * is kept for others.
 */
final class Overcommit {
  private static final long MOST_RESERVE = (128L << 20) >> 12;

  private Overcommit() {}

  /** Whether a process may be promised {@code pages} more; with fewer than 1, it may. */
  static boolean allows(AddressSpace mm, long pages) {
    Kernel kernel = mm.kernel();
    return pages <= 0
        || switch (kernel.options().overcommit()) {
          case ALWAYS -> true;
          case GUESS -> pages <= kernel.folios().ramPages() + kernel.swap().totalSlots();
          case NEVER -> committed(kernel) + pages < limit(kernel) - reserve(mm);
        };
  }

  /** As vm_commit_limit(): a share of RAM without explicit huge pages, and swap. */
  static long limit(Kernel kernel) {
    long ram = kernel.folios().ramPages() - kernel.hugetlb().pages();
    return ram * kernel.options().overcommitRatio() / 100 + kernel.swap().totalSlots();
  }

  /** What no process may use up alone, so that another can be started. */
  private static long reserve(AddressSpace mm) {
    long most = Math.min(mm.kernel().folios().ramPages() / 32, MOST_RESERVE);
    return Math.min(mm.limits().totalPages() / 32, most);
  }

  /** Pages promised. */
  static long committed(Kernel kernel) {
    long pages = 0;
    for (AddressSpace mm : kernel.addressSpaces()) {
      for (Vma vma : mm.vmas().all()) {
        pages += vma.has(VmFlag.ACCOUNT) ? vma.pages() : 0;
      }
    }
    for (FileObject file : kernel.files().values()) {
      pages += file.fileSystem().hasDevice() || file.pool() != null ? 0 : ofObject(file);
    }
    return pages;
  }

  private static long ofObject(FileObject file) {
    boolean exempt =
        !file.isAnonymous() || file.mappings().stream().anyMatch(vma -> vma.has(VmFlag.NORESERVE));
    return exempt ? file.pages().size() + file.swapped().size() : file.sizeInPages();
  }
}
