package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;

/**
 * Makes MMUs under test: the last one again, reset, if it is of the model and memory asked for.
 *
 * <p>So a reset is tested with every stream, and the code of an MMU has time to be compiled.
 */
final class MmuPool implements Subject.Maker {
  private CpuModel model;
  private PhysicalMemory memory;
  private Mmu mmu;

  @Override
  public MmuSubject make(Scenario scenario, PhysicalMemory over) {
    if (scenario.model().equals(model) && over == memory) {
      mmu.reset(scenario.cpu(), scenario.registers());
    } else {
      model = scenario.model();
      memory = over;
      mmu = Mmu.create(model, scenario.cpu(), memory, scenario.registers());
    }
    return new MmuSubject(mmu);
  }
}
