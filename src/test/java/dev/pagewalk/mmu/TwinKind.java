package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;

/** What may stand on one side of a comparison. */
enum TwinKind {
  /** The MMU under test. */
  MMU {
    @Override
    TwinSide make(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
      Mmu mmu = Mmu.create(model, cpu, memory, registers);
      return new TwinSide.OfMmu(AnyMmu.of(mmu), memory, cpu, registers);
    }
  },
  /** The naive MMU. */
  NAIVE {
    @Override
    TwinSide make(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
      return new TwinSide.OfMmu(
          new NaiveMmu(model, cpu, memory, registers), memory, cpu, registers);
    }
  },
  /** The reference walk, which has nothing that could be stale. */
  REFERENCE {
    @Override
    TwinSide make(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
      return new TwinSide.OfSpec(memory, cpu, registers);
    }
  };

  /** A machine of this kind over {@code memory}. */
  abstract TwinSide make(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers);
}
