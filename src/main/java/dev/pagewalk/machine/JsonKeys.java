package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A first look at a JSON text, before values are made of it: it must be one object, nothing in it
 * may be null, and each key must be a component of the record that it is for.
 *
 * <p>Jackson looks at unknown keys last, when it has forgotten where they are.
 */
final class JsonKeys {
  private final JsonParser parser;
  private final JsonMistake mistake;

  JsonKeys(String file, JsonParser parser) {
    this.parser = parser;
    this.mistake = new JsonMistake(file, parser);
  }

  /**
   * Reads the whole text.
   *
   * @param type the record that the object is for
   * @throws InputException if the text is not as described above
   */
  void check(Class<?> type) throws InputException {
    try {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw mistake.here("expected an object, found " + mistake.found());
      }
      checkValue(type);
      if (parser.nextToken() != null) {
        throw mistake.here("expected the file to end, found more: " + mistake.found());
      }
    } catch (JacksonException e) {
      throw mistake.told(e);
    }
  }

  private void checkValue(Type type) throws InputException {
    switch (parser.currentToken()) {
      case VALUE_NULL -> throw mistake.here("expected a value, found null");
      case START_OBJECT -> {
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          Type member = member(type, parser.currentName());
          parser.nextToken();
          checkValue(member);
        }
      }
      case START_ARRAY -> {
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          checkValue(argument(type, 0));
        }
      }
      default -> {}
    }
  }

  /** The type of a key's value; Object where any key may be, or where no object should be. */
  private Type member(Type type, String key) throws InputException {
    if (type instanceof ParameterizedType generic && generic.getRawType() == Map.class) {
      return argument(type, 1);
    }
    if (!(type instanceof Class<?> record) || !record.isRecord()) {
      return Object.class;
    }
    for (RecordComponent component : record.getRecordComponents()) {
      if (component.getName().equals(key)) {
        return component.getGenericType();
      }
    }
    String known =
        Arrays.stream(record.getRecordComponents())
            .map(RecordComponent::getName)
            .collect(Collectors.joining(", "));
    throw mistake.here("unknown key, expected one of " + known);
  }

  private static Type argument(Type type, int index) {
    boolean has =
        type instanceof ParameterizedType generic
            && generic.getActualTypeArguments().length > index;
    return has ? ((ParameterizedType) type).getActualTypeArguments()[index] : Object.class;
  }
}
