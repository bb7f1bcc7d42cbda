package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.machine.Signal;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A machine of two cores for tests, with one process; every operation spends what it owes. */
final class Rig implements AutoCloseable {
  static final int RW = Prot.READ | Prot.WRITE;
  static final long MIB2 = 2L << 20;
  static final long GIB = 1L << 30;

  /** Cores on node 0; behind them, where there are several nodes, there is one on each. */
  private static final int CORES = 2;

  final PhysicalMemory memory;
  final Kernel kernel;
  final Machine machine;
  final AddressSpace mm;

  Rig(long bytes, KernelOptions options) {
    this(bytes, options, NumaTopology.single());
  }

  Rig(long bytes, KernelOptions options, NumaTopology topology) {
    memory = PhysicalMemory.ofSize(bytes);
    kernel = new Kernel(memory, options, topology);
    machine = new Machine(kernel);
    for (int i = 0; i < CORES; i++) {
      machine.addCore(Machine.mmu(model(), Machine.cpu(ModelPresets.SDM), memory));
    }
    for (int node = 0; topology.nodes() > 1 && node < topology.nodes(); node++) {
      machine.addCore(Machine.mmu(model(), Machine.cpu(ModelPresets.SDM), memory), node);
    }
    mm = kernel.newAddressSpace().orElseThrow();
  }

  private static CpuModel model() {
    try {
      return CpuModels.of("zen2");
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  Rig(KernelOptions options) {
    this(64L << 20, options);
  }

  /** Makes a system call of {@code space}, or anything else, and spends what it owes. */
  long call(LongSupplier operation) {
    return machine.call(operation);
  }

  long map(AddressSpace space, long address, long length, int flags) {
    return call(() -> space.calls().mmap(MmapRequest.anonymous(address, length, RW, flags)));
  }

  long unmap(AddressSpace space, long address, long length) {
    return call(() -> space.calls().munmap(address, length));
  }

  AddressSpace fork(AddressSpace parent) {
    return tryFork(parent).orElseThrow();
  }

  Optional<AddressSpace> tryFork(AddressSpace parent) {
    Optional<AddressSpace> child = kernel.fork(parent);
    machine.spend();
    return child;
  }

  Core core(AddressSpace space) {
    Core core = machine.cores().get(space.id() % CORES);
    core.switchTo(space);
    return core;
  }

  /** Loads a byte; a signal fails the test. */
  long load(AddressSpace space, long address) {
    Reply reply = core(space).load(address, 1);
    return switch (reply) {
      case Reply.Done(long value) -> value;
      case Reply.Signalled(Signal signal) -> throw new AssertionError(signal.toString());
    };
  }

  /** Stores a byte; a signal fails the test. */
  void store(AddressSpace space, long address, int value) {
    assertEquals(0, storeSignal(space, address, value), "signal");
  }

  /** Stores a byte; returns the number of the signal, or 0. */
  int storeSignal(AddressSpace space, long address, int value) {
    return signal(core(space).store(address, 1, value));
  }

  /** Loads a byte; returns the number of the signal, or 0. */
  int loadSignal(AddressSpace space, long address) {
    return signal(core(space).load(address, 1));
  }

  /** As {@link #storeSignal}, by a core of a node. */
  int storeSignalOn(int node, AddressSpace space, long address) {
    Core core = machine.cores().get(CORES + node);
    core.switchTo(space);
    return signal(core.store(address, 1, 1));
  }

  private static int signal(Reply reply) {
    return reply instanceof Reply.Signalled(Signal signal) ? signal.number() : 0;
  }

  void exit(AddressSpace space) {
    machine.exit(space);
  }

  long freeFrames() {
    return kernel.folios().buddy().freeFrames();
  }

  @Override
  public void close() {
    kernel.close();
    memory.close();
  }
}
