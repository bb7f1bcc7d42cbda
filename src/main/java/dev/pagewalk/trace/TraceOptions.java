package dev.pagewalk.trace;

import java.io.InputStream;

/**
 * How a trace is opened.
 *
 * @param format the format, or null to recognise it by its beginning
 * @param skipMalformed whether malformed lines and records are counted and passed over; else the
 *     first of them ends the trace with a {@link TraceException}
 * @param input what {@code -} stands for
 */
public record TraceOptions(TraceFormat format, boolean skipMalformed, InputStream input) {
  /** Any format, no malformed line, standard input. */
  public static TraceOptions standard() {
    return new TraceOptions(null, false, System.in);
  }

  /** These options with another format. */
  public TraceOptions withFormat(TraceFormat newFormat) {
    return new TraceOptions(newFormat, skipMalformed, input);
  }

  /** These options, passing over malformed lines. */
  public TraceOptions skippingMalformed() {
    return new TraceOptions(format, true, input);
  }
}
