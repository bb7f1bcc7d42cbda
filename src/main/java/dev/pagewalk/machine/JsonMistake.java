package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.exc.InputCoercionException;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/**
 * Tells what is wrong with a JSON file in one line: {@code file: line 12, column 5:
 * firstLevel[0].ways: expected a whole number, found "4"}.
 *
 * @param file the file's name for messages
 * @param parser reads it
 */
record JsonMistake(String file, JsonParser parser) {
  private static final int SHOWN = 40;

  /** What would make more of one line, or do something to a terminal. */
  private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");

  /** The mistake that Jackson found. */
  InputException told(JacksonException e) {
    String path = path(e);
    String what = what(e);
    // What a whole file lacks has no place in it.
    boolean ofAll = e instanceof ValueInstantiationException && path.isEmpty();
    TokenStreamLocation place =
        e.getLocation() == null ? parser.currentLocation() : e.getLocation();
    return at(ofAll ? null : place, path.isEmpty() ? what : path + ": " + what);
  }

  /** A mistake at the token that was read last. */
  InputException here(String what) {
    TokenStreamContext context = parser.streamReadContext();
    JsonToken token = parser.currentToken();
    boolean opens = token != null && token.isStructStart();
    String path = path(opens ? context.getParent() : context);
    return at(parser.currentTokenLocation(), path.isEmpty() ? what : path + ": " + what);
  }

  /** The token that was read last, shortened. */
  String found() {
    JsonToken token = parser.currentToken();
    if (token == null) {
      return "the end of the file";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> '"' + shortened(parser.getString()) + '"';
      default -> shortened(parser.getString());
    };
  }

  private InputException at(TokenStreamLocation location, String what) {
    String place = "";
    if (location != null && location.getLineNr() > 0 && location.getColumnNr() > 0) {
      place = "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }
    return new InputException(file, place, CONTROL.matcher(what).replaceAll("?"));
  }

  private String what(JacksonException e) {
    return switch (e) {
      case ValueInstantiationException refused
          when refused.getCause() instanceof IllegalArgumentException cause ->
          cause.getMessage();
      case MismatchedInputException mismatch -> expected(mismatch) + ", found " + found();
      case InputCoercionException _ -> "expected a number of fewer digits, found " + found();
      default -> "expected JSON: " + reason(e);
    };
  }

  private static String expected(MismatchedInputException e) {
    Class<?> type = e.getTargetType();
    if (type == null) {
      return "expected another value";
    }
    if (type.isEnum()) {
      return e.getOriginalMessage();
    }
    if (type == Integer.class || type == Long.class) {
      return "expected a whole number";
    }
    if (type == String.class) {
      return "expected a string";
    }
    return List.class.isAssignableFrom(type) ? "expected an array" : "expected an object";
  }

  private static String path(JacksonException e) {
    String path = "";
    for (JacksonException.Reference step : e.getPath()) {
      String key = step.getPropertyName();
      path = key == null ? path + '[' + step.getIndex() + ']' : join(path, key);
    }
    return path;
  }

  private static String path(TokenStreamContext context) {
    if (context.inRoot()) {
      return "";
    }
    String path = path(context.getParent());
    if (context.inArray()) {
      return path + '[' + context.getCurrentIndex() + ']';
    }
    String key = context.currentName();
    return key == null ? path : join(path, key);
  }

  private static String join(String path, String key) {
    return path.isEmpty() ? shortened(key) : path + '.' + shortened(key);
  }

  /** What is wrong with the text, without Jackson's advice on its own settings. */
  private static String reason(JacksonException e) {
    String message = e.getOriginalMessage().replaceFirst(", from `[^`]*`", "");
    for (String advice : List.of("\n", " (start marker", ": enable", " (enable")) {
      int end = message.indexOf(advice);
      message = end < 0 ? message : message.substring(0, end);
    }
    return message;
  }

  private static String shortened(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
