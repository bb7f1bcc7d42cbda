package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A memory after its end. */
class ClosedMemoryTest {
  private static final List<ObjLongConsumer<PhysicalMemory>> ACCESSES =
      List.of(
          PhysicalMemory::read8,
          PhysicalMemory::read16,
          PhysicalMemory::read32,
          PhysicalMemory::read64,
          (memory, pa) -> memory.write8(pa, 1),
          (memory, pa) -> memory.write16(pa, 1),
          (memory, pa) -> memory.write32(pa, 1),
          (memory, pa) -> memory.write64(pa, 1),
          (memory, pa) -> memory.compareAndSet(pa & -8, 0, 1),
          (memory, pa) -> memory.fill(pa, 9, 0),
          (memory, pa) -> memory.fill(pa, 9, 1),
          (memory, pa) -> memory.isZero(pa, 9),
          (memory, pa) -> memory.read(pa, new byte[9], 0, 9),
          (memory, pa) -> memory.write(pa, new byte[9], 0, 9),
          (memory, pa) -> memory.copyFrom(memory, pa, pa, 9));

  /** In turn: written, untouched, at a frame's end, in an image, in a partial frame, in a hole. */
  @ParameterizedTest
  @ValueSource(longs = {0x0, 0x1000, 0x1fff, 0x10000, 0x20000, 0x9000, 1L << 60})
  void everyKindOfAccessThrows(long pa) {
    Arena arena = Arena.ofShared();
    MemorySegment image = arena.allocate(PhysicalMemory.FRAME_BYTES);
    PhysicalMemory memory =
        PhysicalMemory.builder()
            .ram(0, 0x8000)
            .image(0x10000, image)
            .ram(0x20000, 0x10)
            .owning(arena)
            .build();
    memory.write64(0, 1);
    memory.write8(0x20000, 1);
    memory.read64(0x10000);
    assertClosingEndsAccess(memory, pa);
  }

  /** In turn: written, untouched, astride two frames, at the end, in a hole. */
  @ParameterizedTest
  @ValueSource(longs = {0x0, 0x1000, 0x1fff, 0x7ff9, 0x7fff, 0x8000, -1, 1L << 60})
  void everyKindOfAccessToFlatMemoryThrows(long pa) {
    PhysicalMemory memory = MemoryForm.FLAT.ofSize(0x8000);
    memory.write64(0, 1);
    assertClosingEndsAccess(memory, pa);
  }

  private static void assertClosingEndsAccess(PhysicalMemory memory, long pa) {
    memory.close();
    for (ObjLongConsumer<PhysicalMemory> access : ACCESSES) {
      assertThrows(IllegalStateException.class, () -> access.accept(memory, pa));
    }
    Consumer<PhysicalMemory> clear = PhysicalMemory::clear;
    assertThrows(IllegalStateException.class, () -> clear.accept(memory));
  }

  @Test
  void theArenaThatItOwnsIsClosedWithItAndClosingTwiceIsHarmless() {
    Arena arena = Arena.ofShared();
    MemorySegment image = arena.allocate(PhysicalMemory.FRAME_BYTES);
    PhysicalMemory memory = PhysicalMemory.builder().image(0, image).owning(arena).build();
    memory.close();
    memory.close();
    assertFalse(arena.scope().isAlive());
  }
}
