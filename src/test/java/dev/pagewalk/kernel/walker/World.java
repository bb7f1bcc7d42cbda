package dev.pagewalk.kernel.walker;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.List;
import java.util.stream.Stream;

/**
 * Memory and MMUs, which many walks use one after the other: to make them takes longer than a walk.
 *
 * @param setting what kind
 * @param maker makes a machine, perhaps a faulty one
 * @param memory RAM
 * @param mmus one for each core
 */
record World(Setting setting, MachineMaker maker, PhysicalMemory memory, List<Mmu> mmus)
    implements AutoCloseable {
  /** Makes the machine over a kernel. */
  interface MachineMaker {
    Machine over(Kernel kernel);
  }

  static World of(Setting setting, MachineMaker maker) {
    PhysicalMemory memory = PhysicalMemory.ofSize(setting.memory());
    try {
      CpuModel model = CpuModels.of(setting.cpu());
      List<Mmu> mmus =
          Stream.generate(() -> Machine.mmu(model, Machine.cpu(ModelPresets.SDM), memory))
              .limit(Walk.CORES)
              .toList();
      return new World(setting, maker, memory, mmus);
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
