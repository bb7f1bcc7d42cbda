package dev.pagewalk.arch;

/**
 * What an access does at its linear address.
 *
 * <p>Shadow-stack accesses happen only while CR4.CET is 1, and then CR0.WP is 1 too; a walk takes
 * that for granted and does not ask.
 */
public enum AccessKind {
  /** A load of data. */
  READ,
  /** A store of data, or a read-modify-write. */
  WRITE,
  /** An instruction fetch. */
  FETCH,
  /** A read by shadow-stack machinery: RET, INCSSP, RSTORSSP. */
  SHADOW_STACK_READ,
  /** A write by shadow-stack machinery: CALL, WRSS, WRUSS. */
  SHADOW_STACK_WRITE;

  /** Whether the access writes: error-code bit W/R. */
  public boolean isWrite() {
    return this == WRITE || this == SHADOW_STACK_WRITE;
  }

  /** The same done by shadow-stack machinery, which fetches nothing. */
  public AccessKind ofShadowStack() {
    return switch (this) {
      case READ, SHADOW_STACK_READ -> SHADOW_STACK_READ;
      case WRITE, SHADOW_STACK_WRITE -> SHADOW_STACK_WRITE;
      case FETCH -> throw new IllegalStateException("shadow-stack machinery fetches nothing");
    };
  }

  /** Whether the access is one of shadow-stack machinery: error-code bit SS. */
  public boolean isShadowStack() {
    return this == SHADOW_STACK_READ || this == SHADOW_STACK_WRITE;
  }
}
