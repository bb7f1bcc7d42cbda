package dev.pagewalk.machine;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.HugePolicy;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelOptions;
import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.NumaTopology;
import dev.pagewalk.kernel.PrefetchOptions;
import dev.pagewalk.kernel.ReclaimOptions;
import dev.pagewalk.kernel.SwapArea;
import dev.pagewalk.kernel.policy.PageView;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.ReplacementPolicy;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Set;

/** A machine as a file describes it, put together: memory, swap, kernel, cores and their prices. */
public final class Computer implements AutoCloseable {
  /** The policy of a machine that names none: as Linux. */
  public static final String KERNELS_OWN = "linux";

  private final MachineFile file;
  private final CostModel costs;
  private final PhysicalMemory memory;
  private final SwapArea swap;
  private final Kernel kernel;
  private final Machine machine;
  private final String cpu;

  private Computer(MachineBuilder builder, MachineFile file, CostModel costs, CpuModel model) {
    this.file = file;
    this.costs = costs;
    this.cpu = model.name();
    this.memory = PhysicalMemory.builder().ram(0, file.memoryBytes()).tracked().build();
    this.kernel = new Kernel(memory, options(file.kernel()), topology(file));
    this.swap = file.swapBytes() == 0 ? null : SwapArea.inMemory(file.swapBytes(), false);
    if (swap != null) {
      kernel.swapOn(swap);
    }
    this.machine = builder.isParallel() ? new ParallelMachine(kernel) : new Machine(kernel);
    kernel.useReclaim(reclaim(file, builder));
    if (file.prefetch() != null) {
      kernel.prefetch().use(PrefetchOptions.of(file.prefetch()));
    }
    for (int node = 0; node < file.nodes().size(); node++) {
      for (int i = 0; i < file.nodes().get(node).cores(); i++) {
        machine.addCore(Machine.mmu(model, cpu(file.kernel()), memory), node);
      }
    }
    if (file.frames() != null) {
      machine.call(() -> limit(file.frames()));
    }
    if (machine instanceof ParallelMachine parallel) {
      parallel.start();
    }
  }

  private long limit(long frames) {
    kernel.rootGroup().setMax(frames);
    return 0;
  }

  private static ReclaimOptions reclaim(MachineFile file, MachineBuilder builder) {
    String spec = file.policy() == null ? KERNELS_OWN : file.policy();
    // Found wrong here, and not with the first page.
    if (Policies.needsFuture(spec) && builder.future() == null) {
      throw new IllegalArgumentException(
          "policy " + spec + " needs a trace that can be read twice");
    }
    MachineFile.Watermarks marks = file.watermarks();
    ReclaimOptions options =
        ReclaimOptions.of((frames, view) -> policy(spec, frames, view, builder))
            .withScope(
                file.scope() == MachineFile.Scope.GLOBAL
                    ? ReclaimOptions.Scope.GLOBAL
                    : ReclaimOptions.Scope.PER_PROCESS)
            .withExactAccessed(file.kernel().exactAccessed());
    return marks == null ? options : options.withWatermarks(marks.min(), marks.low(), marks.high());
  }

  /**
   * Puts a machine together.
   *
   * @throws InputException if a model it names is not there, or it has too little memory
   */
  public static Computer of(MachineBuilder builder) throws InputException {
    try {
      MachineFile file = builder.changed();
      CpuModel model = cpu(file.cpu(), builder.folder());
      CostModel costs = CostModels.load(file.costs(), builder.folder()).model();
      return new Computer(builder, file, costs, model);
    } catch (IllegalArgumentException e) {
      throw new InputException("machine: " + e.getMessage());
    }
  }

  private static ReplacementPolicy policy(
      String spec, int frames, PageView view, MachineBuilder builder) {
    ReplacementPolicy policy = Policies.create(spec, frames, view, builder.future());
    EvictionListener listener = builder.evictions();
    return listener == null ? policy : WatchedPolicy.of(policy, frames, listener);
  }

  private static CpuModel cpu(String name, Path folder) throws InputException {
    boolean isFile = !CpuModels.names().contains(name) && Files.exists(folder.resolve(name));
    return isFile ? CpuModels.read(folder.resolve(name)) : CpuModels.of(name);
  }

  private static Cpu cpu(MachineFile.Options options) {
    Cpu cpu = Machine.cpu(ModelPresets.SDM);
    if (!options.protectionKeys()) {
      return cpu;
    }
    Set<Feature> features = EnumSet.copyOf(cpu.features());
    features.add(Feature.PKU);
    return new Cpu(cpu.maxPhyAddr(), features, cpu.choices());
  }

  private static NumaTopology topology(MachineFile file) {
    return NumaTopology.of(
        file.nodes().stream().map(MachineFile.Node::bytes).toList(), file.distances());
  }

  private static KernelOptions options(MachineFile.Options options) {
    return KernelOptions.DEFAULT
        .withHugePages(HugePolicy.valueOf(options.hugePages().name()))
        .withZeroPage(options.zeroPage())
        .withProtectionKeys(options.protectionKeys())
        .withIsolation(options.isolation());
  }

  /** What it was made of. */
  public MachineFile file() {
    return file;
  }

  /** What events cost. */
  public CostModel costs() {
    return costs;
  }

  /** The name of its model of processor. */
  public String cpu() {
    return cpu;
  }

  /** The policy by which pages are replaced. */
  public String policy() {
    return file.policy() == null ? KERNELS_OWN : file.policy();
  }

  /** On which node each process has its pages lie. */
  public Mempolicy placement() {
    return Placement.parse(file.placement(), file.nodes().size());
  }

  /** Cores and kernel. */
  public Machine machine() {
    return machine;
  }

  /** The physical memory. */
  public PhysicalMemory memory() {
    return memory;
  }

  @Override
  public void close() {
    kernel.close();
    if (swap != null) {
      swap.close();
    }
    memory.close();
  }
}
