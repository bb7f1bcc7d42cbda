package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.Arrays;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A strict reader of one line of JSON: every value is asked for by its type, and what is not as
 * expected is told with file, line and key.
 */
final class Cursor implements AutoCloseable {
  private static final JsonFactory JSON = new JsonFactory();

  private final Line line;

  /** Reads the line as long as it is plain; null then. */
  private PlainJson plain;

  /** Reads the line from where it is not plain; null until then. */
  private JsonParser parser;

  /** The token that the cursor stands on. */
  private JsonToken token;

  /** How many there have been. */
  private int tokens;

  private String key = "";
  private int step = -1;

  /**
   * A line of a file, as bytes in somebody's buffer.
   *
   * @param file the file's name as the user gave it
   * @param number of the line, from 1
   * @param buffer holds the line
   * @param from index of its first byte
   * @param length in bytes
   */
  @SuppressWarnings("ArrayRecordComponent") // A view for one call, never compared.
  record Line(String file, long number, byte[] buffer, int from, int length) {}

  Cursor(Line line) {
    this.line = line;
    this.plain = new PlainJson(line.buffer, line.from, line.length);
  }

  @Override
  public void close() {
    if (parser != null) {
      parser.close();
    }
  }

  /** Names the step that is being read, counted from 0, for messages; -1 for none. */
  void atStep(int index) {
    step = index;
  }

  /** Names the key that is being looked at, for messages. */
  void at(String name) {
    key = name;
  }

  /** An exception that says what was expected at the key that was read last. */
  InputException expected(String what) {
    String place = "line " + line.number;
    if (step >= 0) {
      place += ": steps[" + step + "]";
    }
    if (!key.isEmpty()) {
      place += ": " + key;
    }
    return new InputException(line.file, place, what);
  }

