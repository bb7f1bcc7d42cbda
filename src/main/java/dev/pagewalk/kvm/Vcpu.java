package dev.pagewalk.kvm;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Registers;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * A virtual processor of KVM: its registers, in the layouts of Linux's headers, and its runs.
 *
 * <p>Source: Linux {@code Documentation/virt/kvm/api.rst}, {@code struct kvm_regs}, {@code
 * kvm_sregs}, {@code kvm_run}.
 */
final class Vcpu implements AutoCloseable {
  // Offsets in struct kvm_regs.
  static final int RAX = 0;
  static final int RCX = 16;
  static final int RDX = 24;
  static final int RSI = 32;
  static final int RDI = 40;
  static final int RSP = 48;
  private static final int RIP = 128;
  private static final int RFLAGS = 136;
  private static final int REGS_BYTES = 144;

  // Offsets in struct kvm_sregs, and in its segments.
  private static final int CS = 0;
  private static final int[] DATA_SEGMENTS = {24, 48, 72, 96};
  private static final int SS = 120;
  private static final int TR = 144;
  private static final int LDT = 168;
  private static final int GDT = 192;
  private static final int IDT = 208;
  private static final int CR0 = 224;
  private static final int CR2 = 232;
  private static final int CR3 = 240;
  private static final int CR4 = 248;
  private static final int EFER = 264;
  private static final int SREGS_BYTES = 312;

  // Offsets in struct kvm_run.
  private static final int IMMEDIATE_EXIT = 1;
  private static final int EXIT_REASON = 8;
  private static final int UNION = 32;

  private static final int EXIT_HLT = 5;
  private static final int EXIT_MMIO = 6;
  private static final int EXIT_SHUTDOWN = 8;
  private static final int EXIT_FAIL_ENTRY = 9;
  private static final int EXIT_INTERNAL_ERROR = 17;

  /** The internal error of KVM's emulator that does not know an instruction. */
  private static final int ERROR_EMULATION = 1;

  private static final long FLAGS_FIXED = 2;
  private static final long FLAGS_AC = 1L << 18;
  private static final long AVAILABLE_64_BIT_TSS_BUSY = 11;

  private final Ioctl ioctl;
  private final int descriptor;
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment regs = arena.allocate(REGS_BYTES, 8);
  private final MemorySegment sregs = arena.allocate(SREGS_BYTES, 8);
  private final long runAddress;
  private final long runBytes;
  private final MemorySegment run;
  private final boolean hasKeys;

  /** How a run ended. */
  enum Exit {
    /** HLT was carried out. */
    HLT,
    /** An access reached a physical address where no memory is: {@link #mmioAddress}. */
    MMIO
  }

  @SuppressWarnings("restricted")
  Vcpu(Ioctl ioctl, int vm, int number, Cpuid cpuid) throws KvmException {
    this.ioctl = ioctl;
    hasKeys = cpuid.features().contains(Feature.PKU);
    descriptor = ioctl.call(vm, Ioctl.CREATE_VCPU, number);
    runBytes = ioctl.vcpuMapBytes();
    runAddress = ioctl.libc().map(descriptor, runBytes);
    if (runAddress == -1) {
      ioctl.libc().close(descriptor);
      throw new KvmException("the virtual processor's page cannot be mapped");
    }
    run = MemorySegment.ofAddress(runAddress).reinterpret(runBytes);
    ioctl.call(descriptor, Ioctl.SET_CPUID2, cpuid.address());
    ioctl.call(descriptor, Ioctl.GET_SREGS, sregs.address());
  }

  /** Whether it has PKRU. */
  boolean hasKeys() {
    return hasKeys;
  }

  // --- registers ---

  /** Sets everything: 64-bit mode under {@code registers}, with the guest's own structures. */
  void start(Registers registers, GuestSpace space) throws KvmException {
    segment(CS, GuestSpace.KERNEL_CS, 0x9b, 0x0a);
    for (int at : DATA_SEGMENTS) {
      segment(at, GuestSpace.KERNEL_SS, 0x93, 0x0c);
    }
    segment(SS, GuestSpace.KERNEL_SS, 0x93, 0x0c);
    segment(TR, GuestSpace.TSS_SELECTOR, (int) (0x80 | AVAILABLE_64_BIT_TSS_BUSY), 0);
    sregs.set(JAVA_LONG, TR, space.tss());
    sregs.set(JAVA_INT, TR + 8, GuestSpace.TSS_BYTES - 1);
    segment(LDT, 0, 0, 0);
    table(GDT, space.gdt(), GuestSpace.GDT_BYTES);
    table(IDT, space.idt(), GuestSpace.IDT_BYTES);
    sregs.set(JAVA_LONG, CR0, registers.cr0());
    sregs.set(JAVA_LONG, CR2, 0);
    sregs.set(JAVA_LONG, CR3, registers.cr3());
    sregs.set(JAVA_LONG, CR4, registers.cr4());
    sregs.set(JAVA_LONG, EFER, registers.efer());
    ioctl.call(descriptor, Ioctl.SET_SREGS, sregs.address());
  }

