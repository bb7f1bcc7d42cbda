package dev.pagewalk.kernel;

/** Flags of {@code mlockall}, as Linux numbers them. */
public final class MlockallFlag {
  /** What is mapped now. */
  public static final int CURRENT = 1;

  /** What will be mapped. */
  public static final int FUTURE = 2;

  /** Pages are locked as they come in, and not brought in. */
  public static final int ONFAULT = 4;

  private MlockallFlag() {}
}
