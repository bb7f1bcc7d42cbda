package dev.pagewalk.kvm;

import java.io.Serial;

/** KVM refused something, or the guest came to a stop that nothing here provides for. */
public final class KvmException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final boolean emulation;

  /** With what happened, in a line without a full stop. */
  public KvmException(String message) {
    this(message, false);
  }

  KvmException(String message, boolean emulation) {
    super(message, null, false, false);
    this.emulation = emulation;
  }

  /** Whether an instruction was one that KVM's software does not know. */
  public boolean isOfEmulation() {
    return emulation;
  }
}
