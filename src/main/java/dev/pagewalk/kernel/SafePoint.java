package dev.pagewalk.kernel;

/**
 * Places in the middle of an operation where nothing is held that could go; without reclaim they do
 * nothing.
 */
final class SafePoint {
  private SafePoint() {}

  /** In a long operation: reclaim may run. */
  static void reach(Kernel kernel) {
    if (kernel.pressure() != null) {
      kernel.pressure().boundary();
    }
  }

  /** Before contents are written out: no TLB lets a store through any more. */
  static void flush(Kernel kernel) {
    if (kernel.pressure() != null) {
      kernel.token().spendNow();
    }
  }

  /** A lock of memory has gone. */
  static void unlocked(Kernel kernel) {
    if (kernel.pressure() != null) {
      kernel.pressure().unlocked();
    }
  }
}
