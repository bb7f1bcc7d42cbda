package dev.pagewalk.kernel;

/**
 * What {@link Kernel#fault} answers, packed into a number so that nothing is allocated.
 *
 * <p>Bits 7:0 are the signal, 0 if the fault is resolved; bits 15:8 are {@code si_code}; bits 31:16
 * the error code that the signal's frame shows.
 */
public final class FaultResult {
  /** The fault is resolved: the access is made again. */
  public static final long RESOLVED = 0;

  /** SIGBUS. */
  public static final int SIGBUS = 7;

  /** SIGKILL: there is no memory. */
  public static final int SIGKILL = 9;

  /** SIGSEGV. */
  public static final int SIGSEGV = 11;

  /** {@code si_code} of SIGSEGV: nothing is mapped there. */
  public static final int SEGV_MAPERR = 1;

  /** {@code si_code} of SIGSEGV: the mapping does not allow it. */
  public static final int SEGV_ACCERR = 2;

  /** {@code si_code} of SIGSEGV: the protection key does not allow it. */
  public static final int SEGV_PKUERR = 4;

  /** {@code si_code} of SIGBUS: there is no such page in the file. */
  public static final int BUS_ADRERR = 2;

  /** {@code si_code} of what no page fault caused. */
  public static final int SI_KERNEL = 128;

  private FaultResult() {}

  /**
   * The answer that a process gets a signal.
   *
   * @param code {@code si_code}
   * @param errorCode that the signal's frame shows
   */
  public static long signal(int signal, int code, int errorCode) {
    return signal | code << 8 | (long) errorCode << 16;
  }

  /** Whether the access is to be made again. */
  public static boolean isResolved(long result) {
    return result == RESOLVED;
  }

  /** The signal that the process gets. */
  public static int signal(long result) {
    return (int) result & 0xff;
  }

  /** {@code si_code} of the signal. */
  public static int code(long result) {
    return (int) result >>> 8 & 0xff;
  }

  /** The error code that the signal's frame shows. */
  public static int errorCode(long result) {
    return (int) (result >>> 16);
  }
}
