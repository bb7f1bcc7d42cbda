package dev.pagewalk.spec;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import dev.pagewalk.physmem.PhysicalMemory;

/**
 * The reference: translates linear addresses through the tables in physical memory, without caches.
 *
 * <p>One object stands for one processor under one setting of its registers; a register write makes
 * another. Objects are immutable and may be shared by threads: all state is in physical memory.
 */
public final class ReferenceWalk {
  final PhysicalMemory memory;
  final Cpu cpu;
  final Registers registers;
  final ReservedBits reserved;

  /**
   * A walker over {@code memory}.
   *
   * @throws IllegalArgumentException if the registers are not those of 4-level or 5-level paging
   */
  public ReferenceWalk(PhysicalMemory memory, Cpu cpu, Registers registers) {
    if (!registers.usesIa32ePaging()) {
      throw new IllegalArgumentException("CR0.PG, CR4.PAE and EFER.LMA are not all 1");
    }
    this.memory = memory;
    this.cpu = cpu;
    this.registers = registers;
    this.reserved = new ReservedBits(cpu, registers);
  }

  /** Performs {@code access}: decides it and sets accessed and dirty bits in memory. */
  public WalkResult access(Access access) {
    return new Walk(this, access, Walk.Purpose.ACCESS).run();
  }

  /** Decides {@code access} and says which bits it would set, but sets none. */
  public WalkResult probe(Access access) {
    return new Walk(this, access, Walk.Purpose.PROBE).run();
  }

  /**
   * Translates {@code linearAddress} and nothing else: no right is asked for and no bit is set. If
   * there is no translation the outcome is a page fault that says P or RSVD of a supervisor-mode
   * read, or a general-protection fault if the address is not canonical.
   */
  public WalkResult translate(long linearAddress) {
    // Linear-address masking belongs to data accesses, not to the translation of an address.
    Access access = Access.of(linearAddress, AccessKind.READ, Mode.IMPLICIT_SUPERVISOR);
    return new Walk(this, access, Walk.Purpose.TRANSLATION).run();
  }
}
