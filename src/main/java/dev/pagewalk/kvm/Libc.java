package dev.pagewalk.kvm;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/**
 * Calls of Linux's C library by which a device is driven. Each returns -1 if it fails, or what the
 * call returns; {@link #errno} then says why.
 *
 * <p>None is marked as critical: KVM_RUN lasts, and a garbage collection must not wait for it.
 * {@code open} and {@code ioctl} are variadic in C and are called as such. Not thread-safe.
 */
final class Libc {
  /** The call was interrupted. */
  static final int EINTR = 4;

  /** Not permitted. */
  static final int EACCES = 13;

  /** No such file. */
  static final int ENOENT = 2;

  private static final int O_RDWR = 2;
  private static final int O_CLOEXEC = 0x80000;
  private static final int PROT_READ_WRITE = 1 | 2;
  private static final int MAP_SHARED = 1;
  private static final int MADV_NOHUGEPAGE = 15;

  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      function("open", 2, FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT));
  private static final MethodHandle CLOSE =
      function("close", -1, FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle IOCTL =
      function("ioctl", 2, FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MMAP =
      function(
          "mmap",
          -1,
          FunctionDescriptor.of(
              JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
  private static final MethodHandle MUNMAP =
      function("munmap", -1, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle MADVISE =
      function("madvise", -1, FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  /** Whether this is a system whose constants are known. */
  static boolean isHere() {
    return System.getProperty("os.name").equals("Linux")
        && System.getProperty("os.arch").equals("amd64");
  }

  /** Why the last call failed. */
  int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  /** Opens a device for reading and writing; its descriptor. */
  int open(String path) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) OPEN.invokeExact(state, arena.allocateFrom(path), O_RDWR | O_CLOEXEC, 0);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Closes a descriptor. */
  void close(int descriptor) {
    try {
      int ignored = (int) CLOSE.invokeExact(state, descriptor);
      assert ignored == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Asks a device; {@code argument} is a number or an address. */
  int ioctl(int descriptor, long request, long argument) {
    try {
      return (int) IOCTL.invokeExact(state, descriptor, request, argument);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Maps the first bytes of a descriptor, shared; their address. */
  long map(int descriptor, long bytes) {
    try {
      return (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, MAP_SHARED, descriptor, 0L);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Unmaps what {@link #map} has mapped. */
  void unmap(long address, long bytes) {
    try {
      int ignored = (int) MUNMAP.invokeExact(state, address, bytes);
      assert ignored == 0;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  /** Asks for small pages, so that a word here and there does not take 2 MiB each. */
  void adviseSmallPages(long address, long bytes) {
    try {
      // Where the kernel has no huge pages it refuses, and nothing needs be done.
      int _ = (int) MADVISE.invokeExact(state, address, bytes, MADV_NOHUGEPAGE);
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  @SuppressWarnings("restricted")
  private static MethodHandle function(String name, int variadic, FunctionDescriptor type) {
    if (!isHere()) {
      return null;
    }
    Linker linker = Linker.nativeLinker();
    MemorySegment symbol = linker.defaultLookup().findOrThrow(name);
    Linker.Option errno = Linker.Option.captureCallState("errno");
    return variadic < 0
        ? linker.downcallHandle(symbol, type, errno)
        : linker.downcallHandle(symbol, type, errno, Linker.Option.firstVariadicArg(variadic));
  }
}
