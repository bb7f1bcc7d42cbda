package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Outcome;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.spec.WalkResult;
import java.util.List;

/**
 * One translation of an access: an access that faults and is resolved has two.
 *
 * @param tlb where it was answered: {@code hit} or {@code miss}; {@code none} if the address was
 *     refused before
 * @param walk the reference walk through the tables as they were then; where the TLB answered, what
 *     a walk would have said
 * @param answer as the MMU gave it: a physical address or a fault, see {@link Faults}
 * @param cr2 the address of a page fault
 * @param kernel what the kernel did about it, a sentence each
 */
public record Attempt(String tlb, WalkResult walk, long answer, long cr2, List<String> kernel) {
  /** Whether the address was reached. */
  public boolean reached() {
    return !Faults.isFault(answer);
  }

  /** The error code of a page fault; -1 without one. */
  public int error() {
    return Faults.isPageFault(answer) ? Faults.errorCode(answer) : -1;
  }

  /** {@code #PF}, {@code #GP}; empty without a fault. */
  public String fault() {
    return Faults.outcome(answer, cr2) instanceof Outcome.Fault fault ? fault.vector() : "";
  }

  /** Whether the TLB answered otherwise than the tables would have. */
  public boolean isStale() {
    return tlb.equals("hit") && !walk.outcome().equals(Faults.outcome(answer, cr2));
  }

  /** The same, with what the kernel did. */
  Attempt with(List<String> deeds) {
    return new Attempt(tlb, walk, answer, cr2, List.copyOf(deeds));
  }
}
