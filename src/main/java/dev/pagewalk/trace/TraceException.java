package dev.pagewalk.trace;

import java.io.IOException;
import java.io.Serial;

/** A malformed trace. The message is one line: file, place in it, and what was expected. */
public final class TraceException extends IOException {
  @Serial private static final long serialVersionUID = 1;

  /**
   * A mistake in a trace.
   *
   * @param file as the user named it
   * @param place "line 12" or "byte 4096"
   * @param expected "expected …; found …"
   */
  public TraceException(String file, String place, String expected) {
    super(file + ": " + place + ": " + expected);
  }
}
