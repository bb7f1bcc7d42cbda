package dev.pagewalk.machine;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.CpuTlbState;
import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.FlushToken;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;

/**
 * One core of a {@link Machine}: an MMU, the address space it has loaded, and the accesses that the
 * process makes there.
 *
 * <p>An access that faults is made again, from its beginning, when the kernel has resolved the
 * fault. One that crosses a page is made when both pages can be had: nothing is stored before.
 */
public final class Core {
  private static final int PAGE = 4096;

  /** Ranges of more entries than this drop the whole PCID (tlb_single_page_flush_ceiling). */
  private static final long MOST_INVLPG = 33;

  /** Faults of one access after which the kernel is taken to make no progress. */
  private static final int MOST_FAULTS = 1000;

  private static final int STACK_READ =
      AccessCode.of(new Access(0, AccessKind.READ, Mode.USER, false, true));
  private static final int COPY_FROM =
      AccessCode.of(new Access(0, AccessKind.READ, Mode.SUPERVISOR, true, false));
  private static final int COPY_TO =
      AccessCode.of(new Access(0, AccessKind.WRITE, Mode.SUPERVISOR, true, false));

  /** What {@link #attempt} returns if the kernel has resolved a fault. */
  private static final long AGAIN = -1;

  /** What {@link #attempt} returns if the access ends in a {@link #signal}. */
  private static final long REFUSED = -2;

  private final Machine machine;
  private final int node;
  private final PhysicalMemory memory;
  private final Bytes bytes;
  private final Mmu mmu;
  private final CpuTlbState tlb = new CpuTlbState();
  private final boolean isolated;

  /** Whether processes have protection keys. */
  private final boolean keyed;

  private AddressSpace loaded;

  /** Whether CR3 has the root for user mode; only with isolated page tables. */
  private boolean onUserRoot;

  private int faults;
  private Signal signal;
  private long switches;
  private long switchFlushes;
  private long invlpgs;
  private long flushes;
  private long interrupts;

  /** Where the access that {@link #reach} was asked for lies: its first bytes and the others. */
  private long low;

  private long high;
  private int lowBytes;

  Core(Machine machine, Mmu mmu, int node) {
    this.machine = machine;
    this.node = node;
    this.memory = machine.memory();
    this.bytes = new Bytes(memory);
    this.mmu = mmu;
    this.isolated = machine.kernel().options().isolation();
    this.keyed = machine.kernel().options().protectionKeys();
  }

  /** The NUMA node that it is on. */
  public int node() {
    return node;
  }

  /** The MMU. */
  public Mmu mmu() {
    return mmu;
  }

  /** What the kernel knows of this core's TLBs. */
  public CpuTlbState tlbState() {
    return tlb;
  }

  /** The address space that is loaded; null if there is none. */
  public AddressSpace loaded() {
    return loaded;
  }

  /** What the core has done for context switches and invalidations. */
  public CoreCounters counters() {
    return new CoreCounters(switches, switchFlushes, invlpgs, flushes, interrupts);
  }

  /** Loads an address space, under the PCID that it has on this core. */
  public void switchTo(AddressSpace mm) {
    if (loaded != mm) {
      machine.enterKernel(this);
      try {
        long cr3 = tlb.switchTo(mm);
        mmu.movToCr3(cr3);
        onUserRoot = false;
        loaded = mm;
        loadPkru();
        switches++;
        switchFlushes += (cr3 & Cr3.NO_FLUSH) == 0 ? 1 : 0;
      } finally {
        machine.leaveKernel();
      }
    }
  }

  /**
   * Goes back to user mode: with isolated page tables, to the root that the process has there. For
   * those who make accesses with {@link #mmu} alone, before the first after {@link #switchTo}.
   */
  public void enterUserMode() {
    loadPkru();
    useRoot(true);
  }

  /**
   * Has the kernel handle a fault that {@link Mmu#translate} returned, made with {@link #mmu} in
   * user mode, and goes back to user mode.
   *
   * @return whether the access is to be made again; if not, {@link #signal} says how it ends
   */
  public boolean resolve(long fault) {
    if (!Faults.isPageFault(fault)) {
      signal = Signal.notCanonical(false);
      return false;
    }
    boolean resolved = handle(mmu.cr2(), Faults.errorCode(fault)) == AGAIN;
    if (resolved && loaded != null) {
      useRoot(true);
    }
    return resolved;
  }

