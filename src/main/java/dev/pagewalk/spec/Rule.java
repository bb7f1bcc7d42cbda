package dev.pagewalk.spec;

/** The rules that a walk decides by, each with what the manual says and where. */
public enum Rule {
  CANONICAL(
      "Canonical Addressing",
      "a linear address is canonical if its bits above the implemented width all equal the highest"
          + " implemented bit; any other raises #SS through the stack segment, else #GP"),
  PRESENT(
      "Page-Fault Exceptions",
      "there is no translation for an address if an entry on the way has the P flag 0"),
  RESERVED(
      "Page-Fault Exceptions",
      "there is no translation for an address if an entry on the way sets a reserved bit"),
  USER_ADDRESS(
      "Determination of Access Rights",
      "user-mode accesses reach user-mode addresses only: U/S is 1 in every entry"),
  WRITE("Determination of Access Rights", "user-mode writes need R/W to be 1 in every entry"),
  WRITE_PROTECT(
      "Determination of Access Rights",
      "if CR0.WP is 1, supervisor-mode writes need R/W to be 1 in every entry"),
  EXECUTE_DISABLE(
      "Determination of Access Rights",
      "if EFER.NXE is 1, instruction fetches need XD to be 0 in every entry"),
  SMEP(
      "Determination of Access Rights",
      "if CR4.SMEP is 1, supervisor-mode fetches from user-mode addresses are not allowed"),
  SMAP(
      "Determination of Access Rights",
      "if CR4.SMAP is 1, supervisor-mode data accesses to user-mode addresses are allowed only if"
          + " they are explicit and RFLAGS.AC is 1"),
  KEY_ACCESS(
      "Protection Keys",
      "if ADi is 1, data accesses to addresses with protection key i are not allowed"),
  KEY_WRITE(
      "Protection Keys",
      "if WDi is 1, writes to addresses with protection key i are not allowed; supervisor-mode"
          + " writes are exempt if CR0.WP is 0"),
  SHADOW_STACK_MODE(
      "Determination of Access Rights",
      "supervisor-mode shadow-stack accesses reach supervisor-mode addresses only"),
  SHADOW_STACK_PAGE(
      "Determination of Access Rights",
      "a shadow-stack page has R/W 0 and D 1 in the entry that maps it and R/W 1 in all others");

  private final String section;
  private final String text;

  Rule(String section, String text) {
    this.section = section;
    this.text = text;
  }

  /** Title of the section of the SDM, volume 1 or 3A, that states the rule. */
  public String section() {
    return section;
  }

  /** The rule in a sentence, without a full stop. */
  public String text() {
    return text;
  }
}
