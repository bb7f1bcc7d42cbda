package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads in one memory. */
class ConcurrentMemoryTest {
  private static final int THREADS = 8;

  @ParameterizedTest
  @EnumSource
  void noIncrementByCompareAndSetIsLost(MemoryForm form) throws Exception {
    try (PhysicalMemory memory = form.ofSize(0x10000)) {
      inParallel(thread -> increment(memory, 0x2008, 20_000));
      assertEquals(THREADS * 20_000L, memory.read64(0x2008));
    }
  }

  @ParameterizedTest
  @EnumSource
  void noIncrementIsLostInAPartlyCoveredFrame(MemoryForm form) throws Exception {
    try (PhysicalMemory memory = form.ofSize(0x2010)) {
      inParallel(thread -> increment(memory, 0x2008, 20_000));
      assertEquals(THREADS * 20_000L, memory.read64(0x2008));
    }
  }

  @Test
  void noIncrementIsLostWhileAnImagesFrameIsCopied() throws Exception {
    try (Arena arena = Arena.ofShared()) {
      MemorySegment image = arena.allocate(64L * PhysicalMemory.FRAME_BYTES);
      try (PhysicalMemory memory = PhysicalMemory.builder().image(0, image).build()) {
        inParallel(thread -> {
          for (int frame = 0; frame < 64; frame++) {
            increment(memory, (long) frame * PhysicalMemory.FRAME_BYTES, 100);
          }
        });
        for (int frame = 0; frame < 64; frame++) {
          assertEquals(THREADS * 100L, memory.read64((long) frame * PhysicalMemory.FRAME_BYTES));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void threadsThatTouchTheSameNewFramesAtOnceKeepEachOthersWrites(MemoryForm form)
      throws Exception {
    int frames = 3000;
    try (PhysicalMemory memory = form.ofSize(1L << 40)) {
      inParallel(thread -> {
        for (long frame = 0; frame < frames; frame++) {
          memory.write64(frame * 0x1234_5000L + 8L * thread, frame + thread);
        }
      });
      for (long frame = 0; frame < frames; frame++) {
        for (int thread = 0; thread < THREADS; thread++) {
          assertEquals(frame + thread, memory.read64(frame * 0x1234_5000L + 8L * thread));
        }
      }
      if (form == MemoryForm.SPARSE) {
        assertEquals((long) frames * PhysicalMemory.FRAME_BYTES, memory.residentBytes());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAlignedWordOfANewFrameIsNeverSeenHalfWritten(MemoryForm form) throws Exception {
    try (PhysicalMemory memory = form.ofSize(1L << 40)) {
      inParallel(thread -> {
        for (long i = 0; i < 20_000; i++) {
          writeOrRead(memory, i * PhysicalMemory.FRAME_BYTES, thread % 2 == 0);
        }
      });
    }
  }

  @ParameterizedTest
  @EnumSource
  void anAlignedWordOfAPartlyCoveredFrameIsNeverSeenHalfWritten(MemoryForm form) throws Exception {
    try (PhysicalMemory memory = form.ofSize(0x1008)) {
      inParallel(thread -> {
        for (int i = 0; i < 400_000; i++) {
          writeOrRead(memory, 0x1000, thread % 2 == 0);
        }
      });
    }
  }

  private static void writeOrRead(PhysicalMemory memory, long pa, boolean write) {
    if (write) {
      memory.write64(pa, -1);
      memory.write64(pa, 0);
    } else {
      long value = memory.read64(pa);
      assertTrue(value == 0 || value == -1, () -> "torn: " + Long.toHexString(value));
    }
  }

  private static void increment(PhysicalMemory memory, long pa, int times) {
    for (int i = 0; i < times; i++) {
      long old;
      do {
        old = memory.read64(pa);
      } while (!memory.compareAndSet(pa, old, old + 1));
    }
  }

  /** Runs {@code task} in all threads from the same moment on; a failure in one fails the test. */
  private static void inParallel(IntConsumer task) throws Exception {
    CyclicBarrier start = new CyclicBarrier(THREADS);
    try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < THREADS; i++) {
        int thread = i;
        running.add(
            threads.submit(() -> {
              start.await();
              task.accept(thread);
              return null;
            }));
      }
      for (Future<?> one : running) {
        one.get();
      }
    }
  }
}
