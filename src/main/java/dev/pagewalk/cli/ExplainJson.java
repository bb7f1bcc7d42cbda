package dev.pagewalk.cli;

import dev.pagewalk.arch.Field;
import java.util.List;
import java.util.Locale;

/** The parts that every explanation's JSON document has. */
final class ExplainJson {
  private ExplainJson() {}

  /** An array {@code fields}: every field of {@code word} with its value. */
  static void fields(JsonLines json, List<Field> fields, long word) {
    json.beginArray("fields");
    for (Field field : fields) {
      json.begin()
          .text("name", field.name())
          .number("high", field.high())
          .number("low", field.low())
          .hex("value", field.in(word))
          .text("role", field.role().name().toLowerCase(Locale.ROOT))
          .text("meaning", field.meaning())
          .end();
    }
    json.endArray();
  }
}
