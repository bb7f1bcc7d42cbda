package dev.pagewalk.cli;

/**
 * Colours for a terminal, or none. Pad a text to its width first and colour it afterwards.
 *
 * <p>Sequences: ECMA-48 "SGR - Select Graphic Rendition".
 */
enum Style {
  PLAIN,
  COLOUR;

  private static final String RESET = "\u001b[0m";

  /** Whether no text is ever coloured. */
  boolean isPlain() {
    return this == PLAIN;
  }

  /** A title, or what matters most. */
  String strong(String text) {
    return paint("\u001b[1m", text);
  }

  /** What matters least. */
  String faint(String text) {
    return paint("\u001b[2m", text);
  }

  /** Something wrong. */
  String bad(String text) {
    return paint("\u001b[31m", text);
  }

  /** Something right. */
  String good(String text) {
    return paint("\u001b[32m", text);
  }

  /** A name: a bit, a level, a file. */
  String name(String text) {
    return paint("\u001b[36m", text);
  }

  private String paint(String sequence, String text) {
    return this == PLAIN || text.isEmpty() ? text : sequence + text + RESET;
  }
}
