package dev.pagewalk.kernel;

import java.util.List;

/**
 * {@code mmap}: judges the request, finds a place, and makes a VMA or extends a neighbour.
 *
 * <p>MODEL: there is no limit to the number of VMAs.
 */
final class Mmap {
  private static final long MAY = VmFlag.MAYREAD | VmFlag.MAYWRITE | VmFlag.MAYEXEC;
  private static final int FIXED = MapFlag.FIXED | MapFlag.FIXED_NOREPLACE;

  private final AddressSpace mm;
  private final MmapRequest request;

  /** Where the pages are from, if they are explicit huge pages; else null. */
  private final HugetlbPool pool;

  private final long length;

  private Mmap(AddressSpace mm, MmapRequest request, HugetlbPool pool, long length) {
    this.mm = mm;
    this.request = request;
    this.pool = pool;
    this.length = length;
  }

  /** As do_mmap(), and what the call does with an offset before. */
  static long mmap(AddressSpace mm, MmapRequest request) {
    if ((request.offset() & 0xfff) != 0 || request.length() == 0) {
      return Errno.EINVAL.result();
    }
    boolean huge = (request.flags() & MapFlag.HUGETLB) != 0;
    HugetlbPool pool = huge ? mm.kernel().hugetlb().ofFlags(request.flags()) : null;
    if (huge && (request.flags() & MapFlag.ANONYMOUS) == 0) {
      return (request.file().isPresent() ? Errno.EINVAL : Errno.EBADF).result();
    }
    if (huge && pool == null) {
      return Errno.EINVAL.result();
    }
    long length = huge ? pool.roundUp(request.length()) : SystemCalls.roundUp(request.length());
    if (length <= 0) {
      return Errno.ENOMEM.result();
    }
    if (request.offset() < 0 || request.offset() + length < 0) {
      return Errno.EOVERFLOW.result();
    }
    return new Mmap(mm, request, pool, length).run();
  }

  private long run() {
    long address = place();
    if (address < 0) {
      return address;
    }
    if ((request.flags() & MapFlag.FIXED_NOREPLACE) != 0
        && mm.vmas().firstIn(address, address + length) != null) {
      return Errno.EEXIST.result();
    }
    long flags = flags();
    if (flags < 0) {
      return flags;
    }
    long result = region(address, flags);
    if (result < 0) {
      return result;
    }
    if ((flags & VmFlag.LOCKED) != 0
        || (request.flags() & (MapFlag.POPULATE | MapFlag.NONBLOCK)) == MapFlag.POPULATE) {
      // MODEL: frames of what FIXED has replaced come back when the call is over. Linux has them
      // for
      // what is brought in, but for those that are so new that a batch holds them (lru_add).
      Populate.ignoringErrors(mm, address, address + length);
    }
    return address;
  }

  private long place() {
    if (length > PageTables.USER_END) {
      return Errno.ENOMEM.result();
    }
    long address = request.address();
    if ((request.flags() & FIXED) != 0) {
      if (pool != null && !pool.isAligned(address)) {
        return Errno.EINVAL.result();
      }
      if (Long.compareUnsigned(address, PageTables.USER_END - length) > 0) {
        return Errno.ENOMEM.result();
      }
      return (address & 0xfff) != 0 ? Errno.EINVAL.result() : address;
    }
    if (pool != null) {
      long hint = Math.max(0, pool.roundUp(address));
      return UnmappedArea.find(mm, hint, length, pool.pageBytes());
    }
    boolean huge = request.file().isEmpty() && length % PageTables.HUGE_BYTES == 0;
    long alignment = huge && address == 0 ? PageTables.HUGE_BYTES : PageTables.PAGE_BYTES;
    return UnmappedArea.find(mm, Math.max(0, address), length, alignment);
  }

