package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.ModelChoices.KeyToggle;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;

/** The reference walk as a machine: no TLB, so that every access walks the tables as they are. */
final class SpecEngine extends PagingEngine {
  /** The engine's name. */
  static final String NAME = "spec";

  private Cpu cpu;
  private Registers registers;
  private ReferenceWalk walk;
  private StaleKeys staleKeys;
  private WalkResult lastWalk;

  SpecEngine(PhysicalMemory memory) {
    super(memory);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void reset(Cpu newCpu, Registers newRegisters) {
    cpu = newCpu;
    registers = newRegisters;
    walk = new ReferenceWalk(memory(), cpu, registers);
    staleKeys = cpu.choices().keyToggle() == KeyToggle.STALE ? new StaleKeys(memory(), cpu) : null;
  }

  @Override
  void watch() {
    lastWalk = null;
  }

  @Override
  Outcome translate(Access access) {
    if (staleKeys == null) {
      lastWalk = walk.access(access);
    } else {
      lastWalk = staleKeys.access(walk, registers, access);
    }
    return lastWalk.outcome();
  }

  @Override
  void invlpg(long linearAddress) {
    forgetKeys();
  }

  @Override
  RegisterWrite execute(Action.Instruction instruction) {
    RegisterWrite write =
        switch (instruction) {
          case Action.Invpcid invpcid -> RegisterRules.invpcid(cpu, registers, invpcid.operand());
          case Action.MovCr0 mov -> RegisterRules.movToCr0(cpu, registers, mov.value());
          case Action.MovCr3 mov -> RegisterRules.movToCr3(cpu, registers, mov.value());
          case Action.MovCr4 mov -> RegisterRules.movToCr4(cpu, registers, mov.value());
          case Action.Wrpkru wrpkru -> RegisterRules.wrpkru(registers, wrpkru.value());
          case Action.Wrmsr wrmsr ->
              RegisterRules.wrmsr(cpu, registers, wrmsr.msr(), wrmsr.value());
        };
    if (write instanceof RegisterWrite.Accepted(Registers after)) {
      accept(after);
    }
    return write;
  }

  @Override
  ReferenceWalk referenceWalk() {
    return walk;
  }

  @Override
  String explainAccess() {
    return lastWalk == null ? "" : WalkExplanation.of(lastWalk);
  }

  private void accept(Registers after) {
    if (staleKeys != null && !StaleKeys.differInKeyEnablesOnly(registers, after)) {
      forgetKeys();
    }
    if (!after.equals(registers)) {
      registers = after;
      walk = new ReferenceWalk(memory(), cpu, registers);
    }
  }

  private void forgetKeys() {
    if (staleKeys != null) {
      staleKeys.clear();
    }
  }
}
