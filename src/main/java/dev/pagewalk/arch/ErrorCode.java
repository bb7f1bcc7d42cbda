package dev.pagewalk.arch;

import java.util.ArrayList;
import java.util.List;

/**
 * Bits of the error code that a page fault pushes. Source: SDM 3A "Page-Fault Exceptions".
 *
 * <p>"This flag describes the access causing the page-fault exception, not the access rights
 * specified by paging": said of W/R, U/S, I/D and SS.
 */
public final class ErrorCode {
  /** 0: an entry was not present; 1: the access violated rights or a reserved bit was set. */
  public static final int P = 1;

  /** The access was a write. */
  public static final int WR = 1 << 1;

  /** The access was a user-mode access. */
  public static final int US = 1 << 2;

  /** A reserved bit was set in an entry. */
  public static final int RSVD = 1 << 3;

  /** The access was an instruction fetch, and SMEP or NXE is on. */
  public static final int ID = 1 << 4;

  /** The protection key forbade the access. */
  public static final int PK = 1 << 5;

  /** The access was a shadow-stack access. */
  public static final int SS = 1 << 6;

  /** The fault came from HLAT paging. */
  public static final int HLAT = 1 << 7;

  /** SGX refused the access; unrelated to paging. */
  public static final int SGX = 1 << 15;

  /** All bits that are defined. */
  public static final int DEFINED = P | WR | US | RSVD | ID | PK | SS | HLAT | SGX;

  /** Every field, from bit 31 down. */
  public static final List<Field> FIELDS =
      List.of(
          neverSet(31, 16),
          Field.bit("SGX", 15, "SGX-specific access control refused the access"),
          neverSet(14, 8),
          Field.bit("HLAT", 7, "there was no translation by HLAT paging"),
          Field.bit("SS", 6, "shadow-stack access"),
          Field.bit("PK", 5, "the protection key forbade the data access"),
          Field.bit("I/D", 4, "instruction fetch; only with CR4.SMEP or EFER.NXE"),
          Field.bit("RSVD", 3, "a reserved bit was set in a paging-structure entry"),
          Field.bit("U/S", 2, "user-mode access"),
          Field.bit("W/R", 1, "write"),
          Field.bit("P", 0, "0: an entry was not present; 1: rights or a reserved bit forbade it"));

  private ErrorCode() {}

  /** The names of the set bits, {@code P + U/S + I/D}; {@code no bit} if none is. */
  public static String names(int code) {
    List<String> names = new ArrayList<>();
    for (int i = FIELDS.size() - 1; i >= 0; i--) {
      Field field = FIELDS.get(i);
      if (field.role() == Field.Role.DEFINED && field.in(code) != 0) {
        names.add(field.name());
      }
    }
    if ((code & ~DEFINED) != 0) {
      names.add("undefined bits");
    }
    return names.isEmpty() ? "no bit" : String.join(" + ", names);
  }

  private static Field neverSet(int high, int low) {
    return new Field("reserved", high, low, Field.Role.RESERVED, "no processor sets it");
  }
}
