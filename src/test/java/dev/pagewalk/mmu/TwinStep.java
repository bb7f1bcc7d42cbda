package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.InvpcidOperand;

/** One step of a random stream: what software does to a machine. */
sealed interface TwinStep {
  /** A load, store or instruction fetch. */
  record Touch(Access access) implements TwinStep {}

  /** Software writes a word of a table. */
  record Store(long pa, long value) implements TwinStep {}

  /** INVLPG. */
  record Invlpg(long linearAddress) implements TwinStep {}

  /** INVPCID. */
  record Invpcid(InvpcidOperand operand) implements TwinStep {}

  /** MOV to CR0. */
  record MovCr0(long value) implements TwinStep {}

  /** MOV to CR3. */
  record MovCr3(long value) implements TwinStep {}

  /** MOV to CR4. */
  record MovCr4(long value) implements TwinStep {}

  /** WRMSR. */
  record Wrmsr(long msr, long value) implements TwinStep {}

  /** WRPKRU. */
  record Wrpkru(long value) implements TwinStep {}

  /** All counters become 0. */
  record ResetCounters() implements TwinStep {}

  /** The machine starts anew. */
  record Reset() implements TwinStep {}
}
