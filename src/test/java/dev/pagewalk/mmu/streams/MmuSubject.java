package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;

/** The MMU. Accesses go through {@code translate}, every eighth through {@code access}. */
final class MmuSubject implements Subject {
  private final Mmu mmu;
  private int accesses;

  MmuSubject(Mmu mmu) {
    this.mmu = mmu;
  }

  /** A new MMU in the scenario's first state. */
  static MmuSubject make(Scenario scenario, PhysicalMemory memory) {
    return new MmuSubject(
        Mmu.create(scenario.model(), scenario.cpu(), memory, scenario.registers()));
  }

  /** The MMU itself, for its counters. */
  Mmu mmu() {
    return mmu;
  }

  @Override
  public Outcome perform(Op op) {
    return switch (op) {
      case Op.Touch touch -> touch(touch.access());
      case Op.Invlpg invlpg -> {
        mmu.invlpg(invlpg.linearAddress());
        yield new Outcome.Done();
      }
      case Op.Invpcid invpcid -> Subject.outcome(mmu.invpcid(invpcid.operand()));
      case Op.MovCr0 mov -> Subject.outcome(mmu.movToCr0(mov.value()));
      case Op.MovCr3 mov -> Subject.outcome(mmu.movToCr3(mov.value()));
      case Op.MovCr4 mov -> Subject.outcome(mmu.movToCr4(mov.value()));
      case Op.Wrmsr wrmsr -> Subject.outcome(mmu.wrmsr(wrmsr.msr(), wrmsr.value()));
      case Op.Wrpkru wrpkru -> Subject.outcome(mmu.wrpkru(wrpkru.value()));
      case Op.Store store -> throw new IllegalArgumentException("a store is no business of ours");
    };
  }

  private Outcome touch(Access access) {
    if ((++accesses & 7) == 0) {
      return mmu.access(access);
    }
    long result = mmu.translate(access.linearAddress(), AccessCode.of(access));
    return Faults.outcome(result, mmu.cr2());
  }

  @Override
  public Registers registers() {
    return mmu.registers();
  }
}
