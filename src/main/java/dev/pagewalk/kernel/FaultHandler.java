package dev.pagewalk.kernel;

import dev.pagewalk.arch.ErrorCode;

/**
 * What stands behind #PF: finds the VMA, judges the access, and resolves it case by case.
 *
 * <ol>
 *   <li>no VMA, or one above that cannot grow: SIGSEGV, SEGV_MAPERR
 *   <li>the protection key forbids it: SEGV_PKUERR
 *   <li>the rights of the VMA forbid it: SEGV_ACCERR
 *   <li>explicit huge pages: {@link HugetlbFault}
 *   <li>nothing there, anonymous: {@link AnonFault}
 *   <li>nothing there, of a file: {@link FileFault}
 *   <li>swapped, or a guard: {@link SwapIn}
 *   <li>there, and written without the right: {@link CopyOnWrite}
 *   <li>there and allowed: spurious, the entry has changed meanwhile
 * </ol>
 */
final class FaultHandler {
  private final Kernel kernel;
  private final VmStat stat;
  private final Fault fault = new Fault();

  FaultHandler(Kernel kernel) {
    this.kernel = kernel;
    this.stat = kernel.folios().stat();
  }

  /** As {@link Kernel#fault}. */
  long fault(AddressSpace mm, long address, int errorCode) {
    if (address < 0 || address >= PageTables.USER_END) {
      // Linux shows P for addresses of its own, whatever the processor said.
      return segv(FaultResult.SEGV_MAPERR, errorCode | ErrorCode.P);
    }
    Vma vma = mm.vmas().atOrAfter(address);
    if (vma == null || (address < vma.start && !Stack.grow(vma, PageTables.pageOf(address)))) {
      return segv(FaultResult.SEGV_MAPERR, errorCode);
    }
    if (isRefusedByKey(vma, errorCode)) {
      return segv(FaultResult.SEGV_PKUERR, errorCode);
    }
    if (isRefused(vma, errorCode)) {
      return segv(FaultResult.SEGV_ACCERR, errorCode);
    }
    boolean write = (errorCode & ErrorCode.WR) != 0;
    int answer = resolveWithRoom(vma, PageTables.pageOf(address), write);
    // Who had to wait for a page that was there makes the fault again: the kernel by one that
    // counts
    // as tried before, a process by its instruction.
    boolean user = (errorCode & ErrorCode.US) != 0;
    charge(mm, answer, (answer & (user ? Fault.MAJOR : Fault.MAJOR | Fault.WAITED)) != 0);
    if ((answer & Fault.ERROR) == 0) {
      return FaultResult.RESOLVED;
    }
    if ((answer & Fault.SIGSEGV) != 0) {
      return segv(FaultResult.SEGV_MAPERR, errorCode);
    }
    // MODEL: without reclaim, and without a victim, the process that asks ends when memory is out.
    return (answer & Fault.SIGBUS) != 0
        ? FaultResult.signal(FaultResult.SIGBUS, FaultResult.BUS_ADRERR, errorCode)
        : FaultResult.signal(FaultResult.SIGKILL, FaultResult.SI_KERNEL, errorCode);
  }

  private static long segv(int code, int errorCode) {
    return FaultResult.signal(FaultResult.SIGSEGV, code, errorCode);
  }

  /**
   * Whether a protection key forbids the access: the processor says so, or the VMA has that key and
   * nothing is there yet. Fetches are never forbidden.
   */
  private static boolean isRefusedByKey(Vma vma, int errorCode) {
    boolean fetch = (errorCode & ErrorCode.ID) != 0;
    return (errorCode & ErrorCode.PK) != 0
        || (!fetch && !Pkeys.allows(vma, (errorCode & ErrorCode.WR) != 0));
  }

  /**
   * Whether the VMA's rights forbid the access, as access_error().
   *
   * <p>A fetch from a page that is not there is not refused here: the page is brought in, and the
   * next fetch finds XD.
   */
  private static boolean isRefused(Vma vma, int errorCode) {
    if ((errorCode & ErrorCode.WR) != 0) {
      return !vma.has(VmFlag.WRITE);
    }
    return (errorCode & ErrorCode.P) != 0 || !vma.isAccessible();
  }

  /**
   * Brings a page in for somebody who holds entries, so that none may be taken away meanwhile, and
   * charges the fault.
   *
   * @param address of the page
   * @return bits of {@link Fault}
   */
  int handle(Vma vma, long address, boolean write) {
    int answer = resolve(vma, address, write);
    charge(vma.mm, answer, (answer & Fault.MAJOR) != 0);
    return answer;
  }

