package dev.pagewalk.kvm;

import static java.lang.foreign.ValueLayout.JAVA_INT;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * A table of what CPUID answers, as KVM has it: {@code struct kvm_cpuid2}.
 *
 * <p>Source: Linux {@code Documentation/virt/kvm/api.rst}; SDM 2 "CPUID - CPU Identification".
 */
final class Cpuid {
  /** Bytes of the head, and of an entry. */
  private static final int HEAD = 8;

  private static final int ENTRY = 40;
  private static final int MOST = 256;

  private static final int EAX = 12;
  private static final int EBX = 16;
  private static final int ECX = 20;
  private static final int EDX = 24;

  private static final int ADDRESS_SIZES = 0x80000008;

  /** A feature's bit: function, subfunction, offset of the register in an entry, bit. */
  private record Bit(Feature feature, int function, int index, int register, int bit) {}

  private static final List<Bit> BITS =
      List.of(
          new Bit(Feature.NX, 0x80000001, 0, EDX, 20),
          new Bit(Feature.PAGE1GB, 0x80000001, 0, EDX, 26),
          new Bit(Feature.PGE, 1, 0, EDX, 13),
          new Bit(Feature.PCID, 1, 0, ECX, 17),
          new Bit(Feature.INVPCID, 7, 0, EBX, 10),
          new Bit(Feature.SMEP, 7, 0, EBX, 7),
          new Bit(Feature.SMAP, 7, 0, EBX, 20),
          new Bit(Feature.PKU, 7, 0, ECX, 3),
          new Bit(Feature.PKS, 7, 0, ECX, 31),
          new Bit(Feature.LA57, 7, 0, ECX, 16),
          new Bit(Feature.LAM, 7, 1, EAX, 26),
          new Bit(Feature.CET, 7, 0, EDX, 20),
          new Bit(Feature.CET_SS, 7, 0, ECX, 7));

  private final MemorySegment table;

  private Cpuid(MemorySegment table) {
    this.table = table;
  }

  /** An empty table in {@code arena}, with room for all that KVM may have to say. */
  static Cpuid allocate(Arena arena) {
    MemorySegment table = arena.allocate(HEAD + (long) MOST * ENTRY, 8);
    table.set(JAVA_INT, 0, MOST);
    return new Cpuid(table);
  }

  /** Its native address, for KVM. */
  long address() {
    return table.address();
  }

  private int size() {
    return table.get(JAVA_INT, 0);
  }

  /** Offset of an entry, or -1. */
  private int find(int function, int index) {
    for (int i = 0; i < size(); i++) {
      int at = HEAD + i * ENTRY;
      if (table.get(JAVA_INT, at) == function && table.get(JAVA_INT, at + 4) == index) {
        return at;
      }
    }
    return -1;
  }

  /** The features that it enumerates. */
  Set<Feature> features() {
    EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
    for (Bit bit : BITS) {
      int at = find(bit.function, bit.index);
      if (at >= 0 && (table.get(JAVA_INT, at + bit.register) >>> bit.bit & 1) != 0) {
        features.add(bit.feature);
      }
    }
    if (features.contains(Feature.CET_SS)) {
      features.add(Feature.CET);
    }
    return features;
  }

  /** MAXPHYADDR that it enumerates; 36 if it enumerates none. */
  int maxPhyAddr() {
    int at = find(ADDRESS_SIZES, 0);
    return at < 0 ? Cpu.MIN_MAXPHYADDR : table.get(JAVA_INT, at + EAX) & 0xff;
  }

  /** The bits of CR4 that no rule of paging reads and that a guest with this table may set. */
  long indifferentCr4() {
    long bits = Cr4.INDIFFERENT;
    bits &= isSet(7, ECX, 2) ? -1 : ~Cr4.UMIP;
    bits &= isSet(1, ECX, 5) ? -1 : ~Cr4.VMXE;
    bits &= isSet(1, ECX, 6) ? -1 : ~Cr4.SMXE;
    bits &= isSet(7, EBX, 0) ? -1 : ~Cr4.FSGSBASE;
    bits &= isSet(1, ECX, 26) ? -1 : ~Cr4.OSXSAVE;
    return bits;
  }

  private boolean isSet(int function, int register, int bit) {
    int at = find(function, 0);
    return at >= 0 && (table.get(JAVA_INT, at + register) >>> bit & 1) != 0;
  }

  /** A copy in {@code arena} that enumerates the features of {@code cpu} and no others. */
  Cpuid as(Cpu cpu, Arena arena) {
    Cpuid copy = new Cpuid(arena.allocate(table.byteSize(), 8).copyFrom(table));
    for (Bit bit : BITS) {
      int at = copy.find(bit.function, bit.index);
      if (at >= 0) {
        int old = copy.table.get(JAVA_INT, at + bit.register);
        // CET's two bits: a processor without shadow stacks has indirect-branch tracking.
        boolean has = cpu.has(bit.feature);
        int mask = 1 << bit.bit;
        copy.table.set(JAVA_INT, at + bit.register, has ? old | mask : old & ~mask);
      }
    }
    int sizes = copy.find(ADDRESS_SIZES, 0);
    if (sizes >= 0) {
      int old = copy.table.get(JAVA_INT, sizes + EAX);
      // Bits 23:16, the guest's own MAXPHYADDR, are left to mean "the same".
      copy.table.set(JAVA_INT, sizes + EAX, (old & ~0xff00ff) | cpu.maxPhyAddr());
    }
    return copy;
  }
}
