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
  DROP_CACHE
}
