package dev.pagewalk.kernel;

/** Flags of {@code msync}, as Linux numbers them. */
public final class MsyncFlag {
  /** Write-back is left to later. */
  public static final int ASYNC = 1;

  /** Other copies are out of date. */
  public static final int INVALIDATE = 2;

  /** Write-back is awaited. */
  public static final int SYNC = 4;

  private MsyncFlag() {}
}