  /** The signal that the last refused access ended in; null if there was none. */
  public Signal signal() {
    return signal;
  }

  /** With isolated page tables, goes to the root for user mode or for the kernel. */
  private void useRoot(boolean user) {
    if (isolated && user != onUserRoot) {
      mmu.movToCr3(user ? tlb.userCr3() : tlb.kernelCr3());
      onUserRoot = user;
    }
  }

  /** WRPKRU by the process that runs; a context switch keeps it. */
  public RegisterWrite wrpkru(long value) {
    RegisterWrite write = mmu.wrpkru(value);
    if (keyed && loaded != null && write instanceof RegisterWrite.Accepted) {
      loaded.setPkru((int) value);
    }
    return write;
  }

  /** The kernel may have changed PKRU of the process since it was loaded. */
  private void loadPkru() {
    if (keyed && loaded != null && mmu.registers().pkru() != loaded.pkru()) {
      mmu.wrpkru(Integer.toUnsignedLong(loaded.pkru()));
    }
  }

  /** Loads {@code size} bytes, 1, 2, 4 or 8, little-endian. */
  public Reply load(long address, int size) {
    return read(address, size, AccessCode.USER_READ);
  }

  /** As {@link #load}, through a register that implies the stack segment. */
  public Reply loadThroughStack(long address, int size) {
    return read(address, size, STACK_READ);
  }

  /** Stores the low {@code size} bytes of {@code value}: 1, 2, 4 or 8. */
  public Reply store(long address, int size, long value) {
    if (!reach(address, size, AccessCode.USER_WRITE)) {
      return new Reply.Signalled(signal);
    }
    if (lowBytes == size) {
      bytes.write(low, size, value);
    } else {
      bytes.writeEach(low, lowBytes, value);
      bytes.writeEach(high, size - lowBytes, value >>> (8 * lowBytes));
    }
    return new Reply.Done(0);
  }

  /** {@code lock xadd} of one byte: adds {@code value} and gives the old byte. */
  public Reply exchangeAdd(long address, int value) {
    if (!reach(address, 1, AccessCode.USER_WRITE)) {
      return new Reply.Signalled(signal);
    }
    int old = memory.read8(low);
    memory.write8(low, old + value);
    return new Reply.Done(old);
  }

  /**
   * {@code lock cmpxchg} of one byte: stores {@code value} if the byte is {@code expected}, and
   * gives the old byte. It is a write, also if nothing else is stored than what was there.
   */
  public Reply compareExchange(long address, int expected, int value) {
    if (!reach(address, 1, AccessCode.USER_WRITE)) {
      return new Reply.Signalled(signal);
    }
    int old = memory.read8(low);
    memory.write8(low, old == (expected & 0xff) ? value : old);
    return new Reply.Done(old);
  }

  /** Fetches an instruction of one byte. */
  public Reply fetch(long address) {
    return read(address, 1, AccessCode.USER_FETCH);
  }

  /**
   * The kernel copies to {@code buffer} from user memory (copy_from_user).
   *
   * @return whether all of it could be had; if not, EFAULT
   */
  public boolean copyFromUser(long address, byte[] buffer) {
    return copy(address, buffer, COPY_FROM);
  }

  /**
   * The kernel copies {@code buffer} to user memory (copy_to_user).
   *
   * @return whether all of it could be stored; if not, EFAULT, and what comes before the page that
   *     could not be had is stored
   */
  public boolean copyToUser(long address, byte[] buffer) {
    return copy(address, buffer, COPY_TO);
  }

  /** Drops what an item of a token names, if its address space is loaded (flush_tlb_func). */
  void invalidate(FlushToken.Item item) {
    // One that is not loaded catches up by its TLB generation when it is switched to.
    if (loaded != item.mm()) {
      return;
    }
    long entries = (item.end() - item.start()) / item.stride();
    useRoot(false);
    if (Long.compareUnsigned(entries, MOST_INVLPG) > 0) {
      mmu.movToCr3(mmu.registers().cr3());
      tlb.flushUser();
      flushes++;
    } else {
      invlpgs += entries;
      for (long i = 0; i < entries; i++) {
        invalidatePage(item.start() + i * item.stride());
      }
    }
    tlb.flushed();
  }

