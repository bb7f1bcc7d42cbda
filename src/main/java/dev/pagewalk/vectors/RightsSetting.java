package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;

/**
 * An access and all that its rights depend on: who makes it, what registers say, and what the
 * entries on the way say together.
 *
 * @param kind of the access
 * @param bits those of the constants here that hold; of {@link #EXTENDED} those that only accesses
 *     of an {@link Extension} know
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

  /** Of a shadow-stack access: R/W is 1 in the entry that maps the page. */
  static final int LEAF_RW = 1 << 13;

  /** Of a shadow-stack access: D is 1 in that entry. */
  static final int LEAF_D = 1 << 14;

  /** The access is an implicit supervisor-mode access; {@link #USER} is its CPL. */
  static final int IMPLICIT = 1 << 15;

  /** How many sets of bits there are of accesses that need no extension. */
  static final int ALL = 1 << 13;

  boolean is(int bit) {
    return (bits & bit) != 0;
  }

  /** How many there are of all accesses. */
  static final int EXTENDED = 1 << 16;

  /**
   * Whether there is such a machine: XD is a reserved bit while EFER.NXE is 0, and shadow stacks
   * need CR0.WP.
   */
  boolean isPossible() {
    return (is(NXE) || !is(PAGE_XD)) && (is(WP) || !kind.isShadowStack());
  }

  /** The extension that it needs; null if it needs none. */
  Extension extension() {
    return Extension.of(access(0));
  }

  /** The access at {@code address}. */
  Access access(long address) {
    Mode mode = is(IMPLICIT) ? Mode.IMPLICIT_SUPERVISOR : is(USER) ? Mode.USER : Mode.SUPERVISOR;
    return new Access(address, kind, mode, is(AC), false);
  }

  /** CPL at the access. */
  int cpl() {
    return is(USER) ? 3 : 0;
  }

  /** {@code state} with the registers' part of this, for a page whose key is {@code key}. */
  Registers registers(Registers state, int key) {
    long cr4 = state.cr4() & ~(Cr4.SMEP | Cr4.SMAP | Cr4.PKE | Cr4.PKS | Cr4.CET);
    cr4 |= kind.isShadowStack() ? Cr4.CET : state.cr4() & Cr4.CET;
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

  /**
   * The entry that maps the page, if a shadow-stack access is made: R/W and D as they are here. Of
   * other accesses the entry itself.
   */
  long leaf(long entry) {
    if (!kind.isShadowStack()) {
      return entry;
    }
    long bits = (is(LEAF_RW) ? Entry.RW : 0) | (is(LEAF_D) ? Entry.D : 0);
    return (entry & ~(Entry.RW | Entry.D)) | bits;
  }

  /** What an entry loses that takes a right away, of those that this page has not. */
  long taken() {
    return (is(PAGE_US) ? 0 : Entry.US) | (is(PAGE_RW) ? 0 : Entry.RW);
  }
}
