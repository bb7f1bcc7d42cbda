package dev.pagewalk.cli;

import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;

/**
 * A page of text for a person: titles, wrapped sentences, aligned tables and the drawing of a word.
 *
 * <p>At most {@value #WIDTH} columns, as long as no cell is longer.
 */
final class Page {
  /** Columns that sentences are wrapped at. */
  static final int WIDTH = 96;

  private static final String INDENT = "  ";

  private final StringBuilder text = new StringBuilder();
  private final Style style;

  Page(Style style) {
    this.style = style;
  }

  /** How this page is coloured. */
  Style style() {
    return style;
  }

  /** The first line of a page, or of a part of it. */
  Page title(String title) {
    if (!text.isEmpty()) {
      text.append('\n');
    }
    text.append(style.strong(title)).append('\n');
    return this;
  }

  /** An empty line. */
  Page gap() {
    text.append('\n');
    return this;
  }

  /** Sentences, each on lines of its own. */
  Page sentences(List<String> sentences) {
    for (String sentence : sentences) {
      wrap(sentence, INDENT, INDENT);
    }
    return this;
  }

  /** Sentences as a list with dashes. */
  Page list(List<String> items) {
    for (String item : items) {
      wrap("- " + item, INDENT, INDENT + INDENT);
    }
    return this;
  }

  /** Rows of equally many cells; the first column is a name, the last is wrapped. */
  Page table(List<String[]> rows) {
    int[] widths = widths(rows);
    int last = widths.length - 1;
    int lead = INDENT.length();
    for (int i = 0; i < last; i++) {
      lead += widths[i] + 2;
    }
    String margin = " ".repeat(lead);
    for (String[] row : rows) {
      var line = new StringBuilder(INDENT);
      for (int i = 0; i < last; i++) {
        String cell = pad(row[i], widths[i]);
        line.append(i == 0 ? style.name(cell) : cell).append("  ");
      }
      wrap(row[last], line.toString(), margin);
    }
    return this;
  }

  /** Each of {@code fields} with its value in {@code word} and what it means. */
  Page fields(List<Field> fields, long word) {
    List<String[]> rows = new ArrayList<>();
    for (Field field : fields) {
      rows.add(
          new String[] {
            field.position(), field.name(), value(field, word), field.meaning(),
          });
    }
    return table(rows);
  }

  /** The 64 bits of {@code word} in groups, under their positions and names. */
  Page drawing(List<Field> fields, long word) {
    var positions = new StringBuilder(INDENT);
    var names = new StringBuilder(INDENT);
    var bits = new StringBuilder(INDENT);
    for (Field field : fields) {
      String name = shortName(field);
      int width = Math.max(field.width(), Math.max(name.length(), field.position().length()));
      positions.append(pad(field.position(), width)).append(' ');
      names.append(pad(name, width)).append(' ');
      bits.append(pad(binary(field, word), width)).append(' ');
    }
    text.append(style.faint(positions.toString().stripTrailing())).append('\n');
    text.append(style.name(names.toString().stripTrailing())).append('\n');
    text.append(bits.toString().stripTrailing()).append('\n');
    return this;
  }

  /** A field's value: a bit as 0 or 1, more bits in hex. */
  static String value(Field field, long word) {
    long value = field.in(word);
    return field.width() == 1 ? Long.toString(value) : Hex.of(value);
  }

  /** {@code text} with spaces up to {@code width}. */
  static String pad(String text, int width) {
    return text.length() >= width ? text : text + " ".repeat(width - text.length());
  }

  @Override
  public String toString() {
    return text.toString();
  }

  private static String shortName(Field field) {
    return switch (field.role()) {
      case IGNORED -> "ign";
      case RESERVED -> "rsvd";
      case DEFINED, ADDRESS -> field.name();
    };
  }

  private static String binary(Field field, long word) {
    var digits = new StringBuilder();
    for (int bit = field.high(); bit >= field.low(); bit--) {
      digits.append((char) ('0' + ((word >>> bit) & 1)));
    }
    return digits.toString();
  }

  private static int[] widths(List<String[]> rows) {
    int[] widths = new int[rows.isEmpty() ? 1 : rows.get(0).length];
    for (String[] row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return widths;
  }

  private void wrap(String sentence, String first, String margin) {
    text.append(sentence.isEmpty() ? first.stripTrailing() : first);
    int column = margin.length();
    int start = 0;
    while (start < sentence.length()) {
      int end = sentence.indexOf(' ', start);
      end = end < 0 ? sentence.length() : end;
      if (start > 0) {
        if (column + 1 + end - start > WIDTH) {
          text.append('\n').append(margin);
          column = margin.length();
        } else {
          text.append(' ');
          column++;
        }
      }
      text.append(sentence, start, end);
      column += end - start;
      start = end + 1;
    }
    text.append('\n');
  }
}
