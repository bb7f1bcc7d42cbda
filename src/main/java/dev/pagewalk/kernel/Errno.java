package dev.pagewalk.kernel;

/**
 * Error numbers that system calls return, negated, by Linux's names.
 *
 * <p>A system call returns a value of at least 0, or {@code -errno.code()}.
 */
public enum Errno {
  /** Operation not permitted. */
  EPERM(1),
  /** Interrupted: the process is being killed. */
  EINTR(4),
  /** I/O error. */
  EIO(5),
  /** Bad file descriptor. */
  EBADF(9),
  /** Try again. */
  EAGAIN(11),
  /** Out of memory, or no mapping there. */
  ENOMEM(12),
  /** Permission denied. */
  EACCES(13),
  /** Bad address. */
  EFAULT(14),
  /** Device or resource busy. */
  EBUSY(16),
  /** File exists: something is mapped there. */
  EEXIST(17),
  /** Invalid argument. */
  EINVAL(22),
  /** No space left. */
  ENOSPC(28),
  /** Value too large. */
  EOVERFLOW(75),
  /** Not supported. */
  EOPNOTSUPP(95);

  private final int code;

  Errno(int code) {
    this.code = code;
  }

  /** Linux's number, 1 to 133. */
  public int code() {
    return code;
  }

  /** What a system call returns that fails with this. */
  public long result() {
    return -code;
  }

  /** Whether {@code result} of a system call is an error. */
  public static boolean isError(long result) {
    return result < 0 && result >= -4095;
  }

  /**
   * The error that {@code result} of a system call stands for.
   *
   * @throws IllegalArgumentException if it stands for none
   */
  public static Errno of(long result) {
    for (Errno errno : values()) {
      if (-errno.code == result) {
        return errno;
      }
    }
    throw new IllegalArgumentException("no error: " + result);
  }
}
