package dev.pagewalk.cli;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Rflags;
import dev.pagewalk.kernel.LinuxEntry;
import java.util.List;

/** Writes {@code docs/bits.md}: every bit that {@code arch} names, and the manual's table of it. */
final class BitsDocument {
  private static final String INTRODUCTION =
      """
      # Every bit

      Generated from the tables in `dev.pagewalk.arch` and, for Linux's own bits at the end, from \
      `dev.pagewalk.kernel.LinuxEntry`; a test checks that it is current, and
      `mvn -B test -Dtest=BitsDocumentTest -Dpagewalk.golden=write` writes it anew.

      Pinned editions: Intel SDM, combined volumes, order number 325462, edition 083 (March 2024) \
      and AMD APM volume 2, 24593 revision 3.42 (March 2024). Numbers of sections, tables and \
      figures move between editions, so titles are cited here and in the code.

      M is MAXPHYADDR, 36 to 52. *reserved* bits must be 0: a page fault with RSVD in an entry \
      whose P is 1, a general-protection fault in a register. *ignored* bits are software's.
      """;

  private static final String SIDE_BY_SIDE =
      """

      ## Paging-structure entries, side by side

      SDM 3A "4-Level Paging and 5-Level Paging", figure "Formats of CR3 and Paging-Structure \
      Entries with 4-Level Paging and 5-Level Paging"; APM 2 "Long-Mode Page Translation". \
      A dot is ignored, a 0 is reserved. If P is 0, all other bits are ignored.

      """;

  private static final String BELOW_ENTRIES =
      """

      What depends on the processor or on registers:

      - address bits 51:M are reserved in every kind of entry;
      - XD is reserved while EFER.NXE is 0;
      - PS of a PDPTE is reserved without 1 GiB pages (CPUID.80000001H:EDX.Page1GB);
      - the protection key is ignored while CR4.PKE (pages with U/S = 1 at every level) or CR4.PKS \
      (other pages) is 0;
      - bit 8 of a PML5E or PML4E is ignored by Intel's processors and reserved by AMD's: a model \
      choice;
      - R/W = 0 with D = 1 in an entry that maps a page makes a shadow-stack page while CR4.CET is 1;
      - R (bit 11) acts in HLAT paging only, which is not modelled.
      """;

  private static final String LINUX =
      """

      ## What Linux writes where the processor does not look

      This is no architecture but Linux's choice on x86-64, as its 6.x has it \
      (`arch/x86/include/asm/pgtable_64.h`, `pgtable_types.h`): the bits of entries that map pages \
      and that the processor ignores. It is what `dev.pagewalk.kernel` writes.

      Numbers that stand where an address would be are inverted while P is 0: a processor with L1TF \
      (CVE-2018-3620) may look into its first-level cache at the address that it finds there, whatever \
      P says. So an inverted slot or frame number points to where no memory is.

      Types of swap entries below 31 are numbers of swap areas; Linux keeps some of the last for \
      migration, poisoned pages and device memory, none of which is modelled. Type 31 is a marker: \
      offset 4 a guard page (`MADV_GUARD_INSTALL`), 2 a poisoned page, 1 a userfaultfd mark; only \
      guards are modelled.

      An entry is none if nothing but A and D is set in it.
      """;

  private final StringBuilder text = new StringBuilder();

  private BitsDocument() {}

  /** The whole document. */
  static String render() {
    var document = new BitsDocument();
    document.text.append(INTRODUCTION).append(SIDE_BY_SIDE);
    document.sideBySide();
    document.text.append(BELOW_ENTRIES);
    for (EntryKind kind : EntryKind.values()) {
      document.table(kind.title(), "SDM 3A table \"" + kind.table() + "\".", kind.fields());
    }
    document.registers();
    document.linux();
    return document.text.toString();
  }

