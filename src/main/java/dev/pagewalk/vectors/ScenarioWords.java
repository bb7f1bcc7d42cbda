package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads the small parts of a scenario: addresses, names, lists of words. */
final class ScenarioWords {
  private static final Pattern NAMED = Pattern.compile("([a-z][a-z0-9]*)\\+(0x[0-9a-f]{1,16})");
  private static final Pattern PROCESS = Pattern.compile("[A-Z][0-9]*");
  private static final String LETTERS = "rwx";

  /** The names that steps have given so far. */
  private final Set<String> names;

  ScenarioWords(Set<String> names) {
    this.names = names;
  }

  /** The address that comes next. */
  Spot spot(Cursor in) throws InputException {
    in.next();
    return spotHere(in);
  }

  /** The address that the cursor stands on. */
  Spot spotHere(Cursor in) throws InputException {
    if (in.isString() && !in.stringHere().startsWith("0x")) {
      var named = NAMED.matcher(in.stringHere());
      if (!named.matches()) {
        throw in.expected(
            "expected a string of 0x and hexadecimal digits, or of a name, + and such digits,"
                + " found "
                + in.found());
      }
      if (!names.contains(named.group(1))) {
        throw in.expected(
            "expected a name that this or an earlier step gives, found " + in.found());
      }
      return new Spot(named.group(1), Long.parseUnsignedLong(named.group(2).substring(2), 16));
    }
    return Spot.of(in.hexHere());
  }

  /** A page as an address: its number from {@code base}, or an address in a named mapping. */
  Spot page(Cursor in, long base) throws InputException {
    in.next();
    if (in.isString()) {
      return aligned(in, spotHere(in));
    }
    return Spot.of(base + ((long) in.numberHere(0, Integer.MAX_VALUE) << 12));
  }

  /** The start or the end of a mapping. */
  Spot edge(Cursor in) throws InputException {
    return aligned(in, spot(in));
  }

  private static Spot aligned(Cursor in, Spot spot) throws InputException {
    if ((spot.offset() & 0xfff) != 0) {
      throw in.expected("expected a multiple of 4096, found " + in.found());
    }
    return spot;
  }

  /** A number, or a hexadecimal string. */
  static long value(Cursor in) throws InputException {
    in.next();
    return in.isString() ? in.hexHere() : in.unsignedHere();
  }

  /** The name of a process. */
  static String process(Cursor in) throws InputException {
    return matching(in, PROCESS, "the name of a process, A, B, ...");
  }

  /** The string that comes next, which must match {@code pattern}. */
  static String matching(Cursor in, Pattern pattern, String what) throws InputException {
    String text = in.string();
    if (!pattern.matcher(text).matches()) {
      throw in.expected("expected " + what + ", found " + in.found());
    }
    return text;
  }

  /** A name, which must be new to {@code known}. */
  static String newName(Cursor in, Set<String> known) throws InputException {
    String name = in.string();
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      throw in.expected("expected a name without control characters, found " + in.found());
    }
    if (known.contains(name)) {
      throw in.expected("the name " + in.found() + " stands twice");
    }
    return name;
  }

  /** Rights as a string of r, w and x, each at most once, in this order. */
  static String prot(Cursor in) throws InputException {
    String text = in.string();
    int at = -1;
    for (int i = 0; i < text.length(); i++) {
      if (LETTERS.indexOf(text.charAt(i)) <= at) {
        throw in.expected("expected letters of \"rwx\" in this order, found " + in.found());
      }
      at = LETTERS.indexOf(text.charAt(i));
    }
    return text;
  }

  /** Words out of {@code known}. */
  static List<String> words(Cursor in, Set<String> known) throws InputException {
    List<String> words = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      words.add(oneOf(in, in.stringHere(), known));
    }
    return words;
  }

  /** {@code word}, which the cursor stands on and which must be one of {@code known}. */
  static String oneOf(Cursor in, String word, Set<String> known) throws InputException {
    if (!known.contains(word)) {
      throw in.expected(
          "expected one of "
              + String.join(", ", known.stream().sorted().toList())
              + ", found "
              + in.found());
    }
    return word;
  }

  /** Any strings. */
  static List<String> strings(Cursor in) throws InputException {
    List<String> texts = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      texts.add(in.stringHere());
    }
    return texts;
  }
}
