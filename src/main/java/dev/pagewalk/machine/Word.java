package dev.pagewalk.machine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * How the constants of an enum are written in files: in lower case, with hyphens, without the
 * prefix that all of them share; what begins with a digit stays as it is ({@code 4K}).
 */
final class Word {
  private Word() {}

  /** The word of {@code constant}. */
  static String of(Enum<?> constant) {
    String name = constant.name().replaceFirst("^SIZE_", "");
    boolean isSize = Character.isDigit(name.charAt(0));
    return isSize ? name : name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Teaches {@code module} to read and write the words of {@code type}. */
  static <E extends Enum<E>> void teach(SimpleModule module, Class<E> type) {
    module.addDeserializer(type, new Reader<>(type));
    module.addSerializer(type, new Writer<>(type));
  }

  private static final class Reader<E extends Enum<E>> extends StdDeserializer<E> {
    private final transient Map<String, E> constants = new LinkedHashMap<>();

    Reader(Class<E> type) {
      super(type);
      for (E constant : type.getEnumConstants()) {
        constants.put(of(constant), constant);
      }
    }

    @Override
    public E deserialize(JsonParser in, DeserializationContext context) {
      E constant = in.hasToken(JsonToken.VALUE_STRING) ? constants.get(in.getString()) : null;
      if (constant == null) {
        List<String> words = new ArrayList<>(constants.keySet());
        throw MismatchedInputException.from(
            in, _valueClass, "expected one of " + String.join(", ", words));
      }
      return constant;
    }
  }

  private static final class Writer<E extends Enum<E>> extends StdSerializer<E> {
    Writer(Class<E> type) {
      super(type);
    }

    @Override
    public void serialize(E constant, JsonGenerator out, SerializationContext context) {
      out.writeString(of(constant));
    }
  }
}
