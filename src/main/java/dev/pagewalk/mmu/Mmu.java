package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.MemoryType;
import dev.pagewalk.arch.MemoryTyping;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.RegisterWrite.Accepted;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Optional;

/**
 * The MMU of one core: registers, TLBs and paging-structure caches over a physical memory.
 *
 * <p>An access looks into the first-level TLBs, then the second, then walks the tables, and is
 * decided by the rights found and the registers of now. What has been cached stays until an
 * instruction, a page fault or another entry drops it, whatever is written to memory meanwhile.
 *
 * <p>Used by one thread at a time; several MMUs may share one memory, each with a thread of its
 * own. {@link #translate} allocates nothing. A guest's fault is a value, never a Java exception.
 */
public abstract class Mmu {
  private final MmuState state;
  private final Invalidation invalidation;

  Mmu(MmuState state, Invalidation invalidation) {
    this.state = state;
    this.invalidation = invalidation;
  }

  /**
   * An MMU with empty structures.
   *
   * @throws IllegalArgumentException if the registers are not those of 4-level or 5-level paging
   */
  public static Mmu create(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
    MmuState state = new MmuState(model, memory);
    state.reset(cpu, registers);
    Invalidation invalidation = new Invalidation(state);
    return Specialiser.create(state, invalidation);
  }

  /**
   * Performs an access: translates {@code linearAddress}, checks rights, sets A and D in memory.
   *
   * @param linearAddress as software uses it, before linear-address masking
   * @param access what is done on whose behalf, see {@link AccessCode}
   * @return the physical address, or a fault as {@link Faults} describes; of a page fault, {@link
   *     #cr2} has the address
   * @throws IllegalArgumentException if {@code access} is no code; above the seven bits of one,
   *     this may go unnoticed
   */
  public abstract long translate(long linearAddress, int access);

  /** As {@link #translate}, with values for people: it allocates. */
  public final Outcome access(Access access) {
    return Faults.outcome(translate(access.linearAddress(), AccessCode.of(access)), state.cr2);
  }

  /** The linear address of the last page fault, after linear-address masking. */
  public final long cr2() {
    return state.cr2;
  }

  /** The registers. */
  public final Registers registers() {
    return state.registers;
  }

  /** The processor. */
  public final Cpu cpu() {
    return state.cpu;
  }

  /** The structures' shapes. */
  public final CpuModel model() {
    return state.model;
  }

  /**
   * Starts anew as another processor: everything cached and all counters are forgotten.
   *
   * @throws IllegalArgumentException if the registers are not those of 4-level or 5-level paging
   */
  public final void reset(Cpu cpu, Registers registers) {
    state.reset(cpu, registers);
  }

  /** MOV to CR0: drops everything if it changes PG. A change of WP acts on the next access. */
  public final RegisterWrite movToCr0(long value) {
    Registers before = state.registers;
    RegisterWrite write = RegisterRules.movToCr0(state.cpu, before, value);
    if (write instanceof Accepted(Registers after)) {
      state.load(after);
      // Not while LMA = 1, where the rules refuse it.
      if (((before.cr0() ^ after.cr0()) & Cr0.PG) != 0) {
        invalidation.everything();
      }
    }
    return write;
  }

  /**
   * MOV to CR3; bit 63 is the no-flush bit. Drops what is tagged with the new PCID, but for global
   * translations, unless that bit is set.
   */
  public final RegisterWrite movToCr3(long value) {
    RegisterWrite write = RegisterRules.movToCr3(state.cpu, state.registers, value);
    if (write instanceof Accepted(Registers after)) {
      state.loadCr3(after);
      if (!after.pcide() || (value & Cr3.NO_FLUSH) == 0) {
        invalidation.singleContext(state.pcid());
      }
    }
    return write;
  }

