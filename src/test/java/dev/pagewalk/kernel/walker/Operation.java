package dev.pagewalk.kernel.walker;

/** Everything that a walk can do; what the four numbers of a {@link Step} mean. */
enum Operation {
  /** Starts a process if the place is free. */
  SPAWN,
  /** a: place of the child. */
  FORK,
  EXIT,
  /** a: address, b: size. */
  LOAD,
  /** a: address, b: size, c: value. */
  STORE,
  /** a: address, c: what is added. */
  ADD,
  /** a: address, b: expected, c: value. */
  EXCHANGE,
  /** a: address. */
  FETCH,
  /** a: address, b: size. */
  COPY_FROM,
  /** a: address, b: size, c: value. */
  COPY_TO,
  /** a: address, b: length, c: rights and flags, d: object. See {@link MapArguments}. */
  MMAP,
  /** a: address, b: length. */
  MUNMAP,
  /** a: address, b: length, c: rights. */
  MPROTECT,
  /** a: address, b: old length, c: new length, d: new address and flags. */
  MREMAP,
  /** a: address, b: length, c: advice. */
  MADVISE,
  /** a: new break. */
  BRK,
  MLOCK,
  MLOCK_ON_FAULT,
  MUNLOCK,
  MUNLOCKALL,
  MINCORE,
  /** c: flags. */
  MSYNC,
  MSEAL,
  /** a: file, b: size. */
  TRUNCATE,
  /** a: file, b: offset, c: length. */
  PUNCH,
  /** a: file, b: offset, c: length. */
  FILE_READ,
  /** a: file, b: offset, c: length, d: value. */
  FILE_WRITE,
  FSYNC,
  DROP_CACHE,

  // On machines with extras:
  /** a: address; through the stack segment. */
  LOAD_STACK,
  /** b: bytes, c: which limit. */
  SETRLIMIT,
  /** c: rights taken away. */
  PKEY_ALLOC,
  /** c: key. */
  PKEY_FREE,
  /** a: address, b: length, c: rights, d: key. */
  PKEY_MPROTECT,
  /** c: value. */
  WRPKRU,
  /** a: address, b: length, c: rights; to the start of a mapping that grows down. */
  MPROTECT_GROWSDOWN,
  /** c: flags. */
  MLOCKALL,
  /** c: mode, d: nodes. */
  SET_MEMPOLICY,
  /** a: address, b: length, c: mode, d: nodes. */
  MBIND,
  /** a: file. */
  READAHEAD,
  /** What /proc shows. */
  PROC,
  /** c: 0 the root group, 1 the other. */
  SET_GROUP,
  /** b: pages that the other group may have. */
  GROUP_MAX,
  /** c: thousandths. */
  OOM_ADJUST,
  /** As MMAP, for explicit huge pages. */
  HUGE_MAP,
  HUGE_UNMAP,
  /** c: rights. */
  HUGE_PROTECT,
  HUGE_DISCARD,
  /** As MREMAP. */
  HUGE_MOVE,
  /** a: address. */
  HUGE_LOAD,
  /** a: address, c: value. */
  HUGE_STORE,
  /** b: how many pages the pool shall have. */
  HUGE_POOL
}
