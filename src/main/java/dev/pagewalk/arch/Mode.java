package dev.pagewalk.arch;

/**
 * On whose behalf an access is made. Source: SDM 3A "Determination of Access Rights".
 *
 * <p>Accesses at CPL 3 are user-mode accesses, those at lower CPL supervisor-mode accesses; WRUSS
 * makes user-mode accesses at CPL 0.
 */
public enum Mode {
  /** A user-mode access. */
  USER,
  /** An explicit supervisor-mode access: RFLAGS.AC decides under SMAP. */
  SUPERVISOR,
  /** An implicit supervisor-mode access, to a GDT, LDT, IDT or TSS: RFLAGS.AC is not looked at. */
  IMPLICIT_SUPERVISOR;

  /** The mode of an ordinary explicit access at {@code cpl}, 0 to 3. */
  public static Mode atCpl(int cpl) {
    return cpl == 3 ? USER : SUPERVISOR;
  }

  /** Whether it is a user-mode access: error-code bit U/S. */
  public boolean isUser() {
    return this == USER;
  }
}
