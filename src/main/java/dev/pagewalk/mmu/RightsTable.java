package dev.pagewalk.mmu;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.ModelChoices.KeyFlag;
import dev.pagewalk.arch.ModelChoices.KeyRegister;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;

/**
 * What each kind of access needs of a {@link Cached} word, under the registers of now.
 *
 * <p>Worked out when a register changes, for all access codes; an access then takes one look.
 * Source: SDM 3A "Determination of Access Rights" and "Protection Keys".
 */
final class RightsTable {
  private static final long LAM = Cr3.LAM_U48 | Cr3.LAM_U57;

  /** Codes below this are of accesses not through SS, and as many from here on through SS. */
  private static final int THROUGH_SS = AccessCode.STACK;

  /** By access code: the bits of a word that decide, and what they must be; keys and D aside. */
  private final long[] masks = new long[AccessCode.COUNT];

  private final long[] values = new long[AccessCode.COUNT];

  /**
   * By access code: the keys that forbid it, a bit each; bits 15:0 for supervisor-mode addresses,
   * 31:16 for user-mode addresses.
   */
  private final int[] forbiddenKeys = new int[AccessCode.COUNT];

  /** By access code: the bits of the error code that describe the access. */
  private final int[] errorBits = new int[AccessCode.COUNT];

  private boolean keyHidesBehindUs;

  /** Whether masking changes canonical pointers: LAM_U48 under 57-bit linear addresses. */
  private boolean masksCanonical;

  /** Works everything out anew; what the fast path reads is put into {@code words}, from at on. */
  void update(Cpu cpu, Registers registers, long[] words, int at) {
    masksCanonical = registers.la57() && (registers.cr3() & LAM) == Cr3.LAM_U48;
    keyHidesBehindUs = cpu.choices().keyFlag() == KeyFlag.NOT_BEHIND_US;
    boolean byAccess = cpu.choices().keyRegister() == KeyRegister.BY_ACCESS;
    int value = at + Scalars.VALUE;
    int mask = at + Scalars.MASK;
    for (int access = 0; access < THROUGH_SS; access++) {
      if (!AccessCode.isCode(access)) {
        words[value + access] = Cached.NEVER;
        words[mask + access] = Cached.NEVER;
        continue;
      }
      values[access] = required(registers, access);
      masks[access] = values[access] | forbidden(registers, access);
      forbiddenKeys[access] =
          byAccess ? keysByAccess(registers, access) : keysByAddress(registers, access);
      errorBits[access] = errorBits(registers, access);
      long beside = beside(access);
      words[value + access] = values[access] | beside;
      words[mask + access] = masks[access] | beside | key0(access);
    }
    // Rights have nothing to do with the segment that an access is made through.
    repeat(words, value);
    repeat(words, mask);
    repeat(values, 0);
    repeat(masks, 0);
    System.arraycopy(forbiddenKeys, 0, forbiddenKeys, THROUGH_SS, THROUGH_SS);
    System.arraycopy(errorBits, 0, errorBits, THROUGH_SS, THROUGH_SS);
  }

  private static void repeat(long[] words, int from) {
    System.arraycopy(words, from, words, from + THROUGH_SS, THROUGH_SS);
  }

  /** What the fast path asks for besides the rights; it leaves all that is rare aside. */
  private long beside(int access) {
    int keys = forbiddenKeys[access];
    boolean forbidsKey0 = (keys & 0x1_0001) != 0;
    boolean masked = masksCanonical && !isFetch(access);
    boolean never = forbidsKey0 || masked || isShadowStack(access);
    long dirty = isWrite(access) ? Cached.D : 0;
    return Cached.REGULAR | Cached.VALID | dirty | (never ? Cached.NEVER : 0);
  }

  /** Where some keys forbid the access, the fast path takes pages with key 0 only. */
  private long key0(int access) {
    return forbiddenKeys[access] == 0 ? 0 : Cached.KEY;
  }

  /** Whether {@code word} allows the access, but for D, which {@link #needsWalkForD} asks. */
  boolean allows(long word, int access) {
    return (word & masks[access]) == values[access] && !keyForbids(word, access);
  }

  /** Whether the access is a write and the word's D is 0: it is for a walk to set it. */
  static boolean needsWalkForD(long word, int access) {
    return isWrite(access) && (word & Cached.D) == 0;
  }