  /** The VMA's flags, or why the request is refused. */
  private long flags() {
    long flags = MAY | mm.defaultFlags | (request.prot() & VmFlag.ACCESS);
    flags |= Pkeys.flags(Pkeys.ofNew(mm, request.prot()));
    flags |= (request.flags() & MapFlag.GROWSDOWN) != 0 ? VmFlag.GROWSDOWN : 0;
    flags |= (request.flags() & MapFlag.LOCKED) != 0 ? VmFlag.LOCKED : 0;
    flags |= (request.flags() & MapFlag.NORESERVE) != 0 && mayPromiseMore() ? VmFlag.NORESERVE : 0;
    flags |= pool != null ? VmFlag.HUGETLB | VmFlag.DONTEXPAND : 0;
    // Explicit huge pages are of a file of their own.
    boolean anonymous = (request.flags() & MapFlag.ANONYMOUS) != 0 && pool == null;
    if (!anonymous && pool == null && request.file().isEmpty()) {
      return Errno.EBADF.result();
    }
    int type = request.flags() & MapFlag.TYPE;
    boolean shared = type == MapFlag.SHARED || type == MapFlag.SHARED_VALIDATE;
    boolean stackOfWrongKind = (flags & VmFlag.GROWSDOWN) != 0 && (shared || !anonymous);
    if (stackOfWrongKind || (!shared && type != MapFlag.PRIVATE)) {
      return Errno.EINVAL.result();
    }
    if (shared && !anonymous && request.file().map(file -> !file.isWritable()).orElse(false)) {
      // Of a file that was opened for reading, a shared mapping can never become writable.
      long readable = (flags | VmFlag.MAYSHARE) & ~VmFlag.MAYWRITE;
      return (flags & VmFlag.WRITE) != 0 ? Errno.EACCES.result() : readable;
    }
    if (shared) {
      return flags | VmFlag.SHARED | VmFlag.MAYSHARE;
    }
    return isAccountable(flags) ? flags | VmFlag.ACCOUNT : flags;
  }

  /** Whether NORESERVE means anything: not where nothing may be promised that is not there. */
  private boolean mayPromiseMore() {
    return pool != null || mm.kernel().options().overcommit() != OvercommitMode.NEVER;
  }

  /** Whether private pages will be charged: writable, and not exempt. */
  static boolean isAccountable(long flags) {
    long exempt = VmFlag.NORESERVE | VmFlag.SHARED | VmFlag.HUGETLB;
    return (flags & (exempt | VmFlag.WRITE)) == VmFlag.WRITE;
  }

  /** As mmap_region(): what was there goes, then the range joins a neighbour or gets a VMA. */
  private long region(long address, long flags) {
    long end = address + length;
    // What is refused now leaves the cuts behind.
    long cut = Unmap.cut(mm, address, end);
    if (cut < 0) {
      return cut;
    }
    long replaced = 0;
    long freed = 0;
    for (Vma vma : mm.vmas().in(address, end)) {
      replaced += vma.pages();
      freed += vma.has(VmFlag.ACCOUNT) ? vma.pages() : 0;
    }
    if (!mm.limits().mayExpand(flags, ((end - address) >> 12) - replaced)) {
      return Errno.ENOMEM.result();
    }
    boolean promised = isAccountable(flags) || isSharedMemory(flags);
    if (promised && !Overcommit.allows(mm, ((end - address) >> 12) - freed)) {
      return Errno.ENOMEM.result();
    }
    if (pool != null) {
      List<Vma> held = Hugetlb.hold(mm.vmas().in(address, end));
      Unmap.whole(mm, address, end);
      // As vms_clean_up_area(): pages that were mapped here can be promised again.
      mm.token().spendIfPossible();
      long result = hugetlb(address, flags);
      held.forEach(AddressSpace::forget);
      return result;
    }
    Unmap.whole(mm, address, end);
    FileObject file = request.file().orElse(null);
    boolean shared = (flags & VmFlag.SHARED) != 0;
    long pgoff = file != null ? request.offset() >> 12 : shared ? 0 : address >> 12;
    var range = new VmaMerge.Range(address, end, pgoff, flags, file, null);
    if (VmaMerge.newRange(mm, range, null) != null) {
      return 0;
    }
    if (file == null && shared) {
      file = mm.kernel().fileTable().createShared(end - address);
    }
    Vma vma = new Vma(mm, address, end, file);
    vma.pgoff = pgoff;
    vma.setFlags(flags);
    mm.link(vma);
    return 0;
  }

  /** Whether it is new shared anonymous memory that is charged. */
  private boolean isSharedMemory(long flags) {
    return pool == null
        && request.file().isEmpty()
        && (flags & (VmFlag.SHARED | VmFlag.NORESERVE)) == VmFlag.SHARED;
  }

  /**
   * As hugetlbfs_file_mmap() with a new object: reserves the pages, ENOMEM if there are too few.
   */
  private long hugetlb(long address, long flags) {
    if (!pool.isAligned(request.offset())) {
      return Errno.EINVAL.result();
    }
    boolean writable = (flags & VmFlag.WRITE) != 0;
    FileObject file =
        mm.kernel().fileTable().createHugetlb(pool, writable ? request.offset() + length : length);
    // The pages cannot be put out, so a lock means nothing here.
    Vma vma = new Vma(mm, address, address + length, file);
    vma.pgoff = request.offset() >> 12;
    vma.setFlags(flags & ~VmFlag.LOCKED_MASK);
    if (!Hugetlb.reserve(vma)) {
      mm.kernel().fileTable().release(file);
      return Errno.ENOMEM.result();
    }
    mm.link(vma);
    return 0;
  }
}