  /** The next token; malformed JSON is told with its column. */
  JsonToken next() throws InputException {
    if (plain != null) {
      token = plain.next();
      if (token != PlainJson.NOT_PLAIN) {
        tokens++;
        return token;
      }
    }
    try {
      token = jackson().nextToken();
      return token;
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** Jackson's parser, on the same token: from now on it reads the line. */
  private JsonParser jackson() {
    if (plain != null) {
      plain = null;
      parser = JSON.createParser(ObjectReadContext.empty(), line.buffer, line.from, line.length);
      for (int i = 0; i < tokens; i++) {
        parser.nextToken();
      }
    }
    return parser;
  }

  private InputException malformed(JacksonException e) {
    String place = "line " + line.number;
    if (e.getLocation() != null) {
      place += ", column " + e.getLocation().getColumnNr();
    }
    return new InputException(line.file, place, "expected JSON: " + reason(e));
  }

  /** What is wrong with the text, without Jackson's advice on its own settings. */
  static String reason(JacksonException e) {
    String message = e.getOriginalMessage();
    for (String advice : List.of("\n", " (start marker", ", from `", ": enable", " (enable")) {
      int end = message.indexOf(advice);
      message = end < 0 ? message : message.substring(0, end);
    }
    return message;
  }

  /** Moves to the next token, which must open an object. */
  void openObject() throws InputException {
    if (next() != JsonToken.START_OBJECT) {
      throw expected("expected an object, found " + found());
    }
  }

  /** Moves to the next token, which must open an array. */
  void openArray() throws InputException {
    if (next() != JsonToken.START_ARRAY) {
      throw expected("expected an array, found " + found());
    }
  }

  /** Moves to the next key of the object and returns it, or null at the object's end. */
  String nextKey() throws InputException {
    if (next() == JsonToken.END_OBJECT) {
      return null;
    }
    if (plain != null && token == JsonToken.PROPERTY_NAME) {
      key = plain.text();
      return key;
    }
    try {
      key = jackson().currentName();
      return key;
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** Moves on in an array; false at its end. */
  boolean nextElement() throws InputException {
    return next() != JsonToken.END_ARRAY;
  }

  /** Whether the cursor stands on the start of an array. */
  boolean isArray() {
    return token == JsonToken.START_ARRAY;
  }

  /** Moves to the array's end, which must come now. */
  void closeArray() throws InputException {
    if (next() != JsonToken.END_ARRAY) {
      throw expected("expected the array to end, found " + found());
    }
  }

  /** Nothing but white space may follow. */
  void end() throws InputException {
    if (next() != null) {
      key = "";
      throw expected("expected one object a line, found more: " + found());
    }
  }

  /** The string that comes next. */
  String string() throws InputException {
    next();
    return stringHere();
  }

  /** The string that the cursor stands on. */
  String stringHere() throws InputException {
    if (token != JsonToken.VALUE_STRING) {
      throw expected("expected a string, found " + found());
    }
    if (plain != null) {
      return plain.text();
    }
    try {
      return parser.getString();
    } catch (JacksonException e) {
      throw malformed(e);
    }
  }

  /** The whole number that comes next, from {@code low} to {@code high}. */
  int number(int low, int high) throws InputException {
    next();
    return numberHere(low, high);
  }

  /** The whole number that the cursor stands on, from {@code low} to {@code high}. */
  int numberHere(int low, int high) throws InputException {
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw notWithin(low, high);
    }
    try {
      long value = plain != null ? plain.number() : parser.getLongValue();
      if (value < low || value > high) {
        throw notWithin(low, high);
      }
      return (int) value;
    } catch (JacksonException e) {
      throw (InputException) notWithin(low, high).initCause(e);
    }
  }

  private InputException notWithin(int low, int high) {
    return expected("expected a whole number from " + low + " to " + high + ", found " + found());
  }

  /** The whole number that comes next, from 0 to 2^64 - 1, as 64 bits. */
  long unsigned() throws InputException {
    next();
    return unsignedHere();
  }

  /** The whole number that the cursor stands on, from 0 to 2^64 - 1, as 64 bits. */
  long unsignedHere() throws InputException {
    String wanted = "expected a whole number from 0 to 2^64 - 1, found ";
    if (token != JsonToken.VALUE_NUMBER_INT) {
      throw expected(wanted + found());
    }
    try {
      return plain != null ? plain.number() : Long.parseUnsignedLong(parser.getString());
    } catch (JacksonException | NumberFormatException e) {
      throw (InputException) expected(wanted + found()).initCause(e);
    }
  }

  /** The truth value that comes next. */
  boolean truth() throws InputException {
    next();
    if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
      throw expected("expected true or false, found " + found());
    }
    return token == JsonToken.VALUE_TRUE;
  }

  /** Whether the cursor stands on a string. */
  boolean isString() {
    return token == JsonToken.VALUE_STRING;
  }

  /** Whether the cursor stands on the start of an object. */
  boolean isObject() {
    return token == JsonToken.START_OBJECT;
  }

  /** The hexadecimal string that comes next, of up to 64 bits. */
  long hex() throws InputException {
    next();
    return hexHere();
  }

  /** The hexadecimal string that the cursor stands on: 0x, lower case, no leading zeros. */
  long hexHere() throws InputException {
    if (token != JsonToken.VALUE_STRING) {
      throw notHex();
    }
    if (plain != null) {
      if (!plain.readHex()) {
        throw notHex();
      }
      return plain.hex();
    }
    char[] text;
    int from;
    int length;
    try {
      text = parser.getStringCharacters();
      from = parser.getStringOffset();
      length = parser.getStringLength();
    } catch (JacksonException e) {
      throw malformed(e);
    }
    boolean shaped = length >= 3 && length <= 18 && text[from] == '0' && text[from + 1] == 'x';
    if (!shaped || (text[from + 2] == '0' && length > 3)) {
      throw notHex();
    }
    long value = 0;
    for (int i = from + 2; i < from + length; i++) {
      int digit = digit(text[i]);
      if (digit < 0) {
        throw notHex();
      }
      value = value << 4 | digit;
    }
    return value;
  }

  /** The hexadecimal string that comes next, with leading zeros or without. */
  long paddedHex() throws InputException {
    String text = string();
    try {
      if (text.startsWith("0x") && text.length() > 2 && text.charAt(2) != '+') {
        return Long.parseUnsignedLong(text, 2, text.length(), 16);
      }
    } catch (NumberFormatException e) {
      // Told below, with the place.
    }
    throw expected("expected a string of 0x and up to 16 hexadecimal digits, found " + found());
  }

  /** Whether the cursor stands on null. */
  boolean isNull() {
    return token == JsonToken.VALUE_NULL;
  }

  /** Moves to the next value; whether it is null. */
  boolean nextIsNull() throws InputException {
    return next() == JsonToken.VALUE_NULL;
  }

  /** Words as pairs or triples of hexadecimal strings, {@code [[a, b], ...]}. */
  Words words(int width) throws InputException {
    openArray();
    long[] values = new long[8 * width];
    int count = 0;
    while (nextElement()) {
      if (!isArray()) {
        throw expected("expected an array of " + width + " hexadecimal strings, found " + found());
      }
      if (count + width > values.length) {
        values = Arrays.copyOf(values, values.length * 2);
      }
      for (int i = 0; i < width; i++) {
        values[count++] = hex();
      }
      closeArray();
    }
    return new Words(values, count, width);
  }

  /** What the cursor stands on, shortened, for a message. */
  String found() {
    if (token == null) {
      return "the end of the line";
    }
    String text;
    try {
      String bare = jackson().getString();
      text = token == JsonToken.VALUE_STRING ? '"' + bare + '"' : bare;
    } catch (JacksonException e) {
      return "malformed text";
    }
    return text.length() > 40 ? text.substring(0, 40) + "..." : text;
  }

  private InputException notHex() {
    return expected(
        "expected a string of 0x and up to 16 lower-case hexadecimal digits without leading"
            + " zeros, found "
            + found());
  }

  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }
}
