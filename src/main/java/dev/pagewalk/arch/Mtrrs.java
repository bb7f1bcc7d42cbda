package dev.pagewalk.arch;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The memory-type range registers: which memory type each physical address has. Immutable.
 *
 * <p>Source: SDM 3A "Memory Type Range Registers (MTRRs)".
 *
 * @param defType IA32_MTRR_DEF_TYPE
 * @param fixed the eleven fixed-range MTRRs, by address: IA32_MTRR_FIX64K_00000, FIX16K_80000,
 *     FIX16K_A0000, FIX4K_C0000 to FIX4K_F8000; each has a type in each of its bytes
 * @param variable the variable-range MTRRs, at most 40
 */
public record Mtrrs(long defType, List<Long> fixed, List<VariableRange> variable) {
  /** Index of the MSR IA32_MTRRCAP, which is read-only. */
  public static final long CAP_MSR = 0xfeL;

  /** Index of the MSR IA32_MTRR_PHYSBASE0; IA32_MTRR_PHYSMASK0 and the other pairs follow. */
  public static final long PHYSBASE0_MSR = 0x200L;

  /** Index of the MSR IA32_MTRR_FIX64K_00000: 64 KiB a byte. */
  public static final long FIX64K_00000_MSR = 0x250L;

  /** Index of the MSR IA32_MTRR_FIX16K_80000: 16 KiB a byte; that for A0000 follows. */
  public static final long FIX16K_80000_MSR = 0x258L;

  /** Index of the MSR IA32_MTRR_FIX4K_C0000: 4 KiB a byte; those up to F8000 follow. */
  public static final long FIX4K_C0000_MSR = 0x268L;

  /** Index of the MSR IA32_MTRR_DEF_TYPE. */
  public static final long DEF_TYPE_MSR = 0x2ffL;

  /** In IA32_MTRR_DEF_TYPE: the fixed-range MTRRs are enabled. */
  public static final long FE = 1L << 10;

  /** In IA32_MTRR_DEF_TYPE: the MTRRs are enabled; if not, all memory is UC. */
  public static final long E = 1L << 11;

  /** In IA32_MTRR_DEF_TYPE: the memory type of what no range has. */
  public static final long TYPE = 0xffL;

  /** In IA32_MTRRCAP: there are fixed-range MTRRs. */
  public static final long CAP_FIX = 1L << 8;

  /** In IA32_MTRRCAP: the memory type WC is supported. */
  public static final long CAP_WC = 1L << 10;

  /** Number of fixed-range MTRRs. */
  public static final int FIXED = 11;

  /** Most variable-range MTRRs that the indices of MSRs have room for. */
  public static final int MAX_VARIABLE = 40;

  private static final long FIXED_END = 1L << 20;
  private static final int FIX16K = 0x80000;
  private static final int FIX4K = 0xc0000;

  public Mtrrs {
    fixed = List.copyOf(fixed);
    variable = List.copyOf(variable);
    if (fixed.size() != FIXED || variable.size() > MAX_VARIABLE) {
      throw new IllegalArgumentException("expected 11 fixed ranges and at most 40 variable ones");
    }
    Optional<String> illegal = whyIllegalDefType(defType);
    for (int i = 0; i < FIXED && illegal.isEmpty(); i++) {
      illegal = whyIllegalFixed(fixed.get(i));
    }
    if (illegal.isPresent()) {
      throw new IllegalArgumentException(illegal.get());
    }
  }

  /**
   * MTRRs with {@code variable} variable ranges, none of them valid, that give all memory the type
   * WB.
   */
  public static Mtrrs writeBack(int variable) {
    return empty(E | MemoryType.WB.encoding(), variable);
  }

  /** MTRRs with {@code variable} variable ranges after reset: disabled, so all memory is UC. */
  public static Mtrrs afterReset(int variable) {
    return empty(0, variable);
  }

  private static Mtrrs empty(long defType, int variable) {
    return new Mtrrs(
        defType,
        Collections.nCopies(FIXED, 0L),
        Collections.nCopies(variable, new VariableRange(0, 0)));
  }

  /** The memory type of physical address {@code pa}. */
  public MemoryType typeAt(long pa) {
    if ((defType & E) == 0) {
      return MemoryType.UC;
    }
    if ((defType & FE) != 0 && Long.compareUnsigned(pa, FIXED_END) < 0) {
      return MemoryType.inMtrr(fixedByte((int) pa)).orElseThrow();
    }
    MemoryType found = null;
    for (VariableRange range : variable) {
      if (range.contains(pa)) {
        found = found == null ? range.type() : overlap(found, range.type());
      }
    }
    return found == null ? MemoryType.inMtrr(defType & TYPE).orElseThrow() : found;
  }

  /** What RDMSR reads from {@code msr}; nothing if it is none of the MTRRs. */
  public OptionalLong read(long msr) {
    if (msr == CAP_MSR) {
      return OptionalLong.of(CAP_WC | CAP_FIX | variable.size());
    }
    if (msr == DEF_TYPE_MSR) {
      return OptionalLong.of(defType);
    }
    if (fixedIndex(msr) >= 0) {
      return OptionalLong.of(fixed.get(fixedIndex(msr)));
    }
    if (isVariable(msr)) {
      VariableRange range = variable.get(variableIndex(msr));
      return OptionalLong.of(isMask(msr) ? range.mask() : range.base());
    }
    return OptionalLong.empty();
  }

