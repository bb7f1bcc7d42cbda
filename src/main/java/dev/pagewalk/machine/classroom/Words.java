package dev.pagewalk.machine.classroom;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** The words of one line of a scenario, read from the left; mistakes tell line and column. */
final class Words {
  private static final int LONGEST_LINE = 200;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,15}");

  private final int line;
  private final List<String> words = new ArrayList<>();
  private final List<Integer> columns = new ArrayList<>();
  private final int end;
  private int next;

  /** The words of {@code text} up to a {@code #}. */
  Words(String text, int line) throws ScenarioException {
    this.line = line;
    if (text.length() > LONGEST_LINE) {
      throw new ScenarioException(line, LONGEST_LINE, "expected a line of at most 200 characters");
    }
    int comment = text.indexOf('#');
    String code = comment < 0 ? text : text.substring(0, comment);
    end = code.length() + 1;
    int at = 0;
    while (at < code.length()) {
      if (Character.isWhitespace(code.charAt(at))) {
        at++;
        continue;
      }
      int start = at;
      while (at < code.length() && !Character.isWhitespace(code.charAt(at))) {
        at++;
      }
      words.add(code.substring(start, at));
      columns.add(start + 1);
    }
  }

  /** All words, a blank between them. */
  String text() {
    return String.join(" ", words);
  }

  boolean isEmpty() {
    return words.isEmpty();
  }

  boolean hasNext() {
    return next < words.size();
  }

  /** Whether there is a next word, and it begins as a name does. */
  boolean startsWithLetter() {
    return hasNext() && NAME.matcher(words.get(next).substring(0, 1)).matches();
  }

  /** Where a word begins, from 1; {@code index} is that of a word that is there. */
  int column(int index) {
    return columns.get(index);
  }

  /** The next word; {@code expected} says what it should be. */
  String word(String expected) throws ScenarioException {
    if (!hasNext()) {
      throw new ScenarioException(
          line, end, "expected " + expected + ", found the end of the line");
    }
    return words.get(next++);
  }

  /** Takes the next word if it is {@code word}. */
  boolean takes(String word) {
    boolean is = hasNext() && words.get(next).equals(word);
    next += is ? 1 : 0;
    return is;
  }

  /** A mistake at the word read last. */
  ScenarioException wrong(String expected) {
    String found = words.get(next - 1);
    String shown = found.length() > 40 ? found.substring(0, 40) + "..." : found;
    return new ScenarioException(
        line, columns.get(next - 1), "expected " + expected + ", found \"" + shown + '"');
  }

  void end() throws ScenarioException {
    if (hasNext()) {
      next++;
      throw wrong("the end of the line");
    }
  }

  /** A name of a process or file: a letter, then up to 15 letters, digits, - or _. */
  String name(String what) throws ScenarioException {
    String word = word(what);
    if (!NAME.matcher(word).matches()) {
      throw wrong(what + " (a letter, then up to 15 letters, digits, - or _)");
    }
    return word;
  }

  /** A number of 64 bits: 0x and hex digits, or decimal. */
  long number(String what) throws ScenarioException {
    return parse(word(what), what);
  }

  /** A number from {@code least} to {@code most}. */
  int small(String what, int least, int most) throws ScenarioException {
    long value = number(what);
    if (value < least || value > most) {
      throw wrong(what + ", " + least + " to " + most);
    }
    return (int) value;
  }

  /** A size in bytes, more than 0: a number, with K, M or G for units. */
  long size() throws ScenarioException {
    String word = word("a size");
    int unit = "KMG".indexOf(word.substring(word.length() - 1).toUpperCase(Locale.ROOT));
    String digits = unit < 0 ? word : word.substring(0, word.length() - 1);
    long value = parse(digits, "a size as 64K");
    long bytes = value << (10 * (unit + 1));
    if (value <= 0 || value > 1L << 40 || bytes > 1L << 40) {
      throw wrong("a size of 1 byte to 1024G");
    }
    return bytes;
  }

  private long parse(String text, String what) throws ScenarioException {
    boolean hex = text.startsWith("0x") || text.startsWith("0X");
    try {
      return hex ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseUnsignedLong(text, 10);
    } catch (NumberFormatException _) {
      throw wrong(what + " (0x and hex digits, or decimal; 64 bits)");
    }
  }
}
