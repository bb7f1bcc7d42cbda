package dev.pagewalk.kernel;

/** {@code mmap}: judges the request, finds a place, and makes a VMA or extends a neighbour. */
final class Mmap {
  private static final long MAY = VmFlag.MAYREAD | VmFlag.MAYWRITE | VmFlag.MAYEXEC;
  private static final int FIXED = MapFlag.FIXED | MapFlag.FIXED_NOREPLACE;

  private Mmap() {}

  /** As do_mmap(), and what the call does with an offset before. */
  static long mmap(AddressSpace mm, MmapRequest request) {
    if ((request.offset() & 0xfff) != 0 || request.length() == 0) {
      return Errno.EINVAL.result();
    }
    long length = SystemCalls.roundUp(request.length());
    if (length <= 0) {
      return Errno.ENOMEM.result();
    }
    if (request.offset() < 0 || request.offset() + length < 0) {
      return Errno.EOVERFLOW.result();
    }
    long address = place(mm, request, length);
    if (address < 0) {
      return address;
    }
    if ((request.flags() & MapFlag.FIXED_NOREPLACE) != 0
        && mm.vmas().firstIn(address, address + length) != null) {
      return Errno.EEXIST.result();
    }
    long flags = flags(request);
    if (flags < 0) {
      return flags;
    }
    long result = region(mm, request, address, flags);
    if (result < 0) {
      return result;
    }
    if ((flags & VmFlag.LOCKED) != 0
        || (request.flags() & (MapFlag.POPULATE | MapFlag.NONBLOCK)) == MapFlag.POPULATE) {
      Populate.ignoringErrors(mm, address, address + length);
    }
    return address;
  }

  private static long place(AddressSpace mm, MmapRequest request, long length) {
    if (length > PageTables.USER_END) {
      return Errno.ENOMEM.result();
    }
    long address = request.address();
    if ((request.flags() & FIXED) != 0) {
      if (Long.compareUnsigned(address, PageTables.USER_END - length) > 0) {
        return Errno.ENOMEM.result();
      }
      return (address & 0xfff) != 0 ? Errno.EINVAL.result() : address;
    }
    boolean huge = request.file().isEmpty() && length % PageTables.HUGE_BYTES == 0;
    long alignment = huge && address == 0 ? PageTables.HUGE_BYTES : PageTables.PAGE_BYTES;
    return UnmappedArea.find(mm, Math.max(0, address), length, alignment);
  }

  /** The VMA's flags, or why the request is refused. */
  private static long flags(MmapRequest request) {
    long flags = MAY | (request.prot() & VmFlag.ACCESS);
    flags |= (request.flags() & MapFlag.GROWSDOWN) != 0 ? VmFlag.GROWSDOWN : 0;
    flags |= (request.flags() & MapFlag.LOCKED) != 0 ? VmFlag.LOCKED : 0;
    flags |= (request.flags() & MapFlag.NORESERVE) != 0 ? VmFlag.NORESERVE : 0;
    boolean anonymous = (request.flags() & MapFlag.ANONYMOUS) != 0;
    if (!anonymous && request.file().isEmpty()) {
      return Errno.EBADF.result();
    }
    int type = request.flags() & MapFlag.TYPE;
    boolean shared = type == MapFlag.SHARED || type == MapFlag.SHARED_VALIDATE;
    boolean stackOfWrongKind = (flags & VmFlag.GROWSDOWN) != 0 && (shared || !anonymous);
    if (stackOfWrongKind || (!shared && type != MapFlag.PRIVATE)) {
      return Errno.EINVAL.result();
    }
    if (shared) {
      return flags | VmFlag.SHARED | VmFlag.MAYSHARE;
    }
    return isAccountable(flags) ? flags | VmFlag.ACCOUNT : flags;
  }

  /** Whether private pages will be charged: writable, and not exempt. */
  static boolean isAccountable(long flags) {
    return (flags & (VmFlag.NORESERVE | VmFlag.SHARED | VmFlag.WRITE)) == VmFlag.WRITE;
  }

  /** As mmap_region(): what was there goes, then the range joins a neighbour or gets a VMA. */
  private static long region(AddressSpace mm, MmapRequest request, long address, long flags) {
    long end = address + SystemCalls.roundUp(request.length());
    long replaced = 0;
    for (Vma vma : mm.vmas().in(address, end)) {
      replaced += (Math.min(vma.end, end) - Math.max(vma.start, address)) >> 12;
    }
    if (!mm.mayExpand(flags, ((end - address) >> 12) - replaced)) {
      return Errno.ENOMEM.result();
    }
    long unmapped = Unmap.range(mm, address, end);
    if (unmapped < 0) {
      return unmapped;
    }
    FileObject file = request.file().orElse(null);
    boolean shared = (flags & VmFlag.SHARED) != 0;
    long pgoff = file != null ? request.offset() >> 12 : shared ? 0 : address >> 12;
    var range = new VmaMerge.Range(address, end, pgoff, flags, file);
    if (VmaMerge.newRange(mm, range, null) != null) {
      return 0;
    }
    if (file == null && shared) {
      file = mm.kernel().createShared(end - address);
    }
    Vma vma = new Vma(mm, address, end, file);
    vma.pgoff = pgoff;
    vma.setFlags(flags);
    mm.link(vma);
    return 0;
  }
}