  /** The error code of an access that {@code word} does not allow. */
  int refusal(long word, int access) {
    boolean behindUs = (access & AccessCode.USER) != 0 && (word & Cached.US) == 0;
    boolean key = keyForbids(word, access) && !(keyHidesBehindUs && behindUs);
    return errorBits[access] | ErrorCode.P | (key ? ErrorCode.PK : 0);
  }

  /** The error code of an access whose walk ended with {@code cause}: 0, P or RSVD. */
  int failure(int cause, int access) {
    return errorBits[access] | cause;
  }

  static boolean isWrite(int access) {
    return (access & AccessCode.WRITE) != 0;
  }

  static boolean isFetch(int access) {
    return (access & AccessCode.FETCH) != 0;
  }

  static boolean isShadowStack(int access) {
    return (access & AccessCode.SHADOW_STACK) != 0;
  }

  private static boolean isUser(int access) {
    return (access & AccessCode.USER) != 0;
  }

  private boolean keyForbids(long word, int access) {
    int half = (word & Cached.US) != 0 ? ProtectionKeys.KEYS : 0;
    return ((forbiddenKeys[access] >>> (Entry.key(word) + half)) & 1) != 0;
  }

  /** Bits that must be 1. */
  private static long required(Registers registers, int access) {
    boolean user = isUser(access);
    long required = user ? Cached.US : 0;
    if (isShadowStack(access)) {
      // R/W is 1 in every entry but the last, which has R/W 0 and D 1.
      return required | Cached.TABLES_WRITABLE | Cached.D;
    }
    boolean guarded = isWrite(access) && (user || registers.wp());
    return required | (guarded ? Cached.RW : 0);
  }

  /** Bits that must be 0. */
  private static long forbidden(Registers registers, int access) {
    boolean user = isUser(access);
    if (isFetch(access)) {
      // "If CR4.SMEP = 1, instructions may not be fetched from any user-mode address."
      long smep = !user && registers.smep() ? Cached.US : 0;
      return smep | (registers.nxe() ? Cached.XD : 0);
    }
    if (isShadowStack(access)) {
      return Cached.RW | (user ? 0 : Cached.US);
    }
    // RFLAGS.AC lets explicit supervisor-mode accesses through SMAP.
    boolean acLetsItThrough = (access & (AccessCode.AC | AccessCode.IMPLICIT)) == AccessCode.AC;
    return !user && registers.smap() && !acLetsItThrough ? Cached.US : 0;
  }

  /**
   * PKRU guards user-mode addresses, IA32_PKRS supervisor-mode addresses, whoever accesses them.
   */
  private static int keysByAddress(Registers registers, int access) {
    if (isFetch(access)) {
      return 0;
    }
    boolean write = isWrite(access) && (isUser(access) || registers.wp());
    int user = registers.pke() ? disabled(registers.pkru(), write) : 0;
    int supervisor = registers.pks() ? disabled(registers.pkrs(), write) : 0;
    return (user << ProtectionKeys.KEYS) | supervisor;
  }

  /** DEVIATION: Bochs 2.7 asks PKRU, where it concerns user mode, by the access's mode. */
  private static int keysByAccess(Registers registers, int access) {
    if (isFetch(access)) {
      return 0;
    }
    boolean guardedWrite = isWrite(access) && registers.wp();
    int keys = 0;
    if (isUser(access)) {
      keys |= registers.pke() ? disabled(registers.pkru(), isWrite(access)) : 0;
    } else {
      boolean pkru = registers.pke() && guardedWrite;
      keys |= pkru ? ProtectionKeys.writeDisabledKeys(registers.pkru()) : 0;
      keys |= registers.pks() ? disabled(registers.pkrs(), guardedWrite) : 0;
    }
    return (keys << ProtectionKeys.KEYS) | keys;
  }

  private static int disabled(int register, boolean write) {
    int keys = ProtectionKeys.accessDisabledKeys(register);
    return write ? keys | ProtectionKeys.writeDisabledKeys(register) : keys;
  }

  private static int errorBits(Registers registers, int access) {
    int error = isWrite(access) ? ErrorCode.WR : 0;
    error |= isUser(access) ? ErrorCode.US : 0;
    boolean tellsFetches = registers.smep() || registers.nxe();
    error |= isFetch(access) && tellsFetches ? ErrorCode.ID : 0;
    return error | (isShadowStack(access) ? ErrorCode.SS : 0);
  }
}
