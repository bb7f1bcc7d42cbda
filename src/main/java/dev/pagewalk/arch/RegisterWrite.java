package dev.pagewalk.arch;

/** What a processor answers to a write of a control register, MSR or PKRU. */
public sealed interface RegisterWrite {
  /**
   * The write happened.
   *
   * @param after all registers after the write
   */
  record Accepted(Registers after) implements RegisterWrite {}

  /**
   * The write was refused and changed nothing.
   *
   * @param fault the exception in its place
   * @param reason the rule that refused it, one sentence without a full stop
   */
  record Refused(Outcome.Fault fault, String reason) implements RegisterWrite {}

  /** A refusal with #GP(0). */
  static Refused refuse(String reason) {
    return new Refused(new Outcome.GeneralProtection(), reason);
  }
}
