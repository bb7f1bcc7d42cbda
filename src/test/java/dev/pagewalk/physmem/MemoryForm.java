package dev.pagewalk.physmem;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** The forms of a memory of one region. */
enum MemoryForm {
  SPARSE,
  FLAT,
  HUGE_PAGES,
  TRACKED;

  /** Memory of this form, of {@code bytes} bytes from address 0. */
  PhysicalMemory ofSize(long bytes) {
    return this == SPARSE ? PhysicalMemory.ofSize(bytes) : flat(bytes);
  }

  private PhysicalMemory flat(long bytes) {
    assumeTrue(Posix.isHere(), "there is no flat memory on this operating system");
    PhysicalMemory.Builder builder = PhysicalMemory.builder().ram(0, bytes);
    PhysicalMemory memory =
        switch (this) {
          case TRACKED -> builder.tracked().build();
          case HUGE_PAGES -> builder.hugePages().build();
          default -> builder.flat().build();
        };
    assertTrue(memory.flat().isPresent());
    return memory;
  }
}
