package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.Registers;

/** The MMU itself, with somebody before it who forgets to tell it of some invalidations. */
final class ForgetfulMmu implements Subject {
  /** What is forgotten. */
  enum Forgets {
    INVLPG,
    INVPCID,
    /** Every load of CR3 has the no-flush bit set, where that is possible. */
    CR3_LOADS
  }

  private final Forgets forgets;
  private final Scenario scenario;
  private final Subject mmu;

  private ForgetfulMmu(Forgets forgets, Scenario scenario, Subject mmu) {
    this.forgets = forgets;
    this.scenario = scenario;
    this.mmu = mmu;
  }

  /** Machines that forget. */
  static Subject.Maker that(Forgets forgets) {
    MmuPool mmus = new MmuPool();
    return (scenario, memory) -> new ForgetfulMmu(forgets, scenario, mmus.make(scenario, memory));
  }

  @Override
  public Registers registers() {
    return mmu.registers();
  }

  @Override
  public Outcome perform(Op op) {
    return switch (op) {
      case Op.Invlpg invlpg when forgets == Forgets.INVLPG -> new Outcome.Done();
      case Op.Invpcid invpcid when forgets == Forgets.INVPCID ->
          Subject.outcome(RegisterRules.invpcid(scenario.cpu(), registers(), invpcid.operand()));
      case Op.MovCr3 mov when forgets == Forgets.CR3_LOADS && registers().pcide() ->
          mmu.perform(new Op.MovCr3(mov.value() | Cr3.NO_FLUSH));
      default -> mmu.perform(op);
    };
  }
}
