package dev.pagewalk.trace;

import java.nio.charset.StandardCharsets;

/** What was found in a trace, for the one line of a message: quoted, short and printable. */
final class Quote {
  private static final int MOST_CHARACTERS = 60;

  private Quote() {}

  /** {@code text} in quotation marks, cut off if long. */
  static String of(String text) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length() && i < MOST_CHARACTERS; i++) {
      char c = text.charAt(i);
      boolean printable = c >= ' ' && c != 0x7f && !(c >= 0x80 && c < 0xa0) && c != 0xfffd;
      quoted.append(printable && c != 0x2028 && c != 0x2029 ? c : '?');
    }
    return quoted.append(text.length() > MOST_CHARACTERS ? "…\"" : "\"").toString();
  }

  /** The bytes of a line, read as UTF-8. */
  static String of(byte[] bytes, int from, int to) {
    // No character has more than four bytes.
    int end = Math.min(to, from + (4 * MOST_CHARACTERS) + 4);
    return of(new String(bytes, from, end - from, StandardCharsets.UTF_8));
  }
}
