package dev.pagewalk.machine;

import com.fasterxml.jackson.annotation.JsonInclude.Include;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;

/**
 * Strict reading of small JSON files into records, and writing them.
 *
 * <p>A key is a record's component of that name. Unknown and repeated keys, null, a value of
 * another type and anything behind the object are refused. A component without a key is null: the
 * record's constructor says what must be there, and its IllegalArgumentException becomes the line
 * that tells what is wrong.
 */
public final class JsonRecords {
  /** Largest file that is read, in bytes. */
  public static final int MOST_BYTES = 1 << 20;

  private static final JsonMapper MAPPER = mapper();

  private JsonRecords() {}

  /**
   * Reads {@code path}.
   *
   * @throws InputException if it cannot be read or is no such record
   */
  public static <T> T read(Path path, Class<T> type) throws InputException {
    try (InputStream in = Files.newInputStream(path)) {
      return read(path.toString(), in, type);
    } catch (IOException e) {
      throw InputException.of(path.toString(), e);
    }
  }

  /**
   * Reads all of {@code in}.
   *
   * @param file the name for messages
   * @throws InputException if it cannot be read or is no such record
   */
  public static <T> T read(String file, InputStream in, Class<T> type) throws InputException {
    byte[] bytes;
    try {
      bytes = in.readNBytes(MOST_BYTES + 1);
    } catch (IOException e) {
      throw InputException.of(file, e);
    }
    if (bytes.length > MOST_BYTES) {
      throw new InputException(file, "", "expected a file of at most 1 MiB, found a larger one");
    }
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      new JsonKeys(file, parser).check(type);
    }
    try (JsonParser parser = MAPPER.createParser(bytes)) {
      try {
        return MAPPER.readValue(parser, type);
      } catch (JacksonException e) {
        throw new JsonMistake(file, parser).told(e);
      }
    }
  }

  /** {@code value} as JSON, indented, with a line feed at the end. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value) + "\n";
  }

  private static JsonMapper mapper() {
    SimpleModule words = new SimpleModule();
    Word.teach(words, Port.class);
    Word.teach(words, PageSize.class);
    Word.teach(words, Replacement.class);
    Word.teach(words, LargePages.class);
    Word.teach(words, CpuModelFile.Basis.class);
    Word.teach(words, CostFile.Unit.class);
    Word.teach(words, MachineFile.Scope.class);
    Word.teach(words, MachineFile.HugePages.class);
    return JsonMapper.builder()
        .addModule(words)
        .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
        .withCoercionConfig(
            LogicalType.Textual,
            text -> {
              text.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Float, CoercionAction.Fail);
              text.setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail);
            })
        .changeDefaultPropertyInclusion(all -> all.withValueInclusion(Include.NON_NULL))
        .enable(SerializationFeature.INDENT_OUTPUT)
        .build();
  }
}
