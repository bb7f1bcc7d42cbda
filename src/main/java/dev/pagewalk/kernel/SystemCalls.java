package dev.pagewalk.kernel;

/**
 * The system calls of a process that are about memory.
 *
 * <p>Each returns a value of at least 0, or a negated {@link Errno}; each may owe invalidations.
 * Addresses and lengths are in bytes.
 */
public final class SystemCalls {
  private final AddressSpace mm;

  SystemCalls(AddressSpace mm) {
    this.mm = mm;
  }

  /** {@code bytes} rounded up to whole pages; 0 if that is too much for 64 bits. */
  static long roundUp(long bytes) {
    return bytes + 0xfff & -PageTables.PAGE_BYTES;
  }

  private AddressSpace begin() {
    mm.kernel().begin(mm);
    return mm;
  }

  /** Maps a file or anonymous memory; returns its address. */
  public long mmap(MmapRequest request) {
    return Mmap.mmap(begin(), request);
  }

  /** Unmaps what is mapped in a range. */
  public long munmap(long address, long length) {
    return Unmap.munmap(begin(), address, length);
  }

  /** Changes rights; {@code prot} of {@link Prot}. */
  public long mprotect(long address, long length, int prot) {
    return new Mprotect(begin(), prot, -1).range(address, length);
  }

  /** Changes rights and protection key; key -1 leaves it. */
  public long pkeyMprotect(long address, long length, int prot, int key) {
    return new Mprotect(begin(), prot, key).range(address, length);
  }

  /** Hands out a protection key, 1 to 15, that forbids nothing. */
  public long pkeyAlloc() {
    return pkeyAlloc(0);
  }

  /**
   * Hands out a protection key.
   *
   * @param rights what PKRU forbids with it: bit 0 all data accesses, bit 1 writes
   */
  public long pkeyAlloc(int rights) {
    return Pkeys.alloc(begin(), rights);
  }

  /** Gives a protection key back. */
  public long pkeyFree(int key) {
    return Pkeys.free(begin(), key);
  }

  /** Moves, grows or shrinks a mapping; returns its new address. */
  public long mremap(MremapRequest request) {
    return new Mremap(begin(), request).run();
  }

  /** Gives advice by Linux's number. */
  public long madvise(long address, long length, int advice) {
    return Madvise.madvise(begin(), address, length, Advice.of(advice));
  }

  /** Sets the break; returns the break as it is afterwards. */
  public long brk(long to) {
    return Brk.brk(begin(), to);
  }

  /** Locks a range in memory and brings it in. */
  public long mlock(long address, long length) {
    return Mlock.lock(begin(), address, length, VmFlag.LOCKED);
  }

  /** Locks pages of a range as they come in: MLOCK_ONFAULT. */
  public long mlockOnFault(long address, long length) {
    return Mlock.lock(begin(), address, length, VmFlag.LOCKED_MASK);
  }

  /** Unlocks a range. */
  public long munlock(long address, long length) {
    return Mlock.unlock(begin(), address, length);
  }

  /** Locks everything, now or from now on; {@code flags} of {@link MlockallFlag}. */
  public long mlockall(int flags) {
    return Mlock.lockAll(begin(), flags);
  }

  /** Unlocks everything, and what is mapped from now on is not locked either. */
  public long munlockall() {
    return Mlock.unlockAll(begin());
  }

  /**
   * Tells which pages of a range are in memory.
   *
   * @param vector gets 1 or 0 for each page
   */
  public long mincore(long address, long length, byte[] vector) {
    return Mincore.mincore(begin(), address, length, vector);
  }

  /** Writes shared file pages of a range back; {@code flags} of {@link MsyncFlag}. */
  public long msync(long address, long length, int flags) {
    return Msync.msync(begin(), address, length, flags);
  }

  /** Seals a range: its mappings can no longer be changed. */
  public long mseal(long address, long length) {
    return Mseal.mseal(begin(), address, length);
  }

  /** Sets where the memory of this process is to come from. */
  public long setMempolicy(Mempolicy policy) {
    Mempolicy checked = policy.checked(begin().kernel().folios().numa().memory());
    if (checked == null) {
      return Errno.EINVAL.result();
    }
    mm.policy = checked.mode() == Mempolicy.DEFAULT ? null : checked;
    if (checked.mode() == Mempolicy.INTERLEAVE) {
      mm.interleavePrevious = NumaTopology.MAX_NODES - 1;
    }
    return 0;
  }

  /** Sets where the memory of a range is to come from. */
  public long mbind(long address, long length, MbindRequest request) {
    return Mbind.mbind(begin(), address, length, request);
  }

  /** Sets a soft limit, in bytes, unsigned: -1 is no limit. */
  public long setRlimit(Rlimit limit, long value) {
    begin().limits().set(limit, value);
    return 0;
  }
}
