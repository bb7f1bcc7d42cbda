package dev.pagewalk.cli;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.explain.Words;
import java.util.ArrayList;
import java.util.List;

/**
 * What a value of CR3 means with 4-level and 5-level paging.
 *
 * @param value as MOV to CR3 writes it
 * @param pcide CR4.PCIDE
 * @param maxPhyAddr MAXPHYADDR, 36 to 52
 */
record Cr3Explanation(long value, boolean pcide, int maxPhyAddr) {
  /** Every field, the part of the address above MAXPHYADDR apart. */
  List<Field> fields() {
    return Words.splitAddress(pcide ? Cr3.FIELDS_PCIDE : Cr3.FIELDS, maxPhyAddr);
  }

  /** Physical address of the root table. */
  long root() {
    return value & Entry.ADDRESS & ((1L << maxPhyAddr) - 1);
  }

  /** Bits that MOV to CR3 refuses. */
  long reservedSet() {
    long bits = 0;
    for (Field field : fields()) {
      bits |= field.role() == Field.Role.RESERVED ? value & field.mask() : 0;
    }
    return bits;
  }

  /** What the value does, one sentence a thing. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (reservedSet() != 0) {
      sentences.add(
          "MOV to CR3 refuses it with #GP(0): "
              + Words.setFields(fields(), reservedSet())
              + " must be 0. Nothing changes.");
      sentences.add("Taken: MAXPHYADDR = " + maxPhyAddr + " (--maxphyaddr).");
      return sentences;
    }
    sentences.add(
        "The root table, a PML4 table (a PML5 table if CR4.LA57 = 1), is at "
            + Hex.of(root())
            + ".");
    if (pcide) {
      sentences.add(
          "Translations are tagged with PCID "
              + Hex.of(value & Cr3.PCID)
              + "; "
              + ((value & Cr3.NO_FLUSH) != 0
                  ? "bit 63 keeps what the TLBs hold for it, and reads as 0 later."
                  : "loading it drops what the TLBs hold for that PCID, global pages apart."));
    } else {
      int pat = Entry.patIndexOfTable(value);
      sentences.add("The root table's memory type is that of " + Words.memoryType(pat) + ".");
      sentences.add("Loading it drops all translations of PCID 0, global pages apart.");
    }
    sentences.add(masking());
    sentences.add("Taken: MAXPHYADDR = " + maxPhyAddr + " (--maxphyaddr).");
    return sentences;
  }

  private String masking() {
    if ((value & Cr3.LAM_U57) != 0) {
      return "User pointers may carry data in bits 62:57 (LAM_U57"
          + ((value & Cr3.LAM_U48) != 0 ? " wins over LAM_U48" : "")
          + "), on a processor with LAM; without it, #GP(0).";
    }
    return (value & Cr3.LAM_U48) != 0
        ? "User pointers may carry data in bits 62:48 (LAM_U48), on a processor with LAM; without"
            + " it, #GP(0)."
        : "User pointers are used as they are: LAM is off for them.";
  }
}
