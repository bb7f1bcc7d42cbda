package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.List;

/** The reference: no TLB, every access walks the tables as they are. */
final class SpecSubject implements Subject {
  private final Cpu cpu;
  private final PhysicalMemory memory;
  private Registers registers;
  private ReferenceWalk walk;
  private WalkResult last;

  SpecSubject(Scenario scenario, PhysicalMemory memory) {
    this.cpu = scenario.cpu();
    this.memory = memory;
    this.registers = scenario.registers();
    this.walk = new ReferenceWalk(memory, cpu, registers);
  }

  @Override
  public Outcome perform(Op op) {
    return switch (op) {
      case Op.Touch touch -> {
        last = walk.access(touch.access());
        yield last.outcome();
      }
      case Op.Invpcid invpcid ->
          Subject.outcome(RegisterRules.invpcid(cpu, registers, invpcid.operand()));
      case Op.Invlpg invlpg -> new Outcome.Done();
      case Op.Store store -> throw new IllegalArgumentException("a store is no business of ours");
      default -> {
        RegisterWrite write = write(cpu, registers, op);
        if (write instanceof RegisterWrite.Accepted accepted
            && !accepted.after().equals(registers)) {
          registers = accepted.after();
          walk = new ReferenceWalk(memory, cpu, registers);
        }
        yield Subject.outcome(write);
      }
    };
  }

  /** What the processor answers to {@code op}, a write of a register. */
  static RegisterWrite write(Cpu cpu, Registers now, Op op) {
    return switch (op) {
      case Op.MovCr0 mov -> RegisterRules.movToCr0(cpu, now, mov.value());
      case Op.MovCr3 mov -> RegisterRules.movToCr3(cpu, now, mov.value());
      case Op.MovCr4 mov -> RegisterRules.movToCr4(cpu, now, mov.value());
      case Op.Wrmsr wrmsr -> RegisterRules.wrmsr(cpu, now, wrmsr.msr(), wrmsr.value());
      case Op.Wrpkru wrpkru -> RegisterRules.wrpkru(now, wrpkru.value());
      default -> throw new IllegalArgumentException("writes no register: " + op);
    };
  }

  @Override
  public Registers registers() {
    return registers;
  }

  /** The linear address that the last access used, after linear-address masking. */
  long linearAddress() {
    return ((WalkStep.AddressChecked) last.steps().getFirst()).linearAddress();
  }

  /** Physical addresses of the entries that the last access has read in holes. */
  List<Long> holes() {
    List<Long> holes = new ArrayList<>();
    for (WalkStep step : last.steps()) {
      if (step instanceof WalkStep.EntryRead read && read.inHole()) {
        holes.add(read.physicalAddress());
      }
    }
    return holes;
  }

  /** How the last access was decided, in lines. */
  String explanation() {
    return last == null ? "" : WalkExplanation.of(last);
  }
}