  /**
   * MOV to CR4. A change of PGE and a fall of PCIDE drop everything; a rise of SMEP drops what is
   * tagged with the current PCID, and global translations. All else acts on the next access.
   */
  public final RegisterWrite movToCr4(long value) {
    Registers before = state.registers;
    RegisterWrite write = RegisterRules.movToCr4(state.cpu, before, value);
    if (write instanceof Accepted(Registers after)) {
      long pcid = state.pcid();
      state.load(after);
      long changed = before.cr4() ^ after.cr4();
      boolean smepRises = (changed & after.cr4() & Cr4.SMEP) != 0;
      boolean pcideFalls = (changed & before.cr4() & Cr4.PCIDE) != 0;
      if ((changed & Cr4.PGE) != 0 || pcideFalls) {
        invalidation.everything();
        // PAE and LA57 cannot change while LMA = 1.
      } else if (smepRises || (changed & (Cr4.PAE | Cr4.LA57)) != 0) {
        invalidation.contextWithGlobals(pcid);
      }
    }
    return write;
  }

  /**
   * WRMSR. A change of EFER.NXE drops everything, and so does a write to the MSRs of {@link
   * MemoryTyping}; one to IA32_PKRS acts on the next access.
   */
  public final RegisterWrite wrmsr(long msr, long value) {
    Registers before = state.registers;
    RegisterWrite write = RegisterRules.wrmsr(state.cpu, before, msr, value);
    if (write instanceof Accepted(Registers after)) {
      state.load(after);
      // MODEL: the manual asks nothing of the processor here, but XD turns from a right into a
      // reserved bit or back.
      if (((before.efer() ^ after.efer()) & Efer.NXE) != 0) {
        invalidation.everything();
      }
      if (state.typing.withMsr(state.cpu, msr, value)
          instanceof MemoryTyping.Write.Accepted(MemoryTyping typing)) {
        // MODEL: the manual has software invalidate after a change of memory types; here the
        // processor does, so that nothing cached has an older type.
        state.typing = typing;
        invalidation.everything();
      }
    }
    return write;
  }

  /** The PAT and the MTRRs. */
  public final MemoryTyping memoryTyping() {
    return state.typing;
  }

  /**
   * The memory type of an access, if a first-level TLB holds its translation, as it does after the
   * access has reached memory. Nothing is changed or counted.
   */
  public final Optional<MemoryType> memoryType(long linearAddress, int access) {
    return new Inspection(state).memoryType(linearAddress, access);
  }

  /** WRPKRU: acts on the next access and drops nothing. */
  public final RegisterWrite wrpkru(long value) {
    RegisterWrite write = RegisterRules.wrpkru(state.registers, value);
    if (write instanceof Accepted(Registers after)) {
      state.load(after);
    }
    return write;
  }

  /** INVLPG of the page of {@code linearAddress}; nothing if the address is not canonical. */
  public final void invlpg(long linearAddress) {
    if (LinearAddress.isCanonical(linearAddress, state.registers.linearWidth())) {
      invalidation.invlpg(linearAddress);
    }
  }

  /** INVPCID. */
  public final RegisterWrite invpcid(InvpcidOperand operand) {
    RegisterWrite write = RegisterRules.invpcid(state.cpu, state.registers, operand);
    if (write instanceof Accepted) {
      // MODEL: Bochs 2.7 drops everything, whatever the type.
      if (state.cpu.choices().invalidation() == ModelChoices.Invalidation.INVPCID_DROPS_ALL) {
        invalidation.everything();
        return write;
      }
      switch ((int) operand.type()) {
        case 0 -> invalidation.individualAddress(operand.linearAddress(), operand.pcid());
        case 1 -> invalidation.singleContext(operand.pcid());
        case 2 -> invalidation.everything();
        default -> invalidation.allContexts();
      }
    }
    return write;
  }

  /** What has been done so far. */
  public final MmuCounters counters() {
    return new Inspection(state).counters();
  }

  /** {@link MmuCounters#walks}, without making all of them; allocates nothing. */
  public final long walks() {
    return state.allWalks();
  }

  /** {@link MmuCounters#wordsRead}, without making all of them; allocates nothing. */
  public final long wordsRead() {
    return state.allWordsRead();
  }

  /** Sets all counters to 0; what is cached stays. */
  public final void resetCounters() {
    state.resetCounters();
  }

  /** What the structures hold. */
  public final MmuSnapshot snapshot() {
    return new Inspection(state).snapshot();
  }
}
