package dev.pagewalk.kernel.walker;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Memory and MMUs, which many walks use one after the other: to make them takes longer than a walk.
 *
 * @param setting what kind
 * @param maker makes a machine, perhaps a faulty one
 * @param memory RAM
 * @param mmus one for each core
 * @param folder for files of the host
 */
record World(
    Setting setting,
    MachineMaker maker,
    PhysicalMemory memory,
    List<Mmu> mmus,
    Optional<Path> folder)
    implements AutoCloseable {
  /** Makes the machine over a kernel. */
  interface MachineMaker {
    Machine over(Kernel kernel);
  }

  static World of(Setting setting, MachineMaker maker) {
    PhysicalMemory memory = PhysicalMemory.ofSize(setting.memory());
    try {
      CpuModel model = CpuModels.of(setting.cpu());
      Cpu cpu = cpu(setting);
      List<Mmu> mmus =
          Stream.generate(() -> Machine.mmu(model, cpu, memory)).limit(Walk.CORES).toList();
      Path folder = setting.extras().hostFiles() ? Files.createTempDirectory("walk") : null;
      return new World(setting, maker, memory, mmus, Optional.ofNullable(folder));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Cpu cpu(Setting setting) {
    Cpu cpu = Machine.cpu(ModelPresets.SDM);
    if (!setting.extras().keys()) {
      return cpu;
    }
    Set<Feature> features = EnumSet.copyOf(cpu.features());
    features.add(Feature.PKU);
    return new Cpu(cpu.maxPhyAddr(), features, cpu.choices());
  }

  @Override
  public void close() {
    memory.close();
    if (folder.isPresent()) {
      try (Stream<Path> left = Files.list(folder.get())) {
        for (Path path : left.toList()) {
          Files.delete(path);
        }
        Files.delete(folder.get());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
