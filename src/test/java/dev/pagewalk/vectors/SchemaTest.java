package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published schema says what the public vectors are, and what the reader accepts. */
class SchemaTest {
  private static final Path WALK = Path.of("test-vectors", "walk");
  private static final Schema SCHEMA = schema();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "walk-public.jsonl.gz",
        "differs.jsonl.gz",
        "tlb.jsonl",
        "canonical-edge.jsonl",
        "smoke.jsonl"
      })
  void everyPublicVectorFitsTheSchemaAndHasAnIdOfItsOwn(String file) throws Exception {
    Set<String> ids = new HashSet<>();
    long lines = 0;
    try (LineReader in = new LineReader(WALK.resolve(file))) {
      while (in.next()) {
        lines++;
        String line = in.text();
        assertEquals(List.of(), SCHEMA.validate(line, InputFormat.JSON), file + " line " + lines);
        ids.add(line.substring(7, line.indexOf('"', 7)));
      }
    }
    assertEquals(lines, ids.size(), "ids are unique");
    System.out.println("[pagewalk] schema: " + lines + " lines of " + file + " fit");
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.vectors.BrokenVectors#outOfFormat")
  void whatTheReaderRefusesTheSchemaRefusesToo(String line, String reason) {
    assertFalse(SCHEMA.validate(line, InputFormat.JSON).isEmpty(), reason);
  }

  @Test
  void theExampleThatTheBrokenOnesAreMadeFromFits() {
    assertEquals(List.of(), SCHEMA.validate(BrokenVectors.SOUND, InputFormat.JSON));
  }

  /** The schema of format 1. */
  static Schema schema() {
    try {
      return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(Files.readString(WALK.resolve("walk-vector.schema.json")), InputFormat.JSON);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
