package dev.pagewalk.explain;

import static dev.pagewalk.arch.ErrorCode.DEFINED;
import static dev.pagewalk.arch.ErrorCode.HLAT;
import static dev.pagewalk.arch.ErrorCode.ID;
import static dev.pagewalk.arch.ErrorCode.P;
import static dev.pagewalk.arch.ErrorCode.PK;
import static dev.pagewalk.arch.ErrorCode.RSVD;
import static dev.pagewalk.arch.ErrorCode.SGX;
import static dev.pagewalk.arch.ErrorCode.SS;
import static dev.pagewalk.arch.ErrorCode.US;
import static dev.pagewalk.arch.ErrorCode.WR;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;

/**
 * What the error code of a page fault says. Source: SDM 3A "Page-Fault Exceptions".
 *
 * @param code all 32 bits
 */
public record ErrorExplanation(int code) {
  /** The names of the set bits, {@code P + U/S + I/D}; {@code no bit} if none is. */
  public String names() {
    return ErrorCode.names(code);
  }

  /** Who did what and what was wrong with it; then what user mode or supervisor mode means. */
  public List<String> sentences() {
    String what = (has(US) ? "A user-mode " : "A supervisor-mode ") + access();
    return List.of(what + ": " + reason() + ".", mode());
  }

  /** What in entries and registers leads to this code, one cause each. */
  public List<String> causes() {
    List<String> causes = new ArrayList<>();
    if (has(SGX)) {
      causes.add("the page belongs to an enclave, or the access left what SGX allows it");
    } else if (has(RSVD)) {
      causes.add(
          "a bit that must be 0 is 1 in a present entry: an address bit from MAXPHYADDR up, PS in a"
              + " PML5E or PML4E (or, without 1 GiB pages, in a PDPTE), a low address bit of a"
              + " large page, XD while EFER.NXE = 0");
    } else if (!has(P)) {
      causes.add("P = 0 in the entry of some level; the walk ended there");
    } else if (has(SS)) {
      addShadowStackCauses(causes);
    } else {
      addRightsCauses(causes);
    }
    if (has(HLAT)) {
      causes.add("the entry belongs to HLAT paging, not to the tables below CR3");
    }
    if (mayBeFetch()) {
      causes.add(
          "or it was a fetch, if both EFER.NXE and CR4.SMEP are 0: I/D is not reported then");
    }
    return causes;
  }

  /** Why no processor reports this code; empty if one may. */
  public List<String> contradictions() {
    List<String> wrong = new ArrayList<>();
    if ((code & ~DEFINED) != 0) {
      wrong.add(
          "bits "
              + Hex.of(Integer.toUnsignedLong(code & ~DEFINED))
              + " are not defined (bit 31 is RMP on AMD's processors with SEV-SNP)");
    }
    if (has(RSVD) && !has(P)) {
      wrong.add(
          "RSVD without P: an entry with a reserved bit set is present (QEMU 7.2 reports it all the"
              + " same)");
    }
    addIf(wrong, ID | WR, "I/D with W/R: an instruction fetch does not write");
    addIf(wrong, ID | PK, "PK with I/D: protection keys do not limit instruction fetches");
    addIf(wrong, ID | SS, "SS with I/D: a shadow-stack access is a data access");
    if (has(PK) && !has(P)) {
      wrong.add("PK without P: without a translation there is no protection key");
    }
    addIf(wrong, PK | RSVD, "PK with RSVD: with a reserved bit set there is no translation or key");
    if (has(HLAT) && has(P) && !has(RSVD)) {
      wrong.add("HLAT with P but without RSVD: rights are not what HLAT reports");
    }
    if (has(SGX) && !has(P)) {
      wrong.add("SGX without P: SGX refuses only what paging allowed");
    }
    addIf(wrong, SGX | RSVD, "SGX with RSVD: SGX refuses only what paging allowed");
    addIf(wrong, SGX | PK, "SGX with PK: SGX refuses only what paging allowed");
    return wrong;
  }

  private boolean has(int bits) {
    return (code & bits) == bits;
  }

  private void addIf(List<String> wrong, int bits, String sentence) {
    if (has(bits)) {
      wrong.add(sentence);
    }
  }

  private String mode() {
    if (has(US)) {
      return has(SS | WR)
          ? "User-mode: CPL was 3, or the instruction was WRUSS."
          : "User-mode: CPL was 3.";
    }
    return has(ID) || has(SS)
        ? "Supervisor-mode: CPL was 0 to 2."
        : "Supervisor-mode: CPL was 0 to 2, or the processor itself used a GDT, LDT, IDT or TSS, at"
            + " any CPL.";
  }

  /**
   * A fetch reports no I/D while both NXE and SMEP are off; nothing then forbids a supervisor's.
   */
  private boolean mayBeFetch() {
    boolean data = has(WR) || has(PK) || has(SS);
    return !has(ID) && !data && (has(US) || !has(P) || has(RSVD) || has(SGX));
  }

  private String access() {
    if (has(ID)) {
      return "instruction fetch";
    }
    return (has(SS) ? "shadow-stack " : "data ") + (has(WR) ? "write" : "read");
  }

  private String reason() {
    String where = has(HLAT) ? " (under HLAT paging)" : "";
    if (has(SGX)) {
      return "paging allowed it, SGX's own access control did not";
    }
    if (has(RSVD)) {
      return "a present entry of its walk has a reserved bit set" + where;
    }
    if (!has(P)) {
      return "an entry of its walk is not present" + where;
    }
    if (has(PK)) {
      return "the page is present, but its protection key forbids the access";
    }
    return "the page is present, but the access rights forbid it";
  }

  private void addRightsCauses(List<String> causes) {
    boolean user = has(US);
    if (has(PK)) {
      String right = has(WR) ? "AD or WD" : "AD";
      String wp = has(WR) && !user ? " (WD counts for supervisor mode only while CR0.WP = 1)" : "";
      causes.add(right + " of the key in PKRU, for a user-mode page with CR4.PKE = 1" + wp);
      causes.add(
          right + " of the key in IA32_PKRS, for a supervisor-mode page with CR4.PKS = 1" + wp);
      causes.add("other rights may forbid it as well: PK does not say that the key alone did");
      return;
    }
    if (user) {
      causes.add("U/S = 0 in an entry of some level: a supervisor-mode page");
    }
    if (has(WR)) {
      causes.add(
          "R/W = 0 in an entry of some level: a read-only page"
              + (user ? "" : ", with CR0.WP = 1"));
    }
    if (has(ID)) {
      causes.add("XD = 1 in an entry of some level, with EFER.NXE = 1");
    }
    if (!user) {
      causes.add(
          has(ID)
              ? "U/S = 1 at every level, with CR4.SMEP = 1"
              : "U/S = 1 at every level, with CR4.SMAP = 1 and RFLAGS.AC = 0 (or an implicit"
                  + " access)");
    }
  }

  private void addShadowStackCauses(List<String> causes) {
    if (has(PK)) {
      addRightsCauses(causes);
      return;
    }
    causes.add("the page is no shadow-stack page: that is R/W = 0 and D = 1 in the leaf");
    causes.add("R/W = 0 in an entry above the leaf");
    causes.add(
        has(US)
            ? "U/S = 0 in an entry of some level: a supervisor-mode page"
            : "U/S = 1 at every level: a user-mode page");
  }
}
