package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.physmem.PhysicalMemory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lengths that reach beyond the lower half, or around 2^64, are answered with an error. */
final class ImmenseLengthsTest {
  private static final long START = 0x1000_0000_0000L;

  @ParameterizedTest
  @ValueSource(
      longs = {Long.MIN_VALUE, Long.MIN_VALUE + 4096, -START, -8192, Long.MAX_VALUE - 8191})
  void everyCallRefusesThem(long length) {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(16L << 20);
        Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT)) {
      AddressSpace mm = kernel.newAddressSpace().orElseThrow();
      SystemCalls calls = mm.calls();
      int fixed = MapFlag.PRIVATE | MapFlag.FIXED;
      int rights = Prot.READ | Prot.WRITE;
      calls.mmap(MmapRequest.anonymous(START, 8192, rights, fixed));
      refused(calls.mmap(MmapRequest.anonymous(START, length, rights, fixed)));
      refused(calls.munmap(START, length));
      refused(calls.mprotect(START, length, rights));
      refused(calls.madvise(START, length, Advice.NORMAL.code()));
      refused(calls.mlock(START, length));
      refused(calls.mseal(START, length));
      refused(calls.msync(START, length, MsyncFlag.SYNC));
      refused(calls.mincore(START, length, new byte[2]));
      refused(calls.mremap(new MremapRequest(START, 4096, length, MremapFlag.MAYMOVE, 0)));
      int there = MremapFlag.MAYMOVE | MremapFlag.FIXED;
      refused(calls.mremap(new MremapRequest(START, length, 4096, there, 2 * START)));
      refused(calls.mremap(new MremapRequest(START, length, length, there, 2 * START)));
      kernel.owed().spent();
    }
  }

  private static void refused(long result) {
    assertTrue(Errno.isError(result), "answered " + result);
  }
}
