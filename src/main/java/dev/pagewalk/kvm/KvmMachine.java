package dev.pagewalk.kvm;

import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A guest that performs single accesses and instructions under page tables that somebody else has
 * written into its memory.
 *
 * <p>Use: {@link #start}, then accesses and instructions, then {@link #finish}. Not thread-safe.
 */
public final class KvmMachine implements AutoCloseable {
  /** Physical addresses at which a window may begin. */
  private static final long[] WINDOWS = {
    0x3_f000_0000L, 0x3_d000_0000L, 0x2_e000_0000L, 0x7000_0000L
  };

  private static final long FRAME = 4096;
  private static final int LOW_SLOT = 0;
  private static final int RENEWED_SLOT = 1;
  private static final int FIRST_HIGH_SLOT = 2;
  private static final int[] WITH_ERROR_CODE = {8, 10, 11, 12, 13, 14, 17, 21};
  private static final int GENERAL_PROTECTION = 13;
  private static final int PAGE_FAULT = 14;

  private final PhysicalMemory memory;
  private final MemorySlots slots;
  private final Vcpu vcpu;
  private final Set<Long> built;
  private final List<Long> rootEntries = new ArrayList<>();
  private GuestSpace space;
  private int highSlots;
  private boolean atCpl3;

  /** Whether KVM has forgotten all that it knew of tables since the guest ran last. */
  private boolean forgotten;

  /**
   * What a machine begins with.
   *
   * @param registers of the processor
   * @param roots physical addresses of all root tables that will be used
   * @param frames physical addresses of all frames that are or will be used
   * @param slot of root tables, an entry that nothing uses
   */
  public record Start(Registers registers, Set<Long> roots, Set<Long> frames, int slot) {
    public Start {
      roots = Set.copyOf(roots);
      frames = Set.copyOf(frames);
    }
  }

  KvmMachine(PhysicalMemory memory, Set<Long> built, MemorySlots slots, Vcpu vcpu)
      throws KvmException {
    this.memory = memory;
    this.built = built;
    this.slots = slots;
    this.vcpu = vcpu;
    slots.set(LOW_SLOT, 0, GuestSpace.LOW_BYTES);
  }

  /** Begins anew: nothing that was cached of tables is left. */
  public void start(Start start) throws KvmException {
    boolean la57 = start.registers.la57();
    space = GuestSpace.behind(window(start.frames), start.slot, la57);
    if (built.add(space.window())) {
      space.writeTables(memory);
    }
    space.writeDescriptors(memory);
    for (long root : start.roots) {
      long at = root + 8L * start.slot;
      memory.write64(at, space.rootEntry(la57));
      rootEntries.add(at);
    }
    for (long frame : start.frames) {
      if (Long.compareUnsigned(frame, GuestSpace.LOW_BYTES) >= 0) {
        slots.set(FIRST_HIGH_SLOT + highSlots++, frame, FRAME);
      }
    }
    // A slot that is added has nothing forgotten; one that is taken away has.
    if (!forgotten) {
      slots.renew(RENEWED_SLOT);
    }
    forgotten = false;
    atCpl3 = false;
    if (vcpu.hasKeys()) {
      // Only the guest itself can set it, and only with CR4.PKE.
      Registers registers = start.registers;
      vcpu.start(registers.withCr4(registers.cr4() | Cr4.PKE), space);
      write(GuestOperation.WRPKRU, 0, Integer.toUnsignedLong(registers.pkru()));
    }
    vcpu.start(start.registers, space);
  }

  private static long window(Set<Long> frames) throws KvmException {
    for (long window : WINDOWS) {
      GuestSpace candidate = new GuestSpace(window, 0);
      if (frames.stream().noneMatch(candidate::owns)) {
        return window;
      }
    }
    throw new KvmException("every place for the guest's own structures is in use");
  }

  /** Takes out of memory what {@link #start} has put between somebody else's words. */
  public void finish() throws KvmException {
    rootEntries.forEach(at -> memory.write64(at, 0));
    rootEntries.clear();
    forgotten = highSlots > 0;
    for (; highSlots > 0; highSlots--) {
      slots.remove(FIRST_HIGH_SLOT + highSlots - 1);
    }
  }

  /**
   * At which privilege an access is made.
   *
   * @param user whether at CPL 3
   * @param ac RFLAGS.AC; means nothing at CPL 3
   */
  public record Privilege(boolean user, boolean ac) {}

  /**
   * Reads or writes.
   *
   * @param address linear
   * @param value that is written
   * @param by at which privilege
   */
  public GuestEvent access(GuestOperation operation, long address, long value, Privilege by)
      throws KvmException {
    vcpu.prepare().with(Vcpu.RDI, address).with(Vcpu.RAX, value);
    return run(operation, by.user, by.ac, space.code(operation.end(), by.user));
  }

  /** Fetches the instruction at {@code address}, which is HLT with prefixes. */
  public GuestEvent fetch(long address, int size, boolean user, boolean ac) throws KvmException {
    vcpu.prepare().with(Vcpu.RDI, address).with(Vcpu.RSP, space.returnStack());
    return run(GuestOperation.JUMP, user, ac, address + (user ? 0 : size - 1));
  }

  /** Software stores a word, at a physical address. */
  public void store(long pa, long value) throws KvmException {
    if (Long.compareUnsigned(pa, GuestSpace.LOW_BYTES) >= 0) {
      memory.write64(pa, value);
      slots.renew(RENEWED_SLOT);
      return;
    }
    GuestEvent event =
        access(GuestOperation.WRITE_8, space.low(pa), value, new Privilege(false, false));
    if (!(event instanceof GuestEvent.Completed)) {
      throw new KvmException("the guest's own store came to " + event);
    }
  }

  /** INVLPG. */
  public GuestEvent invlpg(long address) throws KvmException {
    vcpu.prepare().with(Vcpu.RDI, address);
    return privileged(GuestOperation.INVLPG);
  }

  /** INVPCID. */
  public GuestEvent invpcid(long type, long pcid, long address) throws KvmException {
    space.writeDescriptor(memory, pcid, address);
    vcpu.prepare().with(Vcpu.RAX, type).with(Vcpu.RSI, space.descriptor());
    return privileged(GuestOperation.INVPCID);
  }

  /** MOV to a control register. */
  public GuestEvent movCr(GuestOperation which, long value) throws KvmException {
    vcpu.prepare().with(Vcpu.RAX, value);
    return privileged(which);
  }

  /** WRMSR, or with ECX = 0 WRPKRU. */
  public GuestEvent write(GuestOperation which, long index, long value) throws KvmException {
    vcpu.prepare()
        .with(Vcpu.RCX, index & 0xffff_ffffL)
        .with(Vcpu.RAX, value & 0xffff_ffffL)
        .with(Vcpu.RDX, value >>> 32);
    return privileged(which);
  }

  private GuestEvent privileged(GuestOperation operation) throws KvmException {
    return run(operation, false, false, space.code(operation.end(), false));
  }

  /** Runs an operation; {@code halt} is where the HLT behind it stands. */
  private GuestEvent run(GuestOperation operation, boolean user, boolean ac, long halt)
      throws KvmException {
    if (user != atCpl3) {
      vcpu.cpl(user ? 3 : 0);
    }
    atCpl3 = user;
    // At CPL 3 AC would have misaligned accesses checked, and means nothing to paging.
    if (vcpu.go(space.code(operation.offset(), user), ac && !user) == Vcpu.Exit.MMIO) {
      long address = vcpu.mmioAddress();
      vcpu.completeMmio();
      return new GuestEvent.NoMemory(address);
    }
    // Only at CPL 0 does HLT leave the guest.
    atCpl3 = false;
    long stopped = vcpu.rip() - 1;
    long vector = stopped - space.code(0, false);
    if (!user && stopped == space.code(GuestOperation.RETURNED.offset(), false)) {
      return new GuestEvent.Returned();
    }
    if (Long.compareUnsigned(vector, 32) >= 0) {
      if (stopped != halt || user) {
        throw new KvmException("the guest halted at 0x" + Long.toHexString(stopped));
      }
      return new GuestEvent.Completed(vcpu.register(Vcpu.RAX));
    }
    GuestEvent.Raised raised = raised((int) vector);
    boolean halted = user && vector == GENERAL_PROTECTION && raised.rip() == halt;
    return halted ? new GuestEvent.Completed(vcpu.register(Vcpu.RAX)) : raised;
  }

  private GuestEvent.Raised raised(int vector) throws KvmException {
    boolean hasCode = false;
    for (int known : WITH_ERROR_CODE) {
      hasCode |= known == vector;
    }
    long error = hasCode ? space.pushed(memory, 6) : 0;
    long cr2 = vector == PAGE_FAULT ? vcpu.cr2() : 0;
    return new GuestEvent.Raised(vector, error, space.pushed(memory, 5), cr2);
  }

  @Override
  public void close() {
    vcpu.close();
    slots.close();
  }
}