  /**
   * Why {@code cpu} refuses WRMSR of {@code value} to {@code msr} with #GP; nothing if it takes it.
   */
  public Optional<String> whyRefused(Cpu cpu, long msr, long value) {
    if (msr == CAP_MSR) {
      return Optional.of("IA32_MTRRCAP is read-only");
    }
    if (msr == DEF_TYPE_MSR) {
      return whyIllegalDefType(value);
    }
    if (fixedIndex(msr) >= 0) {
      return whyIllegalFixed(value);
    }
    if (isVariable(msr)) {
      return isMask(msr)
          ? VariableRange.whyIllegalMask(value, cpu.maxPhyAddr())
          : VariableRange.whyIllegalBase(value, cpu.maxPhyAddr());
    }
    return Optional.of("the processor has no MSR " + Hex.of(msr));
  }

  /**
   * These MTRRs after WRMSR of {@code value} to {@code msr}, which the processor does not refuse.
   *
   * @throws IllegalArgumentException if every processor refuses it
   */
  public Mtrrs with(long msr, long value) {
    if (msr == DEF_TYPE_MSR) {
      return new Mtrrs(value, fixed, variable);
    }
    if (fixedIndex(msr) >= 0) {
      return new Mtrrs(defType, replaced(fixed, fixedIndex(msr), value), variable);
    }
    if (!isVariable(msr)) {
      throw new IllegalArgumentException("no MTRR that can be written: " + Hex.of(msr));
    }
    VariableRange range = variable.get(variableIndex(msr));
    VariableRange after =
        isMask(msr)
            ? new VariableRange(range.base(), value)
            : new VariableRange(value, range.mask());
    return new Mtrrs(defType, fixed, replaced(variable, variableIndex(msr), after));
  }

  /** The type where two variable ranges overlap. Source: SDM 3A "MTRR Precedences". */
  private static MemoryType overlap(MemoryType one, MemoryType other) {
    if (one == other) {
      return one;
    }
    boolean cached =
        (one == MemoryType.WT || one == MemoryType.WB)
            && (other == MemoryType.WT || other == MemoryType.WB);
    // "If two or more variable memory ranges match and one of the memory types is UC, the UC memory
    // type used." MODEL: so it is where the manual says that "processor behavior is undefined".
    return cached ? MemoryType.WT : MemoryType.UC;
  }

  /** The byte of the fixed-range MTRRs that has the address {@code low}, below 1 MiB. */
  private long fixedByte(int low) {
    if (low < FIX16K) {
      return typeByte(fixed.get(0), low >>> 16);
    }
    if (low < FIX4K) {
      return typeByte(fixed.get(1 + ((low - FIX16K) >>> 17)), low >>> 14);
    }
    return typeByte(fixed.get(3 + ((low - FIX4K) >>> 15)), low >>> 12);
  }

  private static long typeByte(long types, int index) {
    return types >>> (8 * (index & 7)) & TYPE;
  }

  private static Optional<String> whyIllegalDefType(long value) {
    if ((value & ~(E | FE | TYPE)) != 0) {
      return Optional.of("bits 9:8 and 63:12 of IA32_MTRR_DEF_TYPE are reserved");
    }
    return whyIllegalType(value & TYPE);
  }

  private static Optional<String> whyIllegalFixed(long value) {
    Optional<String> illegal = Optional.empty();
    for (int i = 0; i < Long.BYTES && illegal.isEmpty(); i++) {
      illegal = whyIllegalType(typeByte(value, i));
    }
    return illegal;
  }

  static Optional<String> whyIllegalType(long encoding) {
    return MemoryType.inMtrr(encoding).isPresent()
        ? Optional.empty()
        : Optional.of("memory type " + Hex.of(encoding) + " is reserved in an MTRR");
  }

  /** Place of {@code msr} among the fixed-range MTRRs, or -1. */
  private static int fixedIndex(long msr) {
    if (msr == FIX64K_00000_MSR) {
      return 0;
    }
    if (msr == FIX16K_80000_MSR || msr == FIX16K_80000_MSR + 1) {
      return 1 + (int) (msr - FIX16K_80000_MSR);
    }
    return msr >= FIX4K_C0000_MSR && msr < FIX4K_C0000_MSR + 8
        ? 3 + (int) (msr - FIX4K_C0000_MSR)
        : -1;
  }

  private boolean isVariable(long msr) {
    return msr >= PHYSBASE0_MSR && msr < PHYSBASE0_MSR + 2L * variable.size();
  }

  private static int variableIndex(long msr) {
    return (int) (msr - PHYSBASE0_MSR) / 2;
  }

  /** Whether {@code msr}, one of a variable range, is its IA32_MTRR_PHYSMASK. */
  private static boolean isMask(long msr) {
    return (msr & 1) != 0;
  }

  private static <T> List<T> replaced(List<T> list, int index, T value) {
    List<T> after = new ArrayList<>(list);
    after.set(index, value);
    return after;
  }
}
