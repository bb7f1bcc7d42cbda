package dev.pagewalk.arch;

/**
 * The registers that paging reads. Immutable: a write makes another value.
 *
 * @param cr0 see {@link Cr0}
 * @param cr3 see {@link Cr3}
 * @param cr4 see {@link Cr4}
 * @param efer see {@link Efer}
 * @param pkru see {@link ProtectionKeys}
 * @param pkrs see {@link ProtectionKeys}
 */
public record Registers(long cr0, long cr3, long cr4, long efer, int pkru, int pkrs) {
  /** 64-bit mode with 4-level paging, NXE and WP on, everything else off. */
  public static Registers longMode(long cr3) {
    return new Registers(
        Cr0.PG | Cr0.WP | Cr0.ET | Cr0.PE, cr3, Cr4.PAE, Efer.NXE | Efer.LMA | Efer.LME, 0, 0);
  }

  public Registers withCr0(long value) {
    return new Registers(value, cr3, cr4, efer, pkru, pkrs);
  }

  public Registers withCr3(long value) {
    return new Registers(cr0, value, cr4, efer, pkru, pkrs);
  }

  public Registers withCr4(long value) {
    return new Registers(cr0, cr3, value, efer, pkru, pkrs);
  }

  public Registers withEfer(long value) {
    return new Registers(cr0, cr3, cr4, value, pkru, pkrs);
  }

  public Registers withPkru(int value) {
    return new Registers(cr0, cr3, cr4, efer, value, pkrs);
  }

  public Registers withPkrs(int value) {
    return new Registers(cr0, cr3, cr4, efer, pkru, value);
  }

  /** CR0.PG, CR4.PAE and EFER.LMA are all 1: 4-level or 5-level paging is in use. */
  public boolean usesIa32ePaging() {
    return (cr0 & Cr0.PG) != 0 && (cr4 & Cr4.PAE) != 0 && (efer & Efer.LMA) != 0;
  }

  public boolean pg() {
    return (cr0 & Cr0.PG) != 0;
  }

  public boolean wp() {
    return (cr0 & Cr0.WP) != 0;
  }

  public boolean lma() {
    return (efer & Efer.LMA) != 0;
  }

  public boolean nxe() {
    return (efer & Efer.NXE) != 0;
  }

  public boolean la57() {
    return (cr4 & Cr4.LA57) != 0;
  }

  public boolean pcide() {
    return (cr4 & Cr4.PCIDE) != 0;
  }

  public boolean smep() {
    return (cr4 & Cr4.SMEP) != 0;
  }

  public boolean smap() {
    return (cr4 & Cr4.SMAP) != 0;
  }

  public boolean pke() {
    return (cr4 & Cr4.PKE) != 0;
  }

  public boolean pks() {
    return (cr4 & Cr4.PKS) != 0;
  }

  /** Width of a linear address under these registers: 57 with CR4.LA57, else 48. */
  public int linearWidth() {
    return la57() ? 57 : 48;
  }

  /** Physical address of the root table: CR3 bits 51:12. */
  public long root() {
    return cr3 & Entry.ADDRESS;
  }

  /**
   * Index in the PAT of the memory type with which the root table is read: 2 * PCD + PWT of CR3, 0
   * to 3; with CR4.PCIDE, where those bits belong to the PCID, 0.
   */
  public int patIndexOfRoot() {
    return pcide() ? 0 : Entry.patIndexOfTable(cr3);
  }
}
