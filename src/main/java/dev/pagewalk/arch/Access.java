package dev.pagewalk.arch;

/**
 * One access to one linear address, within one page.
 *
 * @param linearAddress the address as software used it, before linear-address masking
 * @param kind what the access does
 * @param mode on whose behalf it is made
 * @param ac RFLAGS.AC at the time of the access
 * @param stack whether the access goes through SS, which decides #SS or #GP
 */
public record Access(long linearAddress, AccessKind kind, Mode mode, boolean ac, boolean stack) {
  /** An access through no stack segment, with RFLAGS.AC = 0. */
  public static Access of(long linearAddress, AccessKind kind, Mode mode) {
    return new Access(linearAddress, kind, mode, false, false);
  }

  /** The same access with RFLAGS.AC as given. */
  public Access withAc(boolean value) {
    return new Access(linearAddress, kind, mode, value, stack);
  }

  /** The same access at another linear address. */
  public Access at(long other) {
    return new Access(other, kind, mode, ac, stack);
  }
}
