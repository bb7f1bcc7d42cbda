package dev.pagewalk.arch;

import java.util.Arrays;

/**
 * Which bits must be 0 in a present entry of each kind, on one processor under given registers.
 *
 * <p>Worked out once when a register changes, not on each walk: {@link #mask} is an array read.
 * Source: SDM 3A "4-Level Paging and 5-Level Paging", the list of reserved bits below the tables.
 */
public final class ReservedBits {
  /** By entry kind: the bits that are reserved on every processor. */
  private static final long[] ALWAYS =
      Arrays.stream(EntryKind.values()).mapToLong(ReservedBits::always).toArray();

  private static final EntryKind[] KINDS = EntryKind.values();

  private final long[] masks = new long[KINDS.length];

  /** The reserved bits on {@code cpu} under EFER.NXE as in {@code registers}. */
  public ReservedBits(Cpu cpu, Registers registers) {
    for (EntryKind kind : KINDS) {
      masks[kind.ordinal()] = compute(kind, cpu, registers.nxe());
    }
  }

  /** Bits that must be 0 in a present entry of {@code kind}. */
  public long mask(EntryKind kind) {
    return masks[kind.ordinal()];
  }

  private static long always(EntryKind kind) {
    return kind.fields().stream()
        .filter(field -> field.role() == Field.Role.RESERVED)
        .mapToLong(Field::mask)
        .reduce(0, (one, other) -> one | other);
  }

  private static long compute(EntryKind kind, Cpu cpu, boolean nxe) {
    // Bits 51:M are reserved in every kind of entry.
    long mask = Entry.ADDRESS & -(1L << cpu.maxPhyAddr());
    if (!nxe) {
      // "If IA32_EFER.NXE = 0 and the P flag of a paging-structure entry is 1, the XD flag (bit 63)
      // is reserved."
      mask |= Entry.XD;
    }
    mask |= ALWAYS[kind.ordinal()];
    if (kind == EntryKind.PDPTE_1G && !cpu.walksOneGigabytePages()) {
      // Without CPUID.80000001H:EDX.Page1GB the PS flag of a PDPTE is reserved.
      mask |= Entry.PS;
    }
    // MODEL: Intel ignores bit 8 of an entry that references a table; AMD has it must-be-zero.
    return cpu.choices().bit8().reservedIn(kind) ? mask | Entry.G : mask;
  }
}
