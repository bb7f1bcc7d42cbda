package dev.pagewalk.kernel;

/** Flags of {@code mremap}, as Linux numbers them. */
public final class MremapFlag {
  /** The mapping may move. */
  public static final int MAYMOVE = 1;

  /** It moves exactly to the new address, over what is there. */
  public static final int FIXED = 2;

  /** The old mapping stays, empty. */
  public static final int DONTUNMAP = 4;

  private MremapFlag() {}
}
