package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;

/**
 * An access and all that its rights depend on: who makes it, what registers say, and what the
 * entries on the way say together.
 *
 * @param kind of the access
 * @param bits those of the constants here that hold
 */
record RightsSetting(AccessKind kind, int bits) {
  static final int USER = 1;
  static final int AC = 1 << 1;
  static final int WP = 1 << 2;
  static final int SMEP = 1 << 3;
  static final int SMAP = 1 << 4;
  static final int NXE = 1 << 5;
  static final int PKE = 1 << 6;
  static final int PKS = 1 << 7;

  /** The key's access-disable bit in the register that guards the page. */
  static final int AD = 1 << 8;

  /** Its write-disable bit. */
  static final int WD = 1 << 9;

  /** U/S is 1 in every entry. */
  static final int PAGE_US = 1 << 10;

  /** R/W is 1 in every entry. */
  static final int PAGE_RW = 1 << 11;

  /** XD is 1 in an entry. */
  static final int PAGE_XD = 1 << 12;

  /** How many sets of bits there are. */
  static final int ALL = 1 << 13;

  boolean is(int bit) {
    return (bits & bit) != 0;
  }

  /** Whether there is such a machine: XD is a reserved bit while EFER.NXE is 0. */
  boolean isPossible() {
    return is(NXE) || !is(PAGE_XD);
  }

  /** {@code state} with the registers' part of this, for a page whose key is {@code key}. */
  Registers registers(Registers state, int key) {
    long cr4 = state.cr4() & ~(Cr4.SMEP | Cr4.SMAP | Cr4.PKE | Cr4.PKS);
    cr4 |= (is(SMEP) ? Cr4.SMEP : 0) | (is(SMAP) ? Cr4.SMAP : 0);
    cr4 |= (is(PKE) ? Cr4.PKE : 0) | (is(PKS) ? Cr4.PKS : 0);
    long cr0 = (state.cr0() & ~Cr0.WP) | (is(WP) ? Cr0.WP : 0);
    long efer = (state.efer() & ~Efer.NXE) | (is(NXE) ? Efer.NXE : 0);
    int of = (is(AD) ? ProtectionKeys.AD : 0) | (is(WD) ? ProtectionKeys.WD : 0);
    int mask = 3 << (2 * key);
    boolean byPkru = is(PAGE_US);
    int pkru = byPkru ? (state.pkru() & ~mask) | (of << (2 * key)) : state.pkru();
    int pkrs = byPkru ? state.pkrs() : (state.pkrs() & ~mask) | (of << (2 * key));
    return state.withCr0(cr0).withCr4(cr4).withEfer(efer).withPkru(pkru).withPkrs(pkrs);
  }

  /** What an entry loses that takes a right away, of those that this page has not. */
  long taken() {
    return (is(PAGE_US) ? 0 : Entry.US) | (is(PAGE_RW) ? 0 : Entry.RW);
  }
}
