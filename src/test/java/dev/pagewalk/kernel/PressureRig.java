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
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Function;

/** A machine of two cores with a kernel that reclaims, for tests. */
final class PressureRig implements AutoCloseable {
  static final int RW = Prot.READ | Prot.WRITE;
  static final long BASE = 0x1000_0000_0000L;
  static final long PAGE = 4096;

  final PhysicalMemory memory;
  final SwapArea swap;
  final Kernel kernel;
  final Machine machine;

  /**
   * A machine.
   *
   * @param pages of RAM
   * @param slots of swap; none if 0
   */
  PressureRig(long pages, long slots, KernelOptions options, ReclaimOptions reclaim) {
    this(pages, slots, new Setup(options, reclaim, Machine::new));
  }

  /** How the kernel is set up, and who makes the machine over it: perhaps a faulty one. */
  record Setup(KernelOptions options, ReclaimOptions reclaim, Function<Kernel, Machine> maker) {}

  PressureRig(long pages, long slots, Setup setup) {
    memory = PhysicalMemory.ofSize(pages * PAGE);
    kernel = new Kernel(memory, setup.options());
    kernel.useReclaim(setup.reclaim());
    swap = slots == 0 ? null : SwapArea.inMemory((slots + 1) * PAGE, true);
    if (swap != null) {
      kernel.swapOn(swap);
    }
    machine = setup.maker().apply(kernel);
    for (int i = 0; i < 2; i++) {
      machine.addCore(Machine.mmu(model(), Machine.cpu(ModelPresets.SDM), memory));
    }
  }

  /** 16 MiB, as much swap, no zero page, a policy by name. */
  static PressureRig of(String policy) {
    return new PressureRig(
        4096, 4096, KernelOptions.DEFAULT.withZeroPage(false), ReclaimOptions.of(policy));
  }

  private static CpuModel model() {
    try {
      return CpuModels.of("zen2");
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A process with {@code pages} of anonymous memory at BASE. */
  AddressSpace process(long pages) {
    AddressSpace mm = kernel.newAddressSpace().orElseThrow();
    machine.spend();
    map(mm, BASE, pages, MapFlag.PRIVATE);
    return mm;
  }

  long map(AddressSpace mm, long address, long pages, int flags) {
    long length = pages * PAGE;
    return machine.call(() -> mm.calls().mmap(MmapRequest.anonymous(address, length, RW, flags)));
  }

  Core core(AddressSpace mm) {
    Core core = machine.cores().get(mm.id() % 2);
    core.switchTo(mm);
    return core;
  }

  /** Stores a word at the start of page {@code page} from BASE on. */
  void store(AddressSpace mm, long page, long value) {
    assertEquals(0, signal(core(mm).store(BASE + page * PAGE, 8, value)), "signal");
  }

  int storeSignal(AddressSpace mm, long page) {
    return signal(core(mm).store(BASE + page * PAGE, 8, 1));
  }

  /** The word at the start of page {@code page} from BASE on. */
  long load(AddressSpace mm, long page) {
    return switch (core(mm).load(BASE + page * PAGE, 8)) {
      case Reply.Done(long value) -> value;
      case Reply.Signalled(Signal signal) -> throw new AssertionError(signal.toString());
    };
  }

  static int signal(Reply reply) {
    return reply instanceof Reply.Signalled(Signal signal) ? signal.number() : 0;
  }

  /** A file on a disk: each byte of a page is its number, from 1. */
  FileObject file(int pages) {
    FileObject file = kernel.createFile("data", FileSystem.EXT4);
    byte[] bytes = new byte[4096];
    for (int i = 0; i < pages; i++) {
      Arrays.fill(bytes, (byte) (i + 1));
      long offset = i * PAGE;
      machine.call(() -> kernel.fileCalls().write(file, offset, bytes));
    }
    machine.call(() -> kernel.fileCalls().fsync(file));
    return file;
  }

  /** Maps a file shared, at BASE. */
  void mapFile(AddressSpace mm, FileObject file, long pages) {
    MmapRequest request =
        new MmapRequest(BASE, pages * PAGE, RW, MapFlag.SHARED, Optional.of(file), 0);
    assertEquals(BASE, machine.call(() -> mm.calls().mmap(request)));
  }

  /** The kernel's invariants, those of reclaim, and what the TLBs hold. */
  void check() {
    KernelCheck.whole(kernel);
    for (Core core : machine.cores()) {
      KernelCheck.tlb(kernel, core.tlbState(), core.mmu().snapshot());
    }
  }

  long count(VmEvent event) {
    return kernel.stat().get(event);
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
