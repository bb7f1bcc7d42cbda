package dev.pagewalk.kernel;

/** Rights that a mapping is asked for, as Linux numbers them. */
public final class Prot {
  /** No access at all. */
  public static final int NONE = 0;

  /** Pages can be read. */
  public static final int READ = 1;

  /** Pages can be written. */
  public static final int WRITE = 2;

  /** Pages can be executed. */
  public static final int EXEC = 4;

  /** {@code mprotect} goes on to the start of a mapping that grows down. */
  public static final int GROWSDOWN = 0x0100_0000;

  /** {@code mprotect} goes on to the end of a mapping that grows up: there are none on x86. */
  public static final int GROWSUP = 0x0200_0000;

  private Prot() {}
}