  /** Sets CPL, as the segments have it. All that paging reads stays as it is. */
  void cpl(int cpl) throws KvmException {
    ioctl.call(descriptor, Ioctl.GET_SREGS, sregs.address());
    boolean user = cpl == 3;
    segment(CS, user ? GuestSpace.USER_CS : GuestSpace.KERNEL_CS, user ? 0xfb : 0x9b, 0x0a);
    segment(SS, user ? GuestSpace.USER_SS : GuestSpace.KERNEL_SS, user ? 0xf3 : 0x93, 0x0c);
    ioctl.call(descriptor, Ioctl.SET_SREGS, sregs.address());
  }

  /** Clears the general registers that the next {@link #go} is to have. */
  Vcpu prepare() {
    regs.fill((byte) 0);
    return this;
  }

  /** Sets a general register of the next {@link #go}. */
  Vcpu with(int register, long value) {
    regs.set(JAVA_LONG, register, value);
    return this;
  }

  /** A general register, as the last run left it. */
  long register(int register) {
    return regs.get(JAVA_LONG, register);
  }

  /** RIP, as the last run left it. */
  long rip() {
    return regs.get(JAVA_LONG, RIP);
  }

  /** CR2 of now. */
  long cr2() throws KvmException {
    ioctl.call(descriptor, Ioctl.GET_SREGS, sregs.address());
    return sregs.get(JAVA_LONG, CR2);
  }

  private void segment(int at, int selector, int access, int flags) {
    boolean system = (access & 0x10) == 0;
    sregs.set(JAVA_LONG, at, 0);
    sregs.set(JAVA_INT, at + 8, system ? 0 : -1);
    sregs.set(JAVA_SHORT, at + 12, (short) selector);
    sregs.set(JAVA_BYTE, at + 14, (byte) (access & 0xf));
    sregs.set(JAVA_BYTE, at + 15, (byte) (access >> 7 & 1));
    sregs.set(JAVA_BYTE, at + 16, (byte) (access >> 5 & 3));
    sregs.set(JAVA_BYTE, at + 17, (byte) (flags >> 2 & 1));
    sregs.set(JAVA_BYTE, at + 18, (byte) (access >> 4 & 1));
    sregs.set(JAVA_BYTE, at + 19, (byte) (flags >> 1 & 1));
    sregs.set(JAVA_BYTE, at + 20, (byte) (flags >> 3 & 1));
    sregs.set(JAVA_BYTE, at + 21, (byte) 0);
    sregs.set(JAVA_BYTE, at + 22, (byte) (access == 0 ? 1 : 0));
  }

  private void table(int at, long base, int bytes) {
    sregs.set(JAVA_LONG, at, base);
    sregs.set(JAVA_SHORT, at + 8, (short) (bytes - 1));
  }

  // --- runs ---

  /**
   * Runs the guest from {@code rip} until it leaves.
   *
   * @param ac RFLAGS.AC
   */
  Exit go(long rip, boolean ac) throws KvmException {
    regs.set(JAVA_LONG, RIP, rip);
    regs.set(JAVA_LONG, RFLAGS, FLAGS_FIXED | (ac ? FLAGS_AC : 0));
    ioctl.call(descriptor, Ioctl.SET_REGS, regs.address());
    enter();
    int reason = run.get(JAVA_INT, EXIT_REASON);
    return switch (reason) {
      case EXIT_HLT -> {
        ioctl.call(descriptor, Ioctl.GET_REGS, regs.address());
        yield Exit.HLT;
      }
      case EXIT_MMIO -> Exit.MMIO;
      case EXIT_SHUTDOWN ->
          throw new KvmException("the guest shut down: an exception could not be delivered");
      case EXIT_FAIL_ENTRY ->
          throw new KvmException(
              "the processor refused the guest's state, reason 0x"
                  + Long.toHexString(run.get(JAVA_LONG, UNION)));
      case EXIT_INTERNAL_ERROR ->
          throw new KvmException(
              "KVM could not go on (internal error " + run.get(JAVA_INT, UNION) + ")",
              run.get(JAVA_INT, UNION) == ERROR_EMULATION);
      default -> throw new KvmException("KVM left the guest for reason " + reason);
    };
  }

  private void enter() throws KvmException {
    while (ioctl.libc().ioctl(descriptor, Ioctl.RUN, 0) < 0) {
      if (ioctl.libc().errno() != Libc.EINTR) {
        throw ioctl.failed("KVM_RUN");
      }
    }
  }

  /** The physical address of an access that reached no memory. */
  long mmioAddress() {
    return run.get(JAVA_LONG, UNION);
  }

  /** Ends an access that reached no memory: only then may registers be set. */
  void completeMmio() throws KvmException {
    run.set(JAVA_LONG, UNION + 8, 0);
    run.set(JAVA_BYTE, IMMEDIATE_EXIT, (byte) 1);
    int result = ioctl.libc().ioctl(descriptor, Ioctl.RUN, 0);
    run.set(JAVA_BYTE, IMMEDIATE_EXIT, (byte) 0);
    if (result < 0 && ioctl.libc().errno() != Libc.EINTR) {
      throw ioctl.failed("KVM_RUN");
    }
  }

  @Override
  public void close() {
    ioctl.libc().unmap(runAddress, runBytes);
    ioctl.libc().close(descriptor);
    arena.close();
  }
}
