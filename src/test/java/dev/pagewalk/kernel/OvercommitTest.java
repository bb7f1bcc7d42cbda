package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.PressureRig.BASE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much memory is promised, in each mode of vm.overcommit_memory. */
class OvercommitTest {
  private static final long NO_MEMORY = Errno.ENOMEM.result();
  private static final int RAM = 4096;
  private static final int SLOTS = 1000;

  /** A kernel with 4096 pages of RAM and 1000 slots, and a process. */
  private static final class Promise implements AutoCloseable {
    final PhysicalMemory memory = PhysicalMemory.ofSize(RAM * 4096L);
    final SwapArea swap = SwapArea.inMemory((SLOTS + 1) * 4096L, true);
    final Kernel kernel;
    final AddressSpace mm;

    Promise(OvercommitMode mode) {
      kernel = new Kernel(memory, KernelOptions.DEFAULT.withOvercommit(mode, 50));
      kernel.swapOn(swap);
      mm = kernel.newAddressSpace().orElseThrow();
      kernel.owed().spent();
    }

    long map(long page, long pages, int prot, int flags) {
      MmapRequest request =
          MmapRequest.anonymous(BASE + page * 4096, pages * 4096, prot, flags | MapFlag.FIXED);
      return spend(mm.calls().mmap(request));
    }

    long map(long page, long pages) {
      return map(page, pages, Prot.READ | Prot.WRITE, MapFlag.PRIVATE);
    }

    long spend(long result) {
      kernel.owed().spent();
      return result;
    }

    long committed() {
      return kernel.memInfo().committed();
    }

    @Override
    public void close() {
      kernel.close();
      swap.close();
      memory.close();
    }
  }

  @Test
  void whatAloneIsMoreThanThereIsIsRefused() {
    try (Promise promise = new Promise(OvercommitMode.GUESS)) {
      assertEquals(NO_MEMORY, promise.map(0, RAM + SLOTS + 1));
      assertTrue(promise.map(0, RAM + SLOTS) > 0);
      assertTrue(promise.map(10_000, RAM + SLOTS) > 0);
      assertEquals(2 * (RAM + SLOTS), promise.committed());
    }
  }

  @ParameterizedTest
  @EnumSource
  void noReserveIsHonouredUnlessNothingMayBePromised(OvercommitMode mode) {
    try (Promise promise = new Promise(mode)) {
      int flags = MapFlag.PRIVATE | MapFlag.NORESERVE;
      long result = promise.map(0, 1 << 20, Prot.READ | Prot.WRITE, flags);
      assertEquals(mode == OvercommitMode.NEVER, result == NO_MEMORY);
    }
  }

  @Test
  void everythingIsGranted() {
    try (Promise promise = new Promise(OvercommitMode.ALWAYS)) {
      assertTrue(promise.map(0, 1L << 30) > 0);
    }
  }

  @Test
  void allPromisesTogetherAreBounded() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      assertEquals(RAM / 2 + SLOTS, promise.kernel.memInfo().commitLimit());
      assertTrue(promise.map(0, 2000) > 0);
      assertEquals(2000, promise.committed());
      assertEquals(NO_MEMORY, promise.map(10_000, 1100));
      assertTrue(promise.map(10_000, 900) > 0);
      assertEquals(2900, promise.committed());
      // In the place of what was promised already.
      assertTrue(promise.map(0, 2000) > 0);
      assertEquals(2900, promise.committed());
    }
  }

  @Test
  void whatCannotBeWrittenIsNoPromiseUntilItCan() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      assertTrue(promise.map(0, 5000, Prot.READ, MapFlag.PRIVATE) > 0);
      assertEquals(0, promise.committed());
      SystemCalls calls = promise.mm.calls();
      int rw = Prot.READ | Prot.WRITE;
      assertEquals(NO_MEMORY, promise.spend(calls.mprotect(BASE, 5000 * 4096, rw)));
      assertEquals(0, promise.spend(calls.mprotect(BASE, 1000 * 4096, rw)));
      assertEquals(1000, promise.committed());
      // Without pages it is given back with the right.
      assertEquals(0, promise.spend(calls.mprotect(BASE, 1000 * 4096, Prot.READ)));
      assertEquals(0, promise.committed());
    }
  }

  @Test
  void growthIsPromisedToo() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      assertTrue(promise.map(0, 1000) > 0);
      SystemCalls calls = promise.mm.calls();
      MremapRequest tooMuch =
          new MremapRequest(BASE, 1000 * 4096, 5000 * 4096, MremapFlag.MAYMOVE, 0);
      assertEquals(NO_MEMORY, promise.spend(calls.mremap(tooMuch)));
      MremapRequest more = new MremapRequest(BASE, 1000 * 4096, 1500 * 4096, 0, 0);
      assertEquals(BASE, promise.spend(calls.mremap(more)));
      assertEquals(1500, promise.committed());
      promise.mm.setBrk(0x1000_0000);
      assertEquals(0x1000_0000, promise.spend(calls.brk(0x1000_0000 + (5000 << 12))));
      assertEquals(0x1000_0000 + (100 << 12), promise.spend(calls.brk(0x1000_0000 + (100 << 12))));
      assertEquals(1600, promise.committed());
    }
  }

  @Test
  void aStackGrowsIntoWhatIsPromised() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      int rw = Prot.READ | Prot.WRITE;
      assertTrue(promise.map(2900, 1, rw, MapFlag.PRIVATE | MapFlag.GROWSDOWN) > 0);
      assertTrue(promise.map(5000, 2800) > 0);
      long far = promise.spend(promise.kernel.fault(promise.mm, BASE + (2000 << 12), 6));
      assertEquals(FaultResult.SIGSEGV, FaultResult.signal(far));
      long near = promise.spend(promise.kernel.fault(promise.mm, BASE + (2890 << 12), 6));
      assertTrue(FaultResult.isResolved(near));
      assertEquals(2811, promise.committed());
    }
  }

  @Test
  void aChildIsPromisedAsMuchAsItsParent() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      assertTrue(promise.map(0, 1500) > 0);
      Optional<AddressSpace> none = promise.kernel.fork(promise.mm);
      promise.kernel.owed().spent();
      assertTrue(none.isPresent());
      assertEquals(3000, promise.committed());
      Optional<AddressSpace> second = promise.kernel.fork(promise.mm);
      promise.kernel.owed().spent();
      assertTrue(second.isEmpty());
      assertEquals(3000, promise.committed());
      KernelCheck.whole(promise.kernel);
    }
  }

  @Test
  void sharedMemoryIsPromisedOnce() {
    try (Promise promise = new Promise(OvercommitMode.NEVER)) {
      int rw = Prot.READ | Prot.WRITE;
      assertEquals(NO_MEMORY, promise.map(0, 4000, rw, MapFlag.SHARED));
      assertTrue(promise.map(0, 2000, rw, MapFlag.SHARED) > 0);
      assertEquals(2000, promise.committed());
      assertTrue(promise.kernel.fork(promise.mm).isPresent());
      assertEquals(2000, promise.committed());
    }
  }
}
