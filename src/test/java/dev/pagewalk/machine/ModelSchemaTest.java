package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The published schema says what a model's file is, as the reader does. */
class ModelSchemaTest {
  private static final Schema SCHEMA = schema();

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.BuiltInModelsTest#names")
  void everyBuiltInModelFits(String name) throws Exception {
    Path file = BuiltInModelsTest.DIRECTORY.resolve(name + ".json");
    assertEquals(List.of(), SCHEMA.validate(Files.readString(file), InputFormat.JSON));
  }

  @Test
  void theExampleThatTheBrokenOnesAreMadeFromFits() {
    assertEquals(List.of(), SCHEMA.validate(BrokenModels.SOUND, InputFormat.JSON));
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.BrokenModels#outOfFormat")
  void whatTheReaderRefusesTheSchemaRefusesToo(String text, String says) {
    assertFalse(SCHEMA.validate(text, InputFormat.JSON).isEmpty(), says);
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.RandomModels#files")
  void whatTheReaderWritesFits(CpuModelFile file) {
    assertEquals(List.of(), SCHEMA.validate(file.json(), InputFormat.JSON));
  }

  private static Schema schema() {
    Path file = BuiltInModelsTest.DIRECTORY.resolve("cpu-model.schema.json");
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(file), InputFormat.JSON);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
