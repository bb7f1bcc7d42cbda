package dev.pagewalk.arch;

import java.util.OptionalLong;

/**
 * Everything but the paging structures that decides an access's memory type. Immutable: a WRMSR
 * makes another value.
 *
 * @param pat IA32_PAT
 * @param mtrrs the memory-type range registers
 */
public record MemoryTyping(Pat pat, Mtrrs mtrrs) {
  /**
   * The PAT after power-up, and MTRRs that give all memory the type WB.
   *
   * <p>MODEL: after reset the MTRRs are disabled, which makes everything UC; firmware sets them
   * before anything else runs, and its default type for RAM is WB. Ten variable ranges.
   */
  public static final MemoryTyping DEFAULT = new MemoryTyping(Pat.POWER_UP, Mtrrs.writeBack(10));

  /** What a processor answers to WRMSR. */
  public sealed interface Write {
    /**
     * The write happened.
     *
     * @param after everything after the write
     */
    record Accepted(MemoryTyping after) implements Write {}

    /**
     * #GP(0) in place of the write.
     *
     * @param reason the rule that refused it, one sentence without a full stop
     */
    record Refused(String reason) implements Write {}
  }

  /**
   * The effective memory type of an access to physical address {@code pa}, while CR0.CD and CR0.NW
   * are 0.
   *
   * @param patIndex 0 to 7: for a page, and for a table below the root, {@link EntryKind#patIndex}
   *     of the entry that points to it; for the root table, {@link Registers#patIndexOfRoot}
   */
  public MemoryType of(long pa, int patIndex) {
    return MemoryType.effective(pat.of(patIndex), mtrrs.typeAt(pa));
  }

  /** What RDMSR reads from {@code msr}; nothing if it has nothing to do with memory types. */
  public OptionalLong read(long msr) {
    return msr == Pat.MSR ? OptionalLong.of(pat.value()) : mtrrs.read(msr);
  }

  /**
   * WRMSR of {@code value} to {@code msr}; #GP for any that has nothing to do with memory types.
   */
  public Write withMsr(Cpu cpu, long msr, long value) {
    if (msr == Pat.MSR) {
      return Pat.whyRefused(value)
          .<Write>map(Write.Refused::new)
          .orElseGet(() -> new Write.Accepted(new MemoryTyping(new Pat(value), mtrrs)));
    }
    return mtrrs
        .whyRefused(cpu, msr, value)
        .<Write>map(Write.Refused::new)
        .orElseGet(() -> new Write.Accepted(new MemoryTyping(pat, mtrrs.with(msr, value))));
  }
}
