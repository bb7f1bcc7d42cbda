package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;

/** One of two machines that a stream is performed on, with a memory of its own. */
interface TwinSide {
  /** What the machine answers: an {@link Outcome} or a {@link RegisterWrite}. */
  Object perform(TwinStep step);

  /** Its physical memory. */
  PhysicalMemory memory();

  /** Its registers. */
  Registers registers();

  /** A machine with an MMU. */
  record OfMmu(AnyMmu mmu, PhysicalMemory memory, Cpu cpu, Registers first) implements TwinSide {
    @Override
    public Object perform(TwinStep step) {
      return switch (step) {
        case TwinStep.Touch touch -> {
          int code = AccessCode.of(touch.access());
          long result = mmu.translate(touch.access().linearAddress(), code);
          yield Faults.outcome(result, mmu.cr2());
        }
        case TwinStep.Store store -> {
          memory.write64(store.pa(), store.value());
          yield new Outcome.Done();
        }
        case TwinStep.Invlpg invlpg -> {
          mmu.invlpg(invlpg.linearAddress());
          yield new Outcome.Done();
        }
        case TwinStep.Invpcid invpcid -> mmu.invpcid(invpcid.operand());
        case TwinStep.MovCr0 mov -> mmu.movToCr0(mov.value());
        case TwinStep.MovCr3 mov -> mmu.movToCr3(mov.value());
        case TwinStep.MovCr4 mov -> mmu.movToCr4(mov.value());
        case TwinStep.Wrmsr wrmsr -> mmu.wrmsr(wrmsr.msr(), wrmsr.value());
        case TwinStep.Wrpkru wrpkru -> mmu.wrpkru(wrpkru.value());
        case TwinStep.ResetCounters reset -> {
          mmu.resetCounters();
          yield new Outcome.Done();
        }
        case TwinStep.Reset reset -> {
          mmu.reset(cpu, first);
          yield new Outcome.Done();
        }
      };
    }

    @Override
    public Registers registers() {
      return mmu.registers();
    }
  }

  /** A machine without an MMU's caches: the reference walk. */
  final class OfSpec implements TwinSide {
    private final PhysicalMemory memory;
    private final Cpu cpu;
    private final Registers first;
    private Registers registers;

    OfSpec(PhysicalMemory memory, Cpu cpu, Registers first) {
      this.memory = memory;
      this.cpu = cpu;
      this.first = first;
      this.registers = first;
    }

    @Override
    public Object perform(TwinStep step) {
      return switch (step) {
        case TwinStep.Touch touch ->
            new ReferenceWalk(memory, cpu, registers).access(touch.access()).outcome();
        case TwinStep.Store store -> {
          memory.write64(store.pa(), store.value());
          yield new Outcome.Done();
        }
        case TwinStep.Invlpg invlpg -> new Outcome.Done();
        case TwinStep.ResetCounters reset -> new Outcome.Done();
        case TwinStep.Reset reset -> {
          registers = first;
          yield new Outcome.Done();
        }
        case TwinStep.Invpcid invpcid ->
            write(RegisterRules.invpcid(cpu, registers, invpcid.operand()));
        case TwinStep.MovCr0 mov -> write(RegisterRules.movToCr0(cpu, registers, mov.value()));
        case TwinStep.MovCr3 mov -> write(RegisterRules.movToCr3(cpu, registers, mov.value()));
        case TwinStep.MovCr4 mov -> write(RegisterRules.movToCr4(cpu, registers, mov.value()));
        case TwinStep.Wrmsr wrmsr ->
            write(RegisterRules.wrmsr(cpu, registers, wrmsr.msr(), wrmsr.value()));
        case TwinStep.Wrpkru wrpkru -> write(RegisterRules.wrpkru(registers, wrpkru.value()));
      };
    }

    private RegisterWrite write(RegisterWrite write) {
      if (write instanceof RegisterWrite.Accepted accepted) {
        registers = accepted.after();
      }
      return write;
    }

    @Override
    public PhysicalMemory memory() {
      return memory;
    }

    @Override
    public Registers registers() {
      return registers;
    }
  }
}
