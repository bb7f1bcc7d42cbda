package dev.pagewalk.arch;

import java.util.List;

/**
 * Bits of PKRU (keys of user-mode addresses) and of the MSR IA32_PKRS (supervisor-mode addresses).
 *
 * <p>Both are 32 bits wide, two for each of the sixteen keys: AD at bit 2i, WD at bit 2i + 1.
 * Source: SDM 3A "Protection Keys".
 */
public final class ProtectionKeys {
  /** Index of the MSR IA32_PKRS. */
  public static final long PKRS_MSR = 0x6e1L;

  /** AD of key 0: data accesses are disabled. That of key i is two bits higher for each key. */
  public static final int AD = 1;

  /** WD of key 0: writes are disabled. That of key i is two bits higher for each key. */
  public static final int WD = 1 << 1;

  /** Number of protection keys. */
  public static final int KEYS = 16;

  /** The two fields of key i, at i = 0. */
  public static final List<Field> FIELDS =
      List.of(
          Field.bit("WDi", 1, "at bit 2i+1: writes with key i are disabled"),
          Field.bit("ADi", 0, "at bit 2i: data accesses with key i are disabled"));

  /** AD of all keys. */
  private static final int EVERY_AD = 0x5555_5555;

  private ProtectionKeys() {}

  /** Whether {@code register} disables all data accesses with {@code key} (0 to 15). */
  public static boolean accessDisabled(int register, int key) {
    return (register >>> (2 * key) & AD) != 0;
  }

  /** Whether {@code register} disables writes with {@code key} (0 to 15). */
  public static boolean writeDisabled(int register, int key) {
    return (register >>> (2 * key) & WD) != 0;
  }

  /** The keys with which {@code register} disables all data accesses: bit i for key i. */
  public static int accessDisabledKeys(int register) {
    return Integer.compress(register, EVERY_AD);
  }

  /** The keys with which {@code register} disables writes: bit i for key i. */
  public static int writeDisabledKeys(int register) {
    return Integer.compress(register, EVERY_AD << 1);
  }
}
