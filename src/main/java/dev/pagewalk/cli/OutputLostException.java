package dev.pagewalk.cli;

import java.io.IOException;

/** Standard output cannot be written: its reader went away, or the disk is full. */
final class OutputLostException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean brokenPipe;

  OutputLostException(IOException cause) {
    super("standard output: " + cause.getMessage(), cause, false, false);
    this.brokenPipe = "Broken pipe".equals(cause.getMessage());
  }

  /** Whether the reader went away, as {@code head} does: no error, but no reason to go on. */
  boolean isBrokenPipe() {
    return brokenPipe;
  }
}
