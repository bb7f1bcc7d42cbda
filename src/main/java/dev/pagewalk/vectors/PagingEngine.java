package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;

/**
 * What engines have in common: how an instruction's access becomes accesses of one page each.
 *
 * <p>An access that crosses a page boundary is two accesses, the lower first; what it reaches is
 * told by its first byte, and a page fault in the upper page has that page's start in CR2. If the
 * upper page's address is not canonical, nothing is walked.
 */
abstract class PagingEngine implements Engine {
  private static final long PAGE = 4096;

  private final PhysicalMemory memory;
  private String refusal = "";
  private int cpl;

  PagingEngine(PhysicalMemory memory) {
    this.memory = memory;
  }

  @Override
  public final PhysicalMemory memory() {
    return memory;
  }

  @Override
  public final Outcome perform(Action action) {
    refusal = "";
    return switch (action) {
      case Action.Touch touch -> touch(touch);
      case Action.Store store -> {
        memory.write64(store.pa(), store.value());
        yield new Outcome.Done();
      }
      case Action.Invlpg invlpg -> {
        invlpg(invlpg.va());
        yield new Outcome.Done();
      }
      case Action.Instruction instruction -> answer(execute(instruction));
    };
  }

  @Override
  public final String explain(Action action) {
    watch();
    perform(action);
    return refusal.isEmpty() ? explainAccess() : refusal;
  }

  /** What is done from now on is to be explained. */
  abstract void watch();

  /** Performs an access within one page. */
  abstract Outcome translate(Access access);

  /** Whether the address of each byte has to be canonical, not only the first one's. */
  boolean checksEachByte() {
    return true;
  }

  /** The same as {@link #translate} without a check of the address. */
  Outcome translateUnchecked(Access access) {
    return translate(access);
  }

  /** Performs INVLPG. */
  abstract void invlpg(long linearAddress);

  /** Performs {@code instruction}. */
  abstract RegisterWrite execute(Action.Instruction instruction);

  /** The reference walk under the registers of now. */
  abstract ReferenceWalk referenceWalk();

  /** How the last access since {@link #watch} was answered, in lines; empty if there was none. */
  abstract String explainAccess();

  /** CPL at the access under way, which matters where an access's mode is not by CPL. */
  final int cpl() {
    return cpl;
  }

  private Outcome touch(Action.Touch touch) {
    cpl = touch.cpl();
    Access first = touch.access();
    long offset = first.linearAddress() & (PAGE - 1);
    if (offset + touch.size() <= PAGE) {
      return translate(first);
    }
    // A byte whose address is not canonical faults before anything is walked or marked.
    Access upper = first.at(first.linearAddress() - offset + PAGE);
    boolean canonical =
        !(referenceWalk().probe(upper).outcome() instanceof Outcome.GeneralProtection);
    if (!canonical && checksEachByte()) {
      return translate(upper);
    }
    Outcome outcome = translate(first);
    if (!(outcome instanceof Outcome.Reached)) {
      return outcome;
    }
    Outcome second = canonical ? translate(upper) : translateUnchecked(upper);
    return second instanceof Outcome.Reached ? outcome : second;
  }

  private Outcome answer(RegisterWrite write) {
    return switch (write) {
      case RegisterWrite.Refused refused -> {
        refusal = refused.reason();
        yield refused.fault();
      }
      case RegisterWrite.Accepted accepted -> new Outcome.Done();
    };
  }
}
