package dev.pagewalk.trace;

import dev.pagewalk.arch.InputException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The parameters of a generator, {@code key=value,…}: each is asked for by the generator that knows
 * it, and what nobody asked for is refused.
 */
final class Parameters {
  private static final Pattern FRACTION =
      Pattern.compile("\\d{1,30}(?:\\.\\d{0,30})?|\\.\\d{1,30}");

  private final String text;
  private final Map<String, String> values = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  /**
   * The parameters in {@code list}.
   *
   * @param text the whole name of the trace, for messages
   * @param list what stands behind the colon; may be empty
   */
  Parameters(String text, String list) throws InputException {
    this.text = text;
    if (list.isEmpty()) {
      return;
    }
    for (String item : list.split(",", -1)) {
      int equals = item.indexOf('=');
      if (equals <= 0) {
        throw refusal("expected key=value; found " + Quote.of(item));
      }
      String key = item.substring(0, equals).strip();
      if (values.put(key, item.substring(equals + 1).strip()) != null) {
        throw refusal("expected " + key + " once");
      }
    }
  }

  /** Whether {@code key} is given. */
  boolean has(String key) {
    known.add(key);
    return values.containsKey(key);
  }

  /** A whole number from {@code least} to {@code most}, unsigned. */
  long number(String key, long standard, long least, long most) throws InputException {
    if (!has(key)) {
      return standard;
    }
    String value = values.get(key);
    Long number = Quantity.parse(value);
    if (number == null
        || Long.compareUnsigned(number, least) < 0
        || Long.compareUnsigned(number, most) > 0) {
      throw refusal(
          "expected "
              + key
              + " from "
              + least
              + " to "
              + Long.toUnsignedString(most)
              + "; found "
              + Quote.of(value));
    }
    return number;
  }

  /** A number from {@code least} to {@code most}, which may have decimal places. */
  double decimal(String key, double standard, double least, double most) throws InputException {
    if (!has(key)) {
      return standard;
    }
    String value = values.get(key);
    if (FRACTION.matcher(value).matches()) {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    }
    String range = new BigDecimal(least).toPlainString() + " to " + new BigDecimal(most);
    throw refusal("expected " + key + " from " + range + "; found " + Quote.of(value));
  }

  /** {@code yes} or {@code no}. */
  boolean flag(String key) throws InputException {
    if (!has(key)) {
      return false;
    }
    return switch (values.get(key)) {
      case "yes" -> true;
      case "no" -> false;
      default ->
          throw refusal("expected " + key + "=yes or no; found " + Quote.of(values.get(key)));
    };
  }

  /** Refuses parameters that nobody has asked for. */
  void done() throws InputException {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        throw refusal("expected one of " + String.join(", ", known) + "; found " + Quote.of(key));
      }
    }
  }

  /** A refusal of this generator. */
  InputException refusal(String expected) {
    return new InputException(Generators.shorten(text), "", expected);
  }
}
