package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.InvpcidOperand;

/** One operation of the machine under test: what a step of a vector is. */
sealed interface Op {
  /** An access within one page. */
  record Touch(Access access) implements Op {}

  /** Software writes the 64-bit word at physical address {@code pa}. */
  record Store(long pa, long value) implements Op {}

  /** INVLPG of the page of {@code linearAddress}. */
  record Invlpg(long linearAddress) implements Op {}

  /** INVPCID. */
  record Invpcid(InvpcidOperand operand) implements Op {}

  /** MOV to CR0. */
  record MovCr0(long value) implements Op {}

  /** MOV to CR3; bit 63 is the no-flush bit. */
  record MovCr3(long value) implements Op {}

  /** MOV to CR4. */
  record MovCr4(long value) implements Op {}

  /** WRMSR. */
  record Wrmsr(long msr, long value) implements Op {}

  /** WRPKRU with EDX:EAX = {@code value}. */
  record Wrpkru(long value) implements Op {}

  /** INVPCID of this type, for this PCID and address. */
  static Op invpcid(int type, int pcid, long linearAddress) {
    return new Invpcid(new InvpcidOperand(type, pcid, linearAddress));
  }
}
