package dev.pagewalk.kvm;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/**
 * Where the guest's own structures are: its code, descriptor tables, task-state segment and stack,
 * and the tables that map them.
 *
 * <p>They take one entry of each root table that a vector uses, an entry that the vector does not
 * use, and frames of a window of physical memory that it does not use. Behind the same entry all
 * memory below {@link #LOW_BYTES} is mapped by its physical address, for software's stores.
 *
 * @param window physical address of the first frame
 * @param base linear address of what the entry maps
 */
record GuestSpace(long window, long base) {
  /** Physical memory that is there from the start, in bytes. */
  static final long LOW_BYTES = 16L << 30;

  /** Frames of a window. */
  static final int FRAMES = 7 + (int) (LOW_BYTES >> 30);

  static final int KERNEL_CS = 0x08;
  static final int KERNEL_SS = 0x10;
  static final int USER_SS = 0x23;
  static final int USER_CS = 0x2b;
  static final int TSS_SELECTOR = 0x30;
  static final int GDT_BYTES = 0x40;
  static final int TSS_BYTES = 104;
  static final int IDT_BYTES = 32 * 16;

  private static final long FRAME = 4096;
  private static final int TSS_AT = 0x100;
  private static final int DESCRIPTOR_AT = 0x200;
  private static final int RETURN_AT = 0x300;
  private static final int IDT_AT = 0x800;
  private static final int INTERRUPT_STACK = 36;

  // Frames of the window.
  private static final int CODE = 0;
  private static final int DATA = 1;
  private static final int STACK = 2;
  private static final int PT = 3;
  private static final int PD = 4;
  private static final int PDPT = 5;
  private static final int PML4 = 6;
  private static final int LOW_PDS = 7;

  /** Of the PDPT, the first entry that maps physical memory. */
  private static final int LOW_INDEX = 16;

  private static final long TABLE = Entry.P | Entry.RW | Entry.US | Entry.A;
  private static final long PAGE = Entry.P | Entry.RW | Entry.A | Entry.D;
  private static final int BREAKPOINT = 3;

  private static final byte[] CODE_BYTES = code();

  private static byte[] code() {
    try (InputStream in = GuestSpace.class.getResourceAsStream("guest.bin")) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The space behind entry {@code slot} of a root table. */
  static GuestSpace behind(long window, int slot, boolean la57) {
    int width = la57 ? 57 : 48;
    return new GuestSpace(window, LinearAddress.signExtend((long) slot << (width - 9), width));
  }

  private long frame(int number) {
    return window + number * FRAME;
  }

  // --- linear addresses ---

  /** The code at {@code offset}, for CPL 3 or CPL 0. */
  long code(int offset, boolean user) {
    return base + (user ? FRAME : 0) + offset;
  }

  long gdt() {
    return base + 2 * FRAME;
  }

  long tss() {
    return gdt() + TSS_AT;
  }

  long idt() {
    return gdt() + IDT_AT;
  }

  /** Where INVPCID's descriptor is. */
  long descriptor() {
    return gdt() + DESCRIPTOR_AT;
  }

  /** Where a RET at CPL 0 finds the address to go to. */
  long returnStack() {
    return gdt() + RETURN_AT;
  }

  private long stackEnd() {
    return base + 4 * FRAME;
  }

  /** The word at physical address {@code pa}, below {@link #LOW_BYTES}. */
  long low(long pa) {
    return base + ((long) LOW_INDEX << 30) + pa;
  }

  /** What a root table's entry has to be. */
  long rootEntry(boolean la57) {
    return frame(la57 ? PML4 : PDPT) | TABLE;
  }

  /** Whether the frame at {@code pa} is one of the window's. */
  boolean owns(long pa) {
    return Long.compareUnsigned(pa - window, FRAMES * FRAME) < 0;
  }

  // --- physical memory ---

  /** Writes all that does not depend on {@link #base}. */
  void writeTables(PhysicalMemory memory) {
    memory.write(frame(CODE), CODE_BYTES, 0, CODE_BYTES.length);
    memory.write64(frame(PML4), frame(PDPT) | TABLE);
    memory.write64(frame(PDPT), frame(PD) | TABLE);
    memory.write64(frame(PD), frame(PT) | TABLE);
    memory.write64(frame(PT), frame(CODE) | Entry.P | Entry.A);
    memory.write64(frame(PT) + 8, frame(CODE) | Entry.P | Entry.US | Entry.A);
    memory.write64(frame(PT) + 16, frame(DATA) | PAGE);
    memory.write64(frame(PT) + 24, frame(STACK) | PAGE);
    for (int gib = 0; gib < LOW_BYTES >> 30; gib++) {
      long pd = frame(LOW_PDS + gib);
      memory.write64(frame(PDPT) + 8L * (LOW_INDEX + gib), pd | TABLE);
      for (int i = 0; i < 512; i++) {
        memory.write64(pd + 8L * i, ((long) gib << 30) + ((long) i << 21) | PAGE | Entry.PS);
      }
    }
  }

  /** Writes what depends on {@link #base}: descriptors hold linear addresses. */
  void writeDescriptors(PhysicalMemory memory) {
    long at = frame(DATA);
    memory.write64(at + KERNEL_CS, 0x00af_9b00_0000_ffffL);
    memory.write64(at + KERNEL_SS, 0x00cf_9300_0000_ffffL);
    memory.write64(at + (USER_SS & ~3), 0x00cf_f300_0000_ffffL);
    memory.write64(at + (USER_CS & ~3), 0x00af_fb00_0000_ffffL);
    long tss = tss();
    long low = (tss & 0xff_ffff) << 16 | (tss >>> 24 & 0xff) << 56;
    memory.write64(at + TSS_SELECTOR, low | 0x8bL << 40 | TSS_BYTES - 1);
    memory.write64(at + TSS_SELECTOR + 8, tss >>> 32);
    memory.write64(at + RETURN_AT, code(GuestOperation.RETURNED.offset(), false));
    memory.write64(at + TSS_AT + 4, stackEnd());
    memory.write64(at + TSS_AT + INTERRUPT_STACK, stackEnd());
    for (int vector = 0; vector < 32; vector++) {
      long handler = code(vector, false);
      long type = vector == BREAKPOINT ? 0xee : 0x8e;
      long gate = (handler & 0xffff) | KERNEL_CS << 16 | 1L << 32 | type << 40;
      memory.write64(at + IDT_AT + 16L * vector, gate | (handler >>> 16 & 0xffff) << 48);
      memory.write64(at + IDT_AT + 16L * vector + 8, handler >>> 32);
    }
  }

  /** Writes INVPCID's descriptor. */
  void writeDescriptor(PhysicalMemory memory, long pcid, long address) {
    memory.write64(frame(DATA) + DESCRIPTOR_AT, pcid);
    memory.write64(frame(DATA) + DESCRIPTOR_AT + 8, address);
  }

  /** The {@code i}th word from the end of the stack, on which an exception's frame is; 1 is SS. */
  long pushed(PhysicalMemory memory, int i) {
    return memory.read64(frame(STACK) + FRAME - 8L * i);
  }
}
