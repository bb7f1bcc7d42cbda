package dev.pagewalk.trace;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Recognises a format by its beginning: the binary ones by their magic or by records that could be
 * instructions, the text ones by the first line that only one of them has.
 */
final class Recognition {
  private static final Pattern LACKEY = Pattern.compile("(?:I {2}| [LSM] )[0-9a-fA-F]{1,16},\\d+");
  private static final Pattern DRMEMTRACE =
      Pattern.compile("Output format:|.*<marker: .*|.* byte\\(s\\) @ 0x[0-9a-f]+.*");
  private static final Pattern CSV =
      Pattern.compile("(?i)\\s*(?:pid\\s*,.*|\\d+\\s*,\\s*[a-z]+\\s*,\\s*(?:0x)?[0-9a-f]+.*)");
  private static final Pattern DIN =
      Pattern.compile(
          "\\s*(?:[0-4][ \\t]+(?:0x)?[0-9a-fA-F]{1,16}(?:\\s.*)?|[rwimcv]["
              + " \\t]+(?:0x)?[0-9a-fA-F]{1,16}[ \\t]+(?:0x)?[0-9a-fA-F]{1,4}(?:\\s.*)?)");
  private static final Pattern VALGRIND = Pattern.compile("==\\d+==.*");

  private Recognition() {}

  /**
   * The format of {@code input}.
   *
   * @throws TraceException if it is none of those known
   */
  static TraceFormat of(TraceInput input) throws IOException {
    byte[] head = input.head();
    if (head.length == 0) {
      throw refusal(input, "an empty file");
    }
    if (startsWithMagic(head)) {
      return TraceFormat.PWT;
    }
    TraceFormat format = isText(head) ? ofText(head) : ofInstructions(head);
    if (format == null) {
      int lineEnd = 0;
      while (lineEnd < head.length && head[lineEnd] != '\n') {
        lineEnd++;
      }
      throw refusal(input, Quote.of(head, 0, lineEnd));
    }
    return format;
  }

  private static TraceException refusal(TraceInput input, String found) {
    return new TraceException(
        input.name(), "byte 0", "expected a trace (" + TraceFormat.words() + "); found " + found);
  }

  /** The magic, or as much of it as a file has that was cut off within it. */
  private static boolean startsWithMagic(byte[] head) {
    int length = Math.min(head.length, Pwt.MAGIC_BYTES);
    for (int i = 0; i < length; i++) {
      if (head[i] != (byte) (Pwt.MAGIC >>> (8 * i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isText(byte[] head) {
    for (byte value : head) {
      if (value >= 0 && value < ' ' && value != '\n' && value != '\r' && value != '\t') {
        return false;
      }
    }
    return true;
  }

  private static TraceFormat ofText(byte[] head) throws IOException {
    var lines = new LineSource(new ByteArrayInputStream(head));
    TraceFormat fallback = null;
    while (lines.next()) {
      String line =
          new String(lines.bytes, lines.from, lines.to - lines.from, StandardCharsets.ISO_8859_1);
      TraceFormat format = ofLine(line);
      if (format != null) {
        return format;
      }
      if (VALGRIND.matcher(line).matches()) {
        fallback = TraceFormat.LACKEY;
      }
    }
    return fallback;
  }

  private static TraceFormat ofLine(String line) {
    if (LACKEY.matcher(line).matches()) {
      return TraceFormat.LACKEY;
    }
    if (DRMEMTRACE.matcher(line).matches()) {
      return TraceFormat.DRMEMTRACE;
    }
    if (CSV.matcher(line).matches()) {
      return TraceFormat.CSV;
    }
    return DIN.matcher(line).matches() ? TraceFormat.DIN : null;
  }

  private static TraceFormat ofInstructions(byte[] head) {
    if (fit(head, ChampSimReader.Layout.CHAMPSIM)) {
      return TraceFormat.CHAMPSIM;
    }
    return fit(head, ChampSimReader.Layout.CLOUDSUITE) ? TraceFormat.CLOUDSUITE : null;
  }

  private static boolean fit(byte[] head, ChampSimReader.Layout layout) {
    if (head.length < layout.bytes) {
      return false;
    }
    for (int at = 0; at + layout.bytes <= head.length; at += layout.bytes) {
      if (!layout.fits(head, at)) {
        return false;
      }
    }
    return true;
  }
}
