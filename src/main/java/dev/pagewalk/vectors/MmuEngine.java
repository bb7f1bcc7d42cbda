package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;

/** An MMU with the TLBs and paging-structure caches of one model of processor, as a machine. */
final class MmuEngine extends PagingEngine {
  private final CpuModel model;
  private Cpu cpu;
  private Mmu mmu;
  private Access lastAccess;

  MmuEngine(CpuModel model, PhysicalMemory memory) {
    super(memory);
    this.model = model;
  }

  /** The name of an engine of the model {@code model}. */
  static String nameOf(String model) {
    return "mmu " + model;
  }

  @Override
  public String name() {
    return nameOf(model.name());
  }

  @Override
  public void reset(Cpu newCpu, Registers registers) {
    cpu = newCpu;
    if (mmu == null) {
      mmu = Mmu.create(model, cpu, memory(), registers);
    } else {
      mmu.reset(cpu, registers);
    }
  }

  @Override
  void watch() {
    lastAccess = null;
    mmu.resetCounters();
  }

  @Override
  Outcome translate(Access access) {
    lastAccess = access;
    return mmu.access(access);
  }

  @Override
  void invlpg(long linearAddress) {
    mmu.invlpg(linearAddress);
  }

  @Override
  RegisterWrite execute(Action.Instruction instruction) {
    return switch (instruction) {
      case Action.Invpcid invpcid -> mmu.invpcid(invpcid.operand());
      case Action.MovCr0 mov -> mmu.movToCr0(mov.value());
      case Action.MovCr3 mov -> mmu.movToCr3(mov.value());
      case Action.MovCr4 mov -> mmu.movToCr4(mov.value());
      case Action.Wrpkru wrpkru -> mmu.wrpkru(wrpkru.value());
      case Action.Wrmsr wrmsr -> mmu.wrmsr(wrmsr.msr(), wrmsr.value());
    };
  }

  @Override
  ReferenceWalk referenceWalk() {
    return new ReferenceWalk(memory(), cpu, mmu.registers());
  }

  @Override
  String explainAccess() {
    return lastAccess == null
        ? ""
        : MmuExplanation.of(mmu.counters(), mmu.snapshot(), referenceWalk().probe(lastAccess));
  }
}
