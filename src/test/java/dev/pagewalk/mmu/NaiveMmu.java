package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.Invalidation;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.NaiveStructure.Place;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Map;
import java.util.TreeMap;

/**
 * The MMU once more, in the most obvious way: objects for entries, lists for orders, no haste.
 *
 * <p>A second statement of what {@link Mmu} does, to the last counter; it shares {@code arch} with
 * it and nothing else.
 */
final class NaiveMmu implements AnyMmu {
  final PhysicalMemory memory;
  Cpu cpu;
  Registers registers;
  NaiveStructures structures;
  long walks;
  long wordsRead;
  long accessedSet;
  long dirtySet;
  long restarts;
  private final CpuModel model;
  private long accesses;
  private final Map<Integer, Long> pageFaults = new TreeMap<>();
  private long otherFaults;
  private long cr2;

  NaiveMmu(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
    this.model = model;
    this.memory = memory;
    reset(cpu, registers);
  }

  @Override
  public void reset(Cpu newCpu, Registers newRegisters) {
    if (!newRegisters.usesIa32ePaging()) {
      throw new IllegalArgumentException("not IA-32e paging");
    }
    cpu = newCpu;
    registers = newRegisters;
    cr2 = 0;
    structures = new NaiveStructures(model);
    resetCounters();
  }

  @Override
  public long translate(long linearAddress, int code) {
    return translate(decode(linearAddress, code));
  }

  private static Access decode(long linearAddress, int code) {
    AccessKind kind =
        switch (code & 7) {
          case 0 -> AccessKind.READ;
          case 1 -> AccessKind.WRITE;
          case 2 -> AccessKind.FETCH;
          case 4 -> AccessKind.SHADOW_STACK_READ;
          case 5 -> AccessKind.SHADOW_STACK_WRITE;
          default -> throw new IllegalArgumentException("no access code: " + code);
        };
    Mode supervisor = (code & 16) != 0 ? Mode.IMPLICIT_SUPERVISOR : Mode.SUPERVISOR;
    Mode mode = (code & 8) != 0 ? Mode.USER : supervisor;
    return new Access(linearAddress, kind, mode, (code & 32) != 0, (code & 64) != 0);
  }

  private long translate(Access access) {
    accesses++;
    long address = withoutMetadata(access);
    if (!LinearAddress.isCanonical(address, registers.linearWidth())) {
      otherFaults++;
      boolean stackFault =
          access.stack() && choices().nonCanonicalStack() == NonCanonicalStack.STACK_FAULT;
      return stackFault ? Faults.STACK_FAULT : Faults.GENERAL_PROTECTION;
    }
    Port port = port(access.kind());
    Place<NaivePage> first = structures.firstLevel.lookUp(port, address, pcid());
    if (first != null) {
      return throughTlb(access, address, first);
    }
    Place<NaivePage> second = structures.secondLevel.lookUp(port, address, pcid());
    if (second != null) {
      long result = throughTlb(access, address, second);
      if (!Faults.isFault(result)) {
        structures.firstLevel.fill(port, second.entry(), address);
      }
      return result;
    }
    return throughTables(access, address);
  }

  /** What comes of an access that has found the TLB entry at {@code place}. */
  private long throughTlb(Access access, long address, Place<NaivePage> place) {
    NaivePage page = place.entry();
    int refusal = refusal(access, page);
    if (refusal != 0) {
      return pageFault(access, address, refusal);
    }
    place.set().put(place.way(), page.withPcid(pcid()));
    place.set().use(place.way());
    return page.translate(address);
  }

  private long throughTables(Access access, long address) {
    NaiveWalk walk = new NaiveWalk(this, access, address);
    return switch (walk.run()) {
      case NaiveWalk.End.Refused refused -> pageFault(access, address, refused.error());
      case NaiveWalk.End.Reached reached -> {
        walk.fillPagingStructureCaches();
        PageSize most = largestPiece();
        NaivePage page = reached.page();
        if (most.compareTo(page.size()) < 0) {
          page = page.pieceAt(address, most);
        }
        structures.secondLevel.fill(port(access.kind()), page, address);
        structures.firstLevel.fill(port(access.kind()), page, address);
        yield page.translate(address);
      }
    };
  }

  /** Bits P and PK of the error code if {@code access} may not use {@code page}, else 0. */
  int refusal(Access access, NaivePage page) {
    return new NaiveVerdict(choices(), registers, access, page).refusal();
  }

  private long pageFault(Access access, long address, int cause) {
    int error = cause;
    error |= access.kind().isWrite() ? ErrorCode.WR : 0;
    error |= access.mode().isUser() ? ErrorCode.US : 0;
    error |= access.kind().isShadowStack() ? ErrorCode.SS : 0;
    if (access.kind() == AccessKind.FETCH && (registers.smep() || registers.nxe())) {
      error |= ErrorCode.ID;
    }
    pageFaults.merge(error, 1L, Long::sum);
    cr2 = address;
    structures.dropPage(address, pcid());
    structures.dropTables(address, pcid());
    return Faults.pageFault(error);
  }

  /** The address that {@code access} means: with LAM, some of the pointer's bits are metadata. */
  private long withoutMetadata(Access access) {
    long pointer = access.linearAddress();
    if (access.kind() == AccessKind.FETCH) {
      return pointer;
    }
    int width;
    if (pointer < 0) {
      width = (registers.cr4() & Cr4.LAM_SUP) != 0 ? registers.linearWidth() : 64;
    } else if ((registers.cr3() & Cr3.LAM_U57) != 0) {
      width = 57;
    } else {
      width = (registers.cr3() & Cr3.LAM_U48) != 0 ? 48 : 64;
    }
    long address = pointer;
    for (int bit = width; bit < 63; bit++) {
      boolean top = (pointer >>> (width - 1) & 1) != 0;
      address = top ? address | 1L << bit : address & ~(1L << bit);
    }
    return address;
  }

