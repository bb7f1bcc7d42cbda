package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.physmem.PhysicalMemory;
import org.junit.jupiter.api.Test;

/** A large mapping of which one percent is touched costs what is touched, and its tables. */
class TouchedMemoryTest {
  private static final int PAGE = PhysicalMemory.FRAME_BYTES;

  /** Bytes mapped: 1 TiB in the long profile. */
  private static final long MAPPED = (long) TestSize.pick(16, 1024) << 30;

  /** One page in this many that were touched gets contents. */
  private static final int STORE_ONE_IN = TestSize.pick(1, 16);

  /** Pages of records and frames that the kernel may need for itself. */
  private static final int OWN = 64;

  @Test
  void memoryRecordsAndTablesAreTakenForWhatIsTouched() {
    PhysicalMemory memory = PhysicalMemory.builder().ram(0, MAPPED / 32).tracked().build();
    assumeTrue(memory.flat().isPresent(), "there is no flat memory on this operating system");
    try (memory;
        Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT)) {
      AddressSpace process = kernel.newAddressSpace().orElseThrow();
      long free = kernel.folios().buddy().freeFrames();
      long start =
          process
              .calls()
              .mmap(
                  MmapRequest.anonymous(
                      0, MAPPED, Prot.READ | Prot.WRITE, MapFlag.PRIVATE | MapFlag.NORESERVE));
      assertTrue(start > 0);
      assertCost(kernel, 0, 0);

      long touched = touchOnePercent(kernel, process, start);
      long tables = process.pageTablePages();
      assertEquals(free - touched - tables, kernel.folios().buddy().freeFrames());
      assertTrue(tables * 400 < touched, tables + " tables for " + touched + " pages");
      assertCost(kernel, touched + tables, touched / STORE_ONE_IN + tables);

      assertEquals(0, process.calls().munmap(start, MAPPED));
      kernel.owed().spent();
      assertEquals(free, kernel.folios().buddy().freeFrames());
    }
  }

  /** Writes all pages of each hundredth 2 MiB; returns how many. */
  private static long touchOnePercent(Kernel kernel, AddressSpace process, long start) {
    long touched = 0;
    long first = -start & (PageTables.HUGE_BYTES - 1);
    for (long at = first; at + PageTables.HUGE_BYTES <= MAPPED; at += 100 * PageTables.HUGE_BYTES) {
      for (long page = start + at; page < start + at + PageTables.HUGE_BYTES; page += PAGE) {
        long answer = kernel.fault(process, page, ErrorCode.US | ErrorCode.WR);
        assertTrue(FaultResult.isResolved(answer));
        if (touched++ % STORE_ONE_IN == 0) {
          kernel.memory().write8(process.page(page).frame() * PAGE, 1);
        }
      }
    }
    return touched;
  }

  /**
   * @param inUse frames that are in use
   * @param stored frames that have contents
   */
  private static void assertCost(Kernel kernel, long inUse, long stored) {
    long resident = kernel.memory().residentBytes();
    assertTrue(resident <= (stored + OWN) * PAGE, resident + " bytes of memory");
    long records = kernel.folios().frames().residentBytes();
    long most = inUse * FrameTable.BYTES + OWN * PAGE;
    assertTrue(records <= most, records + " bytes of records, not " + most);
    assertTrue(FrameTable.BYTES <= 64);
  }
}
