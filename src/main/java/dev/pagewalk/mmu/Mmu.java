package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;

/**
 * The MMU of one core: registers, TLBs and paging-structure caches over a physical memory.
 *
 * <p>Used by one thread at a time; several MMUs may share one memory, each with a thread of its
 * own.
 */
public abstract class Mmu {
  Mmu() {}

  /**
   * An MMU with empty structures.
   *
   * @throws IllegalArgumentException if the registers are not those of 4-level or 5-level paging
   */
  public static Mmu create(CpuModel model, Cpu cpu, PhysicalMemory memory, Registers registers) {
    if (model.seed() != Long.MIN_VALUE) {
      throw new UnsupportedOperationException();
    }
    return null;
  }

  /**
   * Performs an access: translates {@code linearAddress}, checks rights, sets A and D in memory.
   *
   * @param access see {@link AccessCode}
   * @return the physical address, or a fault as {@link Faults} describes; of a page fault, {@link
   *     #cr2} has the address
   */
  public abstract long translate(long linearAddress, int access);

  /** As {@link #translate}, with values for people: it allocates. */
  public abstract Outcome access(Access access);

  /** The linear address of the last page fault. */
  public abstract long cr2();

  /** The registers. */
  public abstract Registers registers();

  /** Starts anew as another processor: everything cached and all counters are forgotten. */
  public abstract void reset(Cpu cpu, Registers registers);

  /** MOV to CR0. */
  public abstract RegisterWrite movToCr0(long value);

  /** MOV to CR3; bit 63 is the no-flush bit. */
  public abstract RegisterWrite movToCr3(long value);

  /** MOV to CR4. */
  public abstract RegisterWrite movToCr4(long value);

  /** WRMSR. */
  public abstract RegisterWrite wrmsr(long msr, long value);

  /** WRPKRU. */
  public abstract RegisterWrite wrpkru(long value);

  /** INVLPG. */
  public abstract void invlpg(long linearAddress);

  /** INVPCID. */
  public abstract RegisterWrite invpcid(InvpcidOperand operand);

  /** What has been done so far. */
  public abstract MmuCounters counters();

  /** Sets all counters to 0; what is cached stays. */
  public abstract void resetCounters();

  /** What the structures hold. */
  public abstract MmuSnapshot snapshot();
}
