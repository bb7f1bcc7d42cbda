package dev.pagewalk.arch;

/**
 * What came of an access or of an instruction: a physical address, nothing, or an exception.
 *
 * <p>A guest's fault is a value, never a Java exception.
 */
public sealed interface Outcome {
  /** The instruction completed; it has no address to show. */
  record Done() implements Outcome {}

  /**
   * The access reached this physical address.
   *
   * @param physicalAddress of the first byte accessed, below 2^52
   */
  record Reached(long physicalAddress) implements Outcome {}

  /** An exception was raised in place of the access or instruction. */
  sealed interface Fault extends Outcome {
    /** The manual's mnemonic, {@code #PF} for example. */
    String vector();
  }

  /**
   * A page fault.
   *
   * @param error the error code as pushed, see {@link ErrorCode}
   * @param cr2 the faulting linear address, as CR2 holds it
   */
  record PageFault(int error, long cr2) implements Fault {
    @Override
    public String vector() {
      return "#PF";
    }
  }

  /** A general-protection fault with error code 0. */
  record GeneralProtection() implements Fault {
    @Override
    public String vector() {
      return "#GP";
    }
  }

  /** A stack fault with error code 0: a non-canonical address through SS. */
  record StackFault() implements Fault {
    @Override
    public String vector() {
      return "#SS";
    }
  }

  /** An invalid-opcode fault: the processor lacks the instruction, or it is not enabled. */
  record InvalidOpcode() implements Fault {
    @Override
    public String vector() {
      return "#UD";
    }
  }
}
