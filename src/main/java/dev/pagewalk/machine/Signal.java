package dev.pagewalk.machine;

import dev.pagewalk.kernel.FaultResult;

/**
 * A signal that an access ends in, as the process's handler sees it.
 *
 * @param number Linux's number: 11 SIGSEGV, 7 SIGBUS
 * @param code {@code si_code}
 * @param address {@code si_addr}
 * @param trap the exception's vector: 14 #PF, 13 #GP, 12 #SS
 * @param error the error code that the signal's frame shows
 * @param cr2 the address of the page fault; 0 for the other exceptions
 */
public record Signal(int number, int code, long address, int trap, int error, long cr2) {
  /** Vector of #PF. */
  public static final int PAGE_FAULT = 14;

  /** Vector of #GP. */
  public static final int GENERAL_PROTECTION = 13;

  /** Vector of #SS. */
  public static final int STACK_FAULT = 12;

  /** That of an access to an address that is not canonical, perhaps through the stack segment. */
  static Signal notCanonical(boolean stack) {
    return stack
        ? new Signal(FaultResult.SIGBUS, FaultResult.SI_KERNEL, 0, STACK_FAULT, 0, 0)
        : new Signal(FaultResult.SIGSEGV, FaultResult.SI_KERNEL, 0, GENERAL_PROTECTION, 0, 0);
  }

  /** That of a page fault at {@code cr2} which the kernel answered so, see {@link FaultResult}. */
  static Signal ofFault(long answer, long cr2) {
    int number = FaultResult.signal(answer);
    int error = FaultResult.errorCode(answer);
    return new Signal(number, FaultResult.code(answer), cr2, PAGE_FAULT, error, cr2);
  }

  /** Linux's name of the signal. */
  public String name() {
    return switch (number) {
      case 7 -> "SIGBUS";
      case 9 -> "SIGKILL";
      case 11 -> "SIGSEGV";
      default -> "signal " + number;
    };
  }
}
