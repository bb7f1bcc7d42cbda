package dev.pagewalk.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A virtual machine and its memory slots: which of our bytes are which of its physical memory. */
final class MemorySlots implements AutoCloseable {
  private static final int REGION_BYTES = 32;
  private static final long FRAME = 4096;

  private final Ioctl ioctl;
  private final int vm;
  private final MemorySegment memory;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment region = arena.allocate(REGION_BYTES, 8);
  private boolean renewedBefore;

  /** For the machine with descriptor {@code vm}, over memory from physical address 0. */
  MemorySlots(Ioctl ioctl, int vm, MemorySegment memory) {
    this.ioctl = ioctl;
    this.vm = vm;
    this.memory = memory;
  }

  /** Descriptor of the machine. */
  int vm() {
    return vm;
  }

  /** Gives the machine the {@code bytes} bytes from physical address {@code pa}. */
  void set(int slot, long pa, long bytes) throws KvmException {
    region.set(JAVA_INT, 0, slot);
    region.set(JAVA_INT, 4, 0);
    region.set(JAVA_LONG, 8, pa);
    region.set(JAVA_LONG, 16, bytes);
    region.set(JAVA_LONG, 24, memory.address() + pa);
    ioctl.call(vm, Ioctl.SET_USER_MEMORY_REGION, region.address());
  }

  /** Takes a slot away; KVM then forgets all that it knows of tables. */
  void remove(int slot) throws KvmException {
    set(slot, 0, 0);
  }

  /** Makes a slot anew, for the sake of what KVM forgets; it holds a frame that nobody uses. */
  void renew(int slot) throws KvmException {
    if (renewedBefore) {
      remove(slot);
    }
    renewedBefore = true;
    set(slot, memory.byteSize() - FRAME, FRAME);
  }

  @Override
  public void close() {
    ioctl.libc().close(vm);
    arena.close();
  }
}
