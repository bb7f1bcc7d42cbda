package dev.pagewalk.kernel;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a fault pays for frames: allocating and freeing blocks of order 0 and 9, clearing and
 * copying a frame, a swap slot written and read. It stands in the package of the classes it
 * measures, which are not public.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgsAppend = "--enable-native-access=ALL-UNNAMED")
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class FrameBenchmark {
  /** Blocks of order 9 in memory: 2 GiB. */
  private static final int BLOCKS = 1024;

  private static final int FRAMES = 10_000;

  private final long[] held = new long[FRAMES];
  private PhysicalMemory memory;
  private FrameTable table;
  private BuddyAllocator buddy;
  private SwapArea swap;
  private long at;

  /** Makes a memory all of which is free. */
  @Setup
  public void build() {
    memory = PhysicalMemory.builder().ram(0, 1L << 31).flat().build();
    table = new FrameTable(FrameRange.of(memory));
    buddy = new BuddyAllocator(table);
    swap = SwapArea.inMemory(1L << 24, true);
    memory.fill(0, 1L << 24, 1);
  }

  /** Frees the memory. */
  @TearDown
  public void free() {
    swap.close();
    table.close();
    memory.close();
  }

  /** A frame allocated and freed at once. */
  @Benchmark
  public long oneFrame() {
    long pfn = buddy.allocate(0);
    buddy.free(pfn, 0);
    return pfn;
  }

  /** A frame of many that are allocated, then freed in the same order. */
  @Benchmark
  @OperationsPerInvocation(FRAMES)
  public void manyFrames() {
    allocateAndFree(0, FRAMES);
  }

  /** A block of 2 MiB allocated and freed at once. */
  @Benchmark
  public long oneHugePage() {
    long pfn = buddy.allocate(9);
    buddy.free(pfn, 9);
    return pfn;
  }

  /** A block of 2 MiB of all that memory has. */
  @Benchmark
  @OperationsPerInvocation(BLOCKS)
  public void manyHugePages() {
    allocateAndFree(9, BLOCKS);
  }

  private void allocateAndFree(int order, int count) {
    for (int i = 0; i < count; i++) {
      held[i] = buddy.allocate(order);
    }
    for (int i = 0; i < count; i++) {
      buddy.free(held[i], order);
    }
  }

  /** A frame set to zero. */
  @Benchmark
  public void clearFrame() {
    memory.fill(next(), PhysicalMemory.FRAME_BYTES, 0);
  }

  /** A frame copied to another one. */
  @Benchmark
  public void copyFrame() {
    memory.copyFrom(memory, next(), 1L << 24, PhysicalMemory.FRAME_BYTES);
  }

  /** A frame written to a swap slot and read back. */
  @Benchmark
  public boolean swapOutAndIn() {
    long slot = swap.allocate();
    boolean done = swap.write(slot, memory, next()) && swap.read(slot, memory, 1L << 24);
    swap.release(slot);
    return done;
  }

  /** The frames of the first 16 MiB in turn. */
  private long next() {
    at = (at + PhysicalMemory.FRAME_BYTES) & ((1 << 24) - 1);
    return at;
  }
}
