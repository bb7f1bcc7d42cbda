package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.InvpcidOperand;

/** What one step of a vector does to the machine. */
sealed interface Action {
  /**
   * A load, store or instruction fetch.
   *
   * @param access its first byte and how it is made
   * @param size in bytes: 1, 2, 4 or 8
   * @param cpl at which it is made, 0 or 3: an implicit access is a supervisor-mode one at either
   */
  record Touch(Access access, int size, int cpl) implements Action {
    /** One whose mode is by CPL. */
    Touch(Access access, int size) {
      this(access, size, access.mode().isUser() ? 3 : 0);
    }

    /** The same with another access, of the same mode. */
    Touch with(Access other) {
      return new Touch(other, size, cpl);
    }
  }

  /** Software writes the 64-bit word at physical address {@code pa}. */
  record Store(long pa, long value) implements Action {}

  /** INVLPG of the page of {@code va}. */
  record Invlpg(long va) implements Action {}

  /** An instruction that the processor may refuse. */
  sealed interface Instruction extends Action {}

  /** INVPCID. */
  record Invpcid(InvpcidOperand operand) implements Instruction {}

  /** MOV to CR0. */
  record MovCr0(long value) implements Instruction {}

  /** MOV to CR3; bit 63 is the no-flush bit. */
  record MovCr3(long value) implements Instruction {}

  /** MOV to CR4. */
  record MovCr4(long value) implements Instruction {}

  /** WRPKRU with EDX:EAX = {@code value}. */
  record Wrpkru(long value) implements Instruction {}

  /** WRMSR. */
  record Wrmsr(long msr, long value) implements Instruction {}
}