  private void registers() {
    table("CR0", "SDM 3A \"Control Registers\"; APM 2 \"CR0 Register\".", Cr0.FIELDS);
    table(
        "CR3 while CR4.PCIDE = 0",
        "SDM 3A table \"Use of CR3 with 4-Level Paging and 5-Level Paging and CR4.PCIDE = 0\"; the"
            + " LAM bits: \"Linear-Address Pre-Processing\".",
        Cr3.FIELDS);
    table(
        "CR3 while CR4.PCIDE = 1",
        "SDM 3A table \"Use of CR3 with 4-Level Paging and 5-Level Paging and CR4.PCIDE = 1\"; bit"
            + " 63: SDM 2 \"MOV - Move to/from Control Registers\".",
        Cr3.FIELDS_PCIDE);
    table("CR4", "SDM 3A \"Control Registers\"; APM 2 \"CR4 Register\".", Cr4.FIELDS);
    table(
        "EFER, MSR " + Hex.of(Efer.MSR),
        "SDM 3A \"Extended Feature Enable Register\"; APM 2 \"Extended Feature Enable Register"
            + " (EFER)\", which defines more bits.",
        Efer.FIELDS);
    table(
        "RFLAGS",
        "SDM 1 \"EFLAGS Register\"; paging reads one bit.",
        List.of(
            new Field(
                "AC",
                Long.numberOfTrailingZeros(Rflags.AC),
                Long.numberOfTrailingZeros(Rflags.AC),
                Field.Role.DEFINED,
                "with CR4.SMAP: explicit supervisor-mode data accesses reach user-mode pages")));
    text.append("\n## PKRU and IA32_PKRS, MSR ")
        .append(Hex.of(ProtectionKeys.PKRS_MSR))
        .append(
            "\n\nSDM 3A \"Protection Keys\"; 32 bits each, two for each key i from 0 to 15. PKRU")
        .append(
            " limits accesses to\nuser-mode addresses, PKRS those to supervisor-mode addresses;")
        .append(
            " neither limits fetches.\n\n| bits | name | what it does |\n| --- | --- | --- |\n");
    for (Field field : ProtectionKeys.FIELDS) {
      row("2i" + (field.low() == 0 ? "" : "+" + field.low()), field.name(), field.meaning());
    }
    table(
        "Error code of a page fault",
        "SDM 3A \"Page-Fault Exceptions\", figure \"Page-Fault Error Code\"; APM 2 \"#PF -"
            + " Page-Fault Exception\".",
        ErrorCode.FIELDS);
  }

  private void linux() {
    text.append(LINUX);
    table("A present entry: the bits that Linux adds", "`_PAGE_SOFTW1` to 5.", LinuxEntry.PRESENT);
    table(
        "An entry under PROT_NONE",
        "`_PAGE_PROTNONE`, which is G's bit; the mapping keeps its frame.",
        LinuxEntry.PROT_NONE);
    table("A swap entry, or a marker", "`__swp_entry`, `make_pte_marker`.", LinuxEntry.SWAP);
    text.append("\n## What Linux reads in some entries\n\n| entry | what it is |\n| --- | --- |\n");
    for (long entry : LinuxEntry.examples()) {
      text.append("| `").append(Hex.word(entry)).append("` | ");
      text.append(LinuxEntry.describe(entry)).append(" |\n");
    }
  }

  private void table(String title, String source, List<Field> fields) {
    text.append("\n## ").append(title).append("\n\n").append(source);
    text.append("\n\n| bits | name | what it does |\n| --- | --- | --- |\n");
    for (Field field : fields) {
      boolean address = field.role() == Field.Role.ADDRESS;
      String position = address ? "M-1:" + field.low() : field.position();
      if (address) {
        row(field.high() + ":M", "reserved", "must be 0");
      }
      row(position, field.name(), field.meaning());
    }
  }

  private void row(String bits, String name, String meaning) {
    text.append("| ").append(bits).append(" | ").append(name).append(" | ");
    text.append(meaning).append(" |\n");
  }

  /** A row for each run of bits in which no kind of entry begins another field. */
  private void sideBySide() {
    text.append("| bits |");
    for (EntryKind kind : EntryKind.values()) {
      text.append(' ').append(kind.title()).append(" |");
    }
    text.append("\n| --- |").append(" --- |".repeat(EntryKind.values().length)).append('\n');
    for (int high = 63; high >= 0; ) {
      int low = 0;
      for (EntryKind kind : EntryKind.values()) {
        low = Math.max(low, at(kind, high).low());
      }
      text.append("| ").append(high == low ? "" + high : high + ":" + low).append(" |");
      for (EntryKind kind : EntryKind.values()) {
        text.append(' ').append(cell(at(kind, high))).append(" |");
      }
      text.append('\n');
      high = low - 1;
    }
  }

  private static String cell(Field field) {
    return switch (field.role()) {
      case IGNORED -> ".";
      case RESERVED -> "0";
      case DEFINED, ADDRESS -> field.name();
    };
  }

  private static Field at(EntryKind kind, int bit) {
    for (Field field : kind.fields()) {
      if (field.low() <= bit && bit <= field.high()) {
        return field;
      }
    }
    throw new IllegalStateException(kind + " has no field at bit " + bit);
  }
}