  /** Counts an interrupt by which another core asks this one to invalidate. */
  void interrupted() {
    interrupts++;
  }

  /** INVLPG for the kernel's PCID; INVPCID for that of user mode, or a flush later on. */
  private void invalidatePage(long address) {
    mmu.invlpg(address);
    if (!isolated) {
      return;
    }
    if (mmu.cpu().has(Feature.INVPCID)) {
      mmu.invpcid(new InvpcidOperand(0, tlb.userPcid(), address));
    } else {
      tlb.flushUser();
    }
  }

  /** Forgets an address space that has ended; if it was loaded, nothing is. */
  void leave(AddressSpace mm) {
    if (loaded == mm) {
      // MODEL: an idle core keeps CR3 and makes no access, where Linux loads the kernel's own.
      loaded = null;
    }
    tlb.forget(mm);
  }

  private Reply read(long address, int size, int code) {
    if (!reach(address, size, code)) {
      return new Reply.Signalled(signal);
    }
    if (lowBytes == size) {
      return new Reply.Done(bytes.read(low, size));
    }
    long head = bytes.readEach(low, lowBytes);
    return new Reply.Done(head | (bytes.readEach(high, size - lowBytes) << (8 * lowBytes)));
  }

  /** Translates both ends of an access; false if it ends in a signal. */
  private boolean reach(long address, int size, int code) {
    faults = 0;
    lowBytes = (int) Math.min(size, PAGE - (address & (PAGE - 1)));
    long upper = address + lowBytes;
    boolean crosses = lowBytes < size;
    // A byte whose address is not canonical faults before anything is walked.
    if (crosses && !LinearAddress.isCanonical(upper, mmu.registers().linearWidth())) {
      attempt(upper, code);
      return false;
    }
    while (true) {
      low = attempt(address, code);
      high = low >= 0 && crosses ? attempt(upper, code) : low;
      if (high >= 0) {
        return true;
      }
      if (high == REFUSED) {
        return false;
      }
    }
  }

  /** Translates; on a page fault, asks the kernel. */
  private long attempt(long address, int code) {
    useRoot(code != COPY_FROM && code != COPY_TO);
    loadPkru();
    long result = mmu.translate(address, code);
    if (!Faults.isFault(result)) {
      return result;
    }
    if (!Faults.isPageFault(result)) {
      signal = Signal.notCanonical(code == STACK_READ);
      return REFUSED;
    }
    if (++faults > MOST_FAULTS) {
      throw new IllegalStateException(
          "the kernel makes no progress on a fault at 0x%x".formatted(mmu.cr2()));
    }
    return handle(mmu.cr2(), Faults.errorCode(result));
  }

  private long handle(long cr2, int errorCode) {
    long answer = machine.handle(this, cr2, errorCode);
    if (FaultResult.isResolved(answer)) {
      return AGAIN;
    }
    signal = Signal.ofFault(answer, cr2);
    return REFUSED;
  }

  /** Copies page by page, from the lowest address up. */
  private boolean copy(long address, byte[] buffer, int code) {
    // access_ok: the kernel does not touch what is not the user's.
    long end = address + buffer.length;
    if (Long.compareUnsigned(address, end) > 0
        || Long.compareUnsigned(end, machine.endOfUserAddresses()) > 0) {
      return false;
    }
    int done = 0;
    while (done < buffer.length) {
      long at = address + done;
      int count = (int) Math.min(buffer.length - done, PAGE - (at & (PAGE - 1)));
      if (!reach(at, 1, code)) {
        return false;
      }
      for (int i = 0; i < count; i++) {
        if (code == COPY_TO) {
          memory.write8(low + i, buffer[done + i]);
        } else {
          buffer[done + i] = (byte) memory.read8(low + i);
        }
      }
      done += count;
    }
    return true;
  }
}
