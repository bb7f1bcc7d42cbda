package dev.pagewalk.bench;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.FlushToken;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelOptions;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.SwapArea;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.physmem.PhysicalMemory;

/**
 * A process with one region of anonymous memory, and what faults.c does to it: touches, forks,
 * putting out, unmapping. Without huge pages.
 *
 * <p>A touch is either an access of a core, which translates, faults and tries again, or the fault
 * alone as the kernel gets it from a core.
 */
final class FaultWork implements AutoCloseable {
  /** Bytes of a page. */
  static final int PAGE = 4096;

  private static final int READ_WRITE = Prot.READ | Prot.WRITE;
  private static final int PRIVATE = MapFlag.PRIVATE;
  private static final int USER_READ = ErrorCode.US;
  private static final int USER_WRITE = ErrorCode.US | ErrorCode.WR;

  private final int pages;
  private final PhysicalMemory memory;
  private final SwapArea swap;
  private final Kernel kernel;
  private final Machine machine;
  private final Core core;
  private final AddressSpace process;
  private AddressSpace child;
  private long region;

  /**
   * A machine of four times the region's memory.
   *
   * @param pages of the region
   * @param throughCore whether a touch is an access of a core
   */
  FaultWork(int pages, boolean throughCore) {
    this.pages = pages;
    long bytes = (long) pages * PAGE;
    memory = PhysicalMemory.builder().ram(0, 4 * bytes).tracked().build();
    swap = SwapArea.inMemory(2 * bytes, true);
    kernel = new Kernel(memory, KernelOptions.DEFAULT);
    kernel.swapOn(swap);
    machine = new Machine(kernel);
    process = kernel.newAddressSpace().orElseThrow();
    core = throughCore ? core() : null;
  }

  private Core core() {
    try {
      var model = CpuModels.of("limit");
      Core made = machine.addCore(Machine.mmu(model, Machine.cpu(ModelPresets.SDM), memory));
      made.switchTo(process);
      return made;
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Pages of the region. */
  int pages() {
    return pages;
  }

  /** Maps the region; nothing of it is there. */
  void map() {
    long bytes = (long) pages * PAGE;
    region = process.calls().mmap(MmapRequest.anonymous(0, bytes, READ_WRITE, PRIVATE));
    check(region > 0);
    spend();
    check(process.calls().madvise(region, bytes, Advice.NOHUGEPAGE.code()) == 0);
    spend();
  }

  /** Does to each page what a write would do after its fault, if the kernel is alone. */
  void store() {
    for (int i = 0; core == null && i < pages; i++) {
      memory.write8(process.page(region + (long) i * PAGE).frame() << 12, 1);
    }
  }

  /** Unmaps the region. */
  void unmap() {
    check(process.calls().munmap(region, (long) pages * PAGE) == 0);
    spend();
  }

  /** Maps and unmaps one page, as often as the region has pages. */
  void mapAndUnmap() {
    for (int i = 0; i < pages; i++) {
      long at = process.calls().mmap(MmapRequest.anonymous(0, PAGE, READ_WRITE, PRIVATE));
      check(at > 0);
      spend();
      check(process.calls().munmap(at, PAGE) == 0);
      spend();
    }
  }

  /** Reads each page, none of which is there. */
  void readAll() {
    if (core == null) {
      faultAll(USER_READ);
      return;
    }
    for (int i = 0; i < pages; i++) {
      check(core.load(region + (long) i * PAGE, 1) instanceof Reply.Done);
    }
  }

  /** Writes each page; {@code present} if each can be read already. */
  void writeAll(boolean present) {
    if (core == null) {
      faultAll(present ? USER_WRITE | ErrorCode.P : USER_WRITE);
      return;
    }
    for (int i = 0; i < pages; i++) {
      check(core.store(region + (long) i * PAGE, 1, 1) instanceof Reply.Done);
    }
  }

  private void faultAll(int errorCode) {
    FlushToken owed = kernel.owed();
    for (int i = 0; i < pages; i++) {
      long answer = kernel.fault(process, region + (long) i * PAGE, errorCode);
      check(FaultResult.isResolved(answer));
      if (!owed.isEmpty()) {
        owed.spent();
      }
    }
  }

  /** Forks. */
  void fork() {
    child = kernel.fork(process).orElseThrow();
    spend();
  }

  /** Ends the child. */
  void exitChild() {
    machine.exit(child);
  }

  /** Puts each page out to swap. */
  void putOut() {
    long bytes = (long) pages * PAGE;
    check(process.calls().madvise(region, bytes, Advice.PAGEOUT.code()) == 0);
    spend();
    check(swap.used() == pages);
  }

  private void spend() {
    machine.spend();
  }

  private static void check(boolean asExpected) {
    if (!asExpected) {
      throw new IllegalStateException("the kernel does not do what is measured");
    }
  }

  @Override
  public void close() {
    kernel.close();
    swap.close();
    memory.close();
  }
}