  /**
   * The same for a system call that brings pages in.
   *
   * @param insists what happens if it had to wait for a device: tries the same fault again, which
   *     is then major; or begins anew and finds the page, a minor fault
   */
  int handleForCall(Vma vma, long address, boolean write, boolean insists) {
    int answer = resolveWithRoom(vma, address, write);
    boolean waited = (answer & Fault.WAITED) != 0;
    charge(vma.mm, answer, waited ? insists : (answer & Fault.MAJOR) != 0);
    return answer;
  }

  /** Charges a fault that is resolved. */
  private void charge(AddressSpace mm, int answer, boolean major) {
    if ((answer & Fault.ERROR) != 0) {
      return;
    }
    mm.chargeFault(major);
    stat.count(VmEvent.PGFAULT);
    if (major) {
      stat.count(VmEvent.PGMAJFAULT);
    }
  }

  /** Resolves the fault; if it lacks memory, backs out, has room made, and begins anew. */
  private int resolveWithRoom(Vma vma, long address, boolean write) {
    fault.slotRead = 0;
    fault.firstUse = false;
    int answer = tryWithRoom(vma, address, write);
    boolean read = (answer & Fault.MAJOR) != 0;
    if ((answer & Fault.ERROR) == 0 && (read || fault.firstUse)) {
      kernel.prefetch().resolved(vma, address, fault.slotRead);
    }
    return answer;
  }

  private int tryWithRoom(Vma vma, long address, boolean write) {
    Pressure pressure = kernel.pressure();
    if (pressure == null) {
      return resolve(vma, address, write);
    }
    if (vma.mm.isKilled()) {
      return Fault.OOM;
    }
    pressure.beginPage();
    int answer = resolve(vma, address, write);
    int waited = 0;
    while ((answer & Fault.OOM) != 0 && pressure.makeRoom()) {
      waited |= answer & (Fault.MAJOR | Fault.WAITED);
      answer = resolve(vma, address, write);
    }
    pressure.settle();
    return answer | waited;
  }

  private int resolve(Vma vma, long address, boolean write) {
    fault.vma = vma;
    fault.address = address;
    fault.write = write;
    if (kernel.pressure() != null) {
      fault.want();
    }
    return resolve(fault);
  }

  private int resolve(Fault fault) {
    if (fault.vma.isHugetlb()) {
      return HugetlbFault.fault(fault);
    }
    PageTables tables = fault.tables();
    long start = PageTables.hugePageOf(fault.address);
    long directory = tables.make(fault.address, PageTables.PMD);
    if (directory == PageTables.NONE) {
      return Fault.OOM;
    }
    long huge = tables.read(directory);
    if (Pte.isNone(huge)) {
      if (kernel.options().hugePages().allows(fault.vma, start)) {
        int answer = AnonFault.huge(fault, directory, start);
        if ((answer & Fault.FALLBACK) == 0) {
          return answer;
        }
      }
    } else if (Pte.isHuge(huge)) {
      if (!fault.write || Pte.isWritable(huge)) {
        return spuriousHuge(fault, directory);
      }
      int answer = CopyOnWrite.huge(fault, directory, huge);
      if ((answer & Fault.FALLBACK) == 0) {
        return answer;
      }
      HugePages.split(fault.vma, start);
    }
    if (Pte.isNone(tables.read(directory)) && !fault.vma.isAnonymous()) {
      // The page table is made once there is a page for it.
      fault.slot = PageTables.NONE;
      fault.entry = 0;
      return FileFault.missing(fault);
    }
    return fault.makeEntry() ? small(fault) : Fault.OOM;
  }

  private static int small(Fault fault) {
    if (Pte.isNone(fault.entry)) {
      return fault.vma.isAnonymous() ? AnonFault.small(fault) : FileFault.missing(fault);
    }
    if (!Pte.isPresent(fault.entry)) {
      return SwapIn.fault(fault);
    }
    if (fault.write && !Pte.isWritable(fault.entry)) {
      return CopyOnWrite.small(fault);
    }
    long entry = fault.tables().touch(fault.slot, fault.write);
    if (entry != fault.entry) {
      fault.entry = entry;
    } else {
      // The processor has dropped what it used; only other cores could still be wrong.
      fault.token().page(fault.vma.mm, fault.address);
    }
    return 0;
  }

  private static int spuriousHuge(Fault fault, long directory) {
    fault.tables().touch(directory, fault.write);
    return 0;
  }
}
