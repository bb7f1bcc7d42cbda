package dev.pagewalk.machine;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.FlushToken;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Cores, memory and a kernel put together.
 *
 * <p>Each {@link Core} has TLBs of its own and runs one address space at a time. A page fault goes
 * to the kernel, and what the kernel then owes is spent on every core that has the address space
 * loaded, before anything else is done. System calls are made through {@link #call}, which spends
 * too. Used by one thread: one core does something at a time. {@link ParallelMachine} has a thread
 * for each core.
 */
public class Machine {
  /** Bits of CR4 that Linux sets where the processor has the feature. */
  private static final long CR4 =
      Cr4.PAE | Cr4.PGE | Cr4.PCIDE | Cr4.SMEP | Cr4.SMAP | Cr4.PKE | Cr4.LA57;

  private final Kernel kernel;
  private final PhysicalMemory memory;
  private final List<Core> cores = new ArrayList<>();
  private FaultListener listener = (core, address, errorCode) -> {};

  /** The core on which the kernel runs; null where a call came from none. */
  private Core running;

  /** How often the kernel was entered and not left. */
  private int depth;

  private long shootdowns;

  /** A machine without cores; {@code kernel} owns its memory. */
  public Machine(Kernel kernel) {
    this.kernel = kernel;
    this.memory = kernel.memory();
  }

  /**
   * Adds a core with an MMU that was made over the machine's memory; it starts anew, with nothing
   * cached.
   */
  public final Core addCore(Mmu mmu) {
    return addCore(mmu, 0);
  }

  /** The same on a NUMA node, which is where what it touches first comes to lie. */
  public final Core addCore(Mmu mmu, int node) {
    mmu.reset(mmu.cpu(), atBoot(mmu.cpu()));
    Core core = new Core(this, mmu, node);
    cores.add(core);
    kernel.onShootdown(this::spend);
    kernel.onOomKill(this::exit);
    return core;
  }

  /** An MMU for a core of {@code cpu} over {@code memory}, as {@link #addCore} takes it. */
  public static Mmu mmu(CpuModel model, Cpu cpu, PhysicalMemory memory) {
    return Mmu.create(model, cpu, memory, atBoot(cpu));
  }

  /**
   * A processor with 48-bit physical addresses, 4-level paging, NX, SMEP, SMAP, 1 GiB pages, global
   * pages, PCID and INVPCID, without protection keys.
   */
  public static Cpu cpu(ModelChoices choices) {
    Set<Feature> features =
        EnumSet.of(
            Feature.NX,
            Feature.PAGE1GB,
            Feature.PGE,
            Feature.PCID,
            Feature.INVPCID,
            Feature.SMEP,
            Feature.SMAP);
    return new Cpu(48, features, ModelPresets.SDM).with(choices);
  }

  /** Paging on, CR0.WP, EFER.NXE, and of CR4 what Linux sets; no address space loaded. */
  private static Registers atBoot(Cpu cpu) {
    long cr4 = Cr4.PAE;
    for (Feature feature : cpu.features()) {
      cr4 |=
          switch (feature) {
            case PGE -> Cr4.PGE;
            case PCID -> Cr4.PCIDE;
            case SMEP -> Cr4.SMEP;
            case SMAP -> Cr4.SMAP;
            case PKU -> Cr4.PKE;
            case LA57 -> Cr4.LA57;
            default -> 0;
          };
    }
    return Registers.longMode(0).withCr4(cr4 & CR4);
  }

  /** Has {@code listener} told of page faults, in place of the one before. */
  public final void onPageFault(FaultListener newListener) {
    listener = newListener;
  }

  /** The kernel. */
  public final Kernel kernel() {
    return kernel;
  }

  /** The cores, by number. */
  public final List<Core> cores() {
    return Collections.unmodifiableList(cores);
  }

  /** A new process, as {@link Kernel#newAddressSpace}, also while cores run in other threads. */
  public final Optional<AddressSpace> newAddressSpace() {
    enterKernel(null);
    try {
      Optional<AddressSpace> made = kernel.newAddressSpace();
      spend();
      return made;
    } finally {
      leaveKernel();
    }
  }

  /** Makes a system call, or anything else of the kernel, and spends what it owes. */
  public final long call(LongSupplier operation) {
    enterKernel(null);
    try {
      long result = operation.getAsLong();
      spend();
      return result;
    } finally {
      leaveKernel();
    }
  }

  /**
   * Loads an address space on a core, as {@link Core#switchTo}, unless its process was killed.
   *
   * @return whether it is loaded
   */
  public final boolean load(Core core, AddressSpace mm) {
    enterKernel(core);
    try {
      if (mm.isKilled()) {
        return false;
      }
      core.switchTo(mm);
      core.enterUserMode();
      return true;
    } finally {
      leaveKernel();
    }
  }

  /** The timer interrupt of a core: what the kernel does in regular intervals. */
  public final void tick(Core core) {
    enterKernel(core);
    try {
      kernel.tick();
      spend();
    } finally {
      leaveKernel();
    }
  }

  /** Ends a process: no core has it loaded any more, and its memory is gone. */
  public final void exit(AddressSpace mm) {
    enterKernel(running);
    try {
      stopRunning(mm);
      kernel.exit(mm);
      spend();
    } finally {
      leaveKernel();
    }
  }

  /** Has every core that runs a process leave it. */
  void stopRunning(AddressSpace mm) {
    for (Core core : cores) {
      core.leave(mm);
    }
  }

  /**
   * Does on the cores what the kernel's last operation owes: the core on which the kernel runs by
   * itself, the others that have the address space loaded by an interrupt. Tests override it with
   * machines that forget something.
   */
  public void spend() {
    FlushToken owed = kernel.owed();
    if (owed.isEmpty()) {
      return;
    }
    for (int i = 0; i < owed.size(); i++) {
      FlushToken.Item item = owed.item(i);
      boolean others = false;
      for (Core core : cores) {
        if (core != running && core.loaded() == item.mm()) {
          core.interrupted();
          others = true;
        }
        core.invalidate(item);
      }
      shootdowns += others ? 1 : 0;
    }
    owed.spent();
  }

  /** Invalidations for which other cores had to be interrupted. */
  public final long shootdowns() {
    return shootdowns;
  }

  /** The core on which the kernel runs now; null if a call came from none. */
  final Core running() {
    return running;
  }

  /** Counts an invalidation for which other cores were interrupted. */
  final void countShootdown() {
    shootdowns++;
  }

  /** Before the kernel runs for {@code core}, or for nobody, null; may be nested. */
  void enterKernel(Core core) {
    if (depth++ == 0) {
      running = core;
      kernel.onNode(core == null ? 0 : core.node());
    }
  }

  /** Whether the kernel runs. */
  final boolean isInKernel() {
    return depth > 0;
  }

  /** After the kernel has run, and what it owed is spent. */
  void leaveKernel() {
    if (--depth == 0) {
      running = null;
    }
  }

  /** The address behind the last that a process may use (TASK_SIZE_MAX). */
  final long endOfUserAddresses() {
    return (1L << (kernel.options().levels() == 5 ? 56 : 47)) - PhysicalMemory.FRAME_BYTES;
  }

  final PhysicalMemory memory() {
    return memory;
  }

  /** Has the kernel handle a page fault of {@code core}; its answer. */
  final long handle(Core core, long address, int errorCode) {
    enterKernel(core);
    try {
      if (core.loaded() == null) {
        // The process was ended while this core waited for the kernel.
        return FaultResult.signal(FaultResult.SIGKILL, FaultResult.SI_KERNEL, errorCode);
      }
      listener.pageFault(core, address, errorCode);
      long answer = kernel.fault(core.loaded(), address, errorCode);
      spend();
      return answer;
    } finally {
      leaveKernel();
    }
  }
}
