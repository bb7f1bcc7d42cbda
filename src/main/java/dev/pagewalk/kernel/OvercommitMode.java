package dev.pagewalk.kernel;

/** How much memory may be promised, by the values of {@code vm.overcommit_memory}. */
public enum OvercommitMode {
  /** 0: what alone is more than all RAM and swap is refused, everything else is granted. */
  GUESS,
  /** 1: everything is granted. */
  ALWAYS,
  /** 2: all promises together may not exceed a share of RAM, and swap. */
  NEVER
}
