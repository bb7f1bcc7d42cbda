package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What both sides write is what the schema and the document say. */
final class SubjectProtocolTest {
  private static final String GREETING = "{\"pagewalk\":{\"protocol\":1,\"version\":\"t\"}}\n";

  private static Schema schema() throws IOException {
    return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
        .getSchema(
            Files.readString(Path.of("test-vectors", "walk", "subject-protocol.schema.json")),
            InputFormat.JSON);
  }

  private static String serve(String questions) throws IOException {
    var out = new ByteArrayOutputStream();
    try (SubjectServer server = SubjectServer.spec(ModelPresets.SDM, "t")) {
      server.serve(new ByteArrayInputStream(questions.getBytes(StandardCharsets.UTF_8)), out);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Test
  void questionsAndAnswersOfTheHandWrittenVectorsFitTheSchema() throws IOException {
    VectorText text = new VectorText();
    text.greeting("t");
    VectorParser parser = new VectorParser();
    long count = 0;
    try (LineReader in = new LineReader(Path.of("test-vectors", "walk", "tlb.jsonl"))) {
      while (in.next()) {
        try (Cursor cursor = in.cursor()) {
          text.question(count++, parser.parse(cursor), EnumSet.allOf(Feature.class));
        }
      }
    }
    String questions = new String(text.take(), StandardCharsets.UTF_8);
    String answers = serve(questions);
    assertEquals(count + 1, answers.lines().count());
    Schema schema = schema();
    for (String line : (questions + answers).lines().toList()) {
      assertEquals(List.of(), schema.validate(line, InputFormat.JSON), line);
    }
  }

  @Test
  void theLinesOfTheDocumentFitTheSchemaAndAreAnswered() throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(Path.of("docs", "subject-protocol.md"))) {
      if (line.startsWith("       {")) {
        lines.add(line.strip());
      }
    }
    assertEquals(5, lines.size());
    Schema schema = schema();
    lines.forEach(line -> assertEquals(List.of(), schema.validate(line, InputFormat.JSON), line));
    // The example's question has the example's answer.
    String answer = serve(lines.get(0) + "\n" + lines.get(2) + "\n").lines().toList().getLast();
    assertEquals(lines.get(3), answer);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"vector\":0}",
        "{\"vector\":0,\"outcomes\":[{\"pa\":\"0x0\",\"exception\":\"#UD\"}]}",
        "{\"vector\":0,\"outcomes\":[]}",
        "{\"vector\":-1,\"skip\":\"x\"}",
        "{\"vector\":0,\"outcomes\":[{\"pa\":\"0x01\"}]}",
        "{\"vector\":0,\"outcomes\":[{\"exception\":\"#XX\"}]}",
        "{\"vector\":0,\"outcomes\":[{\"what\":1}]}"
      })
  void whatIsNoAnswerIsRefusedByTheSchemaAndByUs(String line) throws IOException {
    assertFalse(schema().validate(line, InputFormat.JSON).isEmpty());
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    WalkVector vector;
    try (LineReader in = new LineReader(Path.of("test-vectors", "walk", "walk-public.jsonl.gz"))) {
      in.next();
      try (Cursor cursor = in.cursor()) {
        vector = new VectorParser().parse(cursor);
      }
    }
    try (Cursor in = new Cursor(new Cursor.Line("subject", 1, bytes, 0, bytes.length))) {
      assertThrows(InputException.class, () -> SubjectAnswer.parse(in, number -> vector));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"vector\":0}\n",
        "{\"pagewalk\":{\"protocol\":2,\"version\":\"t\"}}\n",
        GREETING + "{\"vector\":0}\n",
        GREETING + "{}\n",
        GREETING + "what\n"
      })
  void aQuestionThatIsNoneEndsOurSubjectWithALineThatSaysWhere(String questions) {
    String told = assertThrows(InputException.class, () -> serve(questions)).getMessage();
    assertTrue(told.startsWith("standard input: line "), told);
  }

  @Test
  void aStateInWhichNothingCanBeWalkedIsSkippedWithTheReason() throws IOException {
    String question =
        "{\"vector\":3,\"cpu\":{\"maxphyaddr\":40,\"features\":[]},\"state\":{\"cr0\":\"0x1\","
            + "\"cr3\":\"0x0\",\"cr4\":\"0x0\",\"efer\":\"0x0\"},\"memory\":[],\"steps\":[{\"do\":"
            + "\"invlpg\",\"va\":\"0x0\"}]}\n";
    String answer = serve(GREETING + question).lines().toList().getLast();
    assertTrue(answer.startsWith("{\"vector\":3,\"skip\":\""), answer);
  }
}
