package dev.pagewalk.physmem;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The operating system's calls for mapping anonymous memory, on Linux and macOS.
 *
 * <p>Source: POSIX {@code mmap} and {@code munmap}; Linux {@code madvise(2)} and {@code
 * mincore(2)}; constants from the headers of both systems. Addresses and lengths are in bytes.
 */
final class Posix {
  /** Whether {@link #discard} may be told by advice, as on Linux alone. */
  private static final boolean LINUX = System.getProperty("os.name").startsWith("Linux");

  private static final boolean MAC = System.getProperty("os.name").startsWith("Mac");

  /** What {@link #reserve} returns if the operating system refuses. */
  static final long REFUSED = -1;

  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_PRIVATE = 2;
  private static final int MAP_FIXED = 0x10;
  private static final int MAP_ANONYMOUS = LINUX ? 0x20 : 0x1000;
  private static final int MAP_NORESERVE = LINUX ? 0x4000 : 0x40;
  private static final int MAP_LAZILY = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
  private static final int MADV_DONTNEED = 4;
  private static final int MADV_HUGEPAGE = 14;

  private static final MethodHandle MMAP =
      function(
          "mmap",
          FunctionDescriptor.of(
              ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));

  private static final MethodHandle MUNMAP =
      function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

  private static final MethodHandle MADVISE =
      function("madvise", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));

  private static final MethodHandle MINCORE =
      function("mincore", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, ADDRESS));

  private static final MethodHandle GETPAGESIZE =
      function("getpagesize", FunctionDescriptor.of(JAVA_INT));

  private Posix() {}

  /**
   * Whether this is a system whose constants are known; if not, nothing else here may be called.
   */
  static boolean isHere() {
    return (LINUX || MAC) && ADDRESS.byteSize() == Long.BYTES;
  }

  /** Bytes of a page. */
  static long pageBytes() {
    try {
      return (int) GETPAGESIZE.invokeExact();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Maps {@code bytes} bytes of zeroes, readable and writable, that take memory page by page when
   * touched and have no swap space set aside.
   *
   * @return their address, or {@link #REFUSED}
   */
  static long reserve(long bytes) {
    return map(0, bytes, MAP_LAZILY);
  }

  /** Unmaps what {@link #reserve} has mapped; returns whether that worked. */
  static boolean unmap(long address, long bytes) {
    try {
      return (int) MUNMAP.invokeExact(MemorySegment.ofAddress(address), bytes) == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Gives back the pages of what {@link #reserve} has mapped, at no moment unmapping it; it is zero
   * again. Returns whether that worked.
   */
  static boolean discard(long address, long bytes) {
    if (!LINUX) {
      // There MADV_DONTNEED may keep the contents: a new mapping takes the old one's place.
      return map(address, bytes, MAP_LAZILY | MAP_FIXED) == address;
    }
    return advise(address, bytes, MADV_DONTNEED);
  }

  /**
   * Advises to use huge pages for what {@link #reserve} has mapped; returns whether the advice was
   * taken, which says nothing of the memory there is.
   */
  static boolean preferHugePages(long address, long bytes) {
    return LINUX && advise(address, bytes, MADV_HUGEPAGE);
  }

  private static boolean advise(long address, long bytes, int advice) {
    try {
      return (int) MADVISE.invokeExact(MemorySegment.ofAddress(address), bytes, advice) == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /**
   * Asks which pages of what {@link #reserve} has mapped are in main memory.
   *
   * @param pages takes a byte for each page, bit 0 of it set if the page is
   * @return whether all of it is mapped
   */
  static boolean inCore(long address, long bytes, MemorySegment pages) {
    try {
      return (int) MINCORE.invokeExact(MemorySegment.ofAddress(address), bytes, pages) == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  private static long map(long address, long bytes, int flags) {
    try {
      MemorySegment start =
          (MemorySegment)
              MMAP.invokeExact(
                  MemorySegment.ofAddress(address), bytes, PROT_READ_WRITE, flags, -1, 0L);
      return start.address();
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** The function of this name in the C library; null on another system. */
  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, FunctionDescriptor type) {
    if (!isHere()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
  }
}
