package dev.pagewalk.kvm;

import java.io.Serial;

/** KVM refused something, or the guest came to a stop that nothing here provides for. */
public final class KvmException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  /** With what happened, in a line without a full stop. */
  public KvmException(String message) {
    super(message, null, false, false);
  }
}
