package dev.pagewalk.kernel;

/** Limits of a process that its address space heeds, by Linux's names. */
public enum Rlimit {
  /** Data and heap, in bytes. */
  DATA,
  /** The stack, in bytes: how far a mapping that grows down may reach. */
  STACK,
  /** The whole address space, in bytes. */
  AS,
  /** Locked memory, in bytes. */
  MEMLOCK
}
