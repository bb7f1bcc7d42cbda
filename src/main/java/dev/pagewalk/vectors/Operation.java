package dev.pagewalk.vectors;

import java.util.List;
import java.util.Optional;

/** What one step of a scenario has a process do. Lengths, sizes and offsets are in bytes. */
sealed interface Operation {
  /** One of the operations of which a scenario says no more than that they are done. */
  enum Bare {
    MUNLOCKALL,
    PKEY_ALLOC,
    EXIT
  }

  /** One of the system calls that take a range of addresses and nothing else. */
  enum SpanCall {
    MUNMAP,
    MLOCK,
    MUNLOCK,
    MLOCK2,
    MSEAL,
    MINCORE
  }

  /** {@code munlockall}, {@code pkey_alloc} or {@code exit}. */
  record Plain(Bare call) implements Operation {}

  /** A system call on {@code len} bytes from {@code addr}. */
  record Span(SpanCall call, Spot addr, long len) implements Operation {}

  /**
   * {@code mmap}.
   *
   * @param addr where
   * @param len bytes
   * @param prot letters of r, w and x
   * @param flags as in the format
   * @param source what is mapped; nothing if it is anonymous
   * @param as the name that the mapping gets; empty for none
   */
  record Map(
      Spot addr, long len, String prot, List<String> flags, Optional<FilePlace> source, String as)
      implements Operation {}

  /** A place in the file {@code name}. */
  record FilePlace(String name, long off) {}

  /**
   * {@code mprotect} or {@code pkey_mprotect}.
   *
   * @param addr where
   * @param len bytes
   * @param prot letters of r, w and x
   * @param growsDown whether PROT_GROWSDOWN is given
   * @param pkey of pkey_mprotect
   */
  record Protect(Spot addr, long len, String prot, boolean growsDown, Optional<Integer> pkey)
      implements Operation {}

  /**
   * {@code mremap}.
   *
   * @param addr the old address
   * @param oldLen the old size
   * @param newLen the new size
   * @param flags as in the format
   * @param to the new address, if it is given
   * @param as the name that the mapping gets; empty for none
   */
  record Remap(
      Spot addr, long oldLen, long newLen, List<String> flags, Optional<Spot> to, String as)
      implements Operation {}

  /** {@code madvise}; the advice has Linux's name without {@code MADV_}. */
  record Advise(Spot addr, long len, String advice) implements Operation {}

  /** {@code brk}. */
  record Brk(Spot to) implements Operation {}

  /** {@code msync}. */
  record Sync(Spot addr, long len, List<String> flags) implements Operation {}

  /** {@code ftruncate}. */
  record Truncate(String file, long size) implements Operation {}

  /** {@code punch}: fallocate that makes a hole. */
  record Punch(FilePlace at, long len) implements Operation {}

  /** {@code fread}: pread of one byte. */
  record FileRead(FilePlace at) implements Operation {}

  /** {@code fwrite}: pwrite of {@code n} bytes, counting up from {@code val}. */
  record FileWrite(FilePlace at, int n, long val) implements Operation {}

  /** {@code rlimit}: the soft limit of STACK, DATA or AS. */
  record Limit(String res, long value) implements Operation {}

  /** {@code read}, or {@code read_ss} through a register that implies SS. */
  record Load(Spot addr, int size, boolean stack) implements Operation {}

  /** {@code write}: the low {@code size} bytes of {@code val}. */
  record Store(Spot addr, int size, long val) implements Operation {}

  /** {@code rmw}: {@code lock xadd} of one byte. */
  record Rmw(Spot addr, long val) implements Operation {}

  /** {@code cmpxchg}: {@code lock cmpxchg} of one byte, which stores 0x77. */
  record Cmpxchg(Spot addr, long val) implements Operation {}

  /** {@code exec}: one instruction is fetched. */
  record Exec(Spot addr) implements Operation {}

  /**
   * {@code touch}: a byte of each of several pages, loaded or stored.
   *
   * @param addr of the first
   * @param pages how many
   * @param stride how many pages from one to the next
   * @param write the byte that the first store stores; nothing if they are loads
   */
  record Touch(Spot addr, int pages, int stride, Optional<Long> write) implements Operation {}

  /** {@code kread}: the kernel copies from user memory. */
  record CopyFrom(Spot addr, int size) implements Operation {}

  /** {@code kwrite}: the kernel copies to user memory. */
  record CopyTo(Spot addr, int size, long val) implements Operation {}

  /** {@code fork}. */
  record Fork(String child) implements Operation {}
}