  private static Port port(AccessKind kind) {
    return switch (kind) {
      case FETCH -> Port.FETCH;
      case READ, SHADOW_STACK_READ -> Port.LOAD;
      case WRITE, SHADOW_STACK_WRITE -> Port.STORE;
    };
  }

  ModelChoices choices() {
    return cpu.choices();
  }

  /** The current PCID: 0 while CR4.PCIDE is 0. */
  int pcid() {
    return registers.pcide() ? (int) (registers.cr3() & Cr3.PCID) : 0;
  }

  /** The largest piece in which a TLB of this model may hold a page. */
  private PageSize largestPiece() {
    if (breaksUp(LargePages.FRACTURED)) {
      return PageSize.SIZE_4K;
    }
    return breaksUp(LargePages.SMASHED_1G) ? PageSize.SIZE_2M : PageSize.SIZE_1G;
  }

  private boolean breaksUp(LargePages how) {
    return model.largePages() == how || choices().largePages() == how;
  }

  @Override
  public long cr2() {
    return cr2;
  }

  @Override
  public Registers registers() {
    return registers;
  }

  @Override
  public RegisterWrite movToCr0(long value) {
    Registers before = registers;
    return accept(
        RegisterRules.movToCr0(cpu, registers, value),
        () -> {
          if (changed(before.cr0(), registers.cr0(), Cr0.PG)) {
            structures.dropAll();
          }
        });
  }

  @Override
  public RegisterWrite movToCr3(long value) {
    return accept(
        RegisterRules.movToCr3(cpu, registers, value),
        () -> {
          if ((value & Cr3.NO_FLUSH) == 0) {
            structures.dropOwnPages(pcid());
            structures.dropTables(pcid());
          }
        });
  }

  @Override
  public RegisterWrite movToCr4(long value) {
    Registers before = registers;
    return accept(
        RegisterRules.movToCr4(cpu, registers, value),
        () -> {
          boolean leavesPcide = before.pcide() && !registers.pcide();
          boolean entersSmep = !before.smep() && registers.smep();
          if (leavesPcide || changed(before.cr4(), registers.cr4(), Cr4.PGE)) {
            structures.dropAll();
          } else if (entersSmep || changed(before.cr4(), registers.cr4(), Cr4.PAE | Cr4.LA57)) {
            structures.dropPages(pcid());
            structures.dropTables(pcid());
          }
        });
  }

  @Override
  public RegisterWrite wrmsr(long msr, long value) {
    Registers before = registers;
    return accept(
        RegisterRules.wrmsr(cpu, registers, msr, value),
        () -> {
          boolean ofMemoryTypes = msr != Efer.MSR && msr != ProtectionKeys.PKRS_MSR;
          if (ofMemoryTypes || changed(before.efer(), registers.efer(), Efer.NXE)) {
            structures.dropAll();
          }
        });
  }

  @Override
  public RegisterWrite wrpkru(long value) {
    return accept(RegisterRules.wrpkru(registers, value), () -> {});
  }

  @Override
  public void invlpg(long linearAddress) {
    if (LinearAddress.isCanonical(linearAddress, registers.linearWidth())) {
      structures.dropPage(linearAddress, pcid());
      structures.dropTables(pcid());
    }
  }

  @Override
  public RegisterWrite invpcid(InvpcidOperand operand) {
    return accept(RegisterRules.invpcid(cpu, registers, operand), () -> invalidate(operand));
  }

  private void invalidate(InvpcidOperand operand) {
    if (choices().invalidation() == Invalidation.INVPCID_DROPS_ALL) {
      structures.dropAll();
      return;
    }
    int pcid = (int) operand.pcid();
    switch ((int) operand.type()) {
      case 0 -> {
        structures.dropOwnPage(operand.linearAddress(), pcid);
        structures.dropTables(operand.linearAddress(), pcid);
      }
      case 1 -> {
        structures.dropOwnPages(pcid);
        structures.dropTables(pcid);
      }
      case 2 -> structures.dropAll();
      default -> {
        structures.dropAllButGlobals();
        structures.dropTables();
      }
    }
  }

  private RegisterWrite accept(RegisterWrite write, Runnable invalidation) {
    if (write instanceof RegisterWrite.Accepted accepted) {
      registers = accepted.after();
      invalidation.run();
    }
    return write;
  }

  private static boolean changed(long before, long after, long bits) {
    return ((before ^ after) & bits) != 0;
  }

  @Override
  public MmuCounters counters() {
    return new MmuCounters(
        accesses,
        structures.tlbCounters(),
        structures.cacheCounters(),
        walks,
        wordsRead,
        accessedSet,
        dirtySet,
        restarts,
        Map.copyOf(pageFaults),
        otherFaults);
  }

  @Override
  public void resetCounters() {
    structures.resetCounters();
    accesses = 0;
    walks = 0;
    wordsRead = 0;
    accessedSet = 0;
    dirtySet = 0;
    restarts = 0;
    pageFaults.clear();
    otherFaults = 0;
  }

  @Override
  public MmuSnapshot snapshot() {
    return structures.snapshot();
  }
}
