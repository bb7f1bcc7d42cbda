package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.InputFormat;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Implicit and shadow-stack accesses are told, offered, asked and refused as an extension. */
final class ExtensionTest {
  private static final String SHADOW_STACK =
      "{\"id\":\"a/1\",\"group\":\"a\",\"requires\":[\"shadow-stack\"],"
          + "\"cpu\":{\"maxphyaddr\":40,\"features\":[\"cet\",\"cet_ss\"]},"
          + "\"state\":{\"cr0\":\"0x80010033\",\"cr3\":\"0x1000\",\"cr4\":\"0x800020\","
          + "\"efer\":\"0x500\"},\"memory\":[],"
          + "\"steps\":[{\"do\":\"write\",\"va\":\"0x10\",\"size\":8,\"cpl\":3,\"ac\":0,"
          + "\"as\":\"shadow-stack\","
          + "\"expect\":{\"exception\":\"#PF\",\"error\":\"0x46\",\"cr2\":\"0x10\"}}],"
          + "\"sources\":[\"hand\"]}";
  private static final String IMPLICIT =
      SHADOW_STACK
          .replace("shadow-stack", "implicit")
          .replace("\"size\":8", "\"size\":2")
          .replace("0x46", "0x2");

  private static WalkVector parse(String line) throws InputException {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    try (Cursor cursor = new Cursor(new Cursor.Line("test", 1, bytes, 0, bytes.length))) {
      return new VectorParser().parse(cursor);
    }
  }

  private static SubjectHello hello(Set<Extension> accesses) {
    return new SubjectHello(
        "somebody",
        "1",
        EnumSet.allOf(Feature.class),
        Set.of(),
        Cpu.MIN_MAXPHYADDR,
        Cpu.MAX_MAXPHYADDR,
        true,
        accesses);
  }

  @ParameterizedTest
  @ValueSource(strings = {"implicit-supervisor", "shadow-stack-accesses"})
  void everyPublicVectorOfThemIsWrittenAsItWasRead(String group) throws Exception {
    Path file = Path.of("test-vectors", "walk", "generated", group + ".jsonl.gz");
    VectorParser parser = new VectorParser();
    VectorText text = new VectorText();
    int lines = 0;
    try (LineReader in = new LineReader(file)) {
      while (in.next()) {
        String line = in.text();
        assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
        try (Cursor cursor = in.cursor()) {
          text.vector(
              parser.parse(cursor),
              line.replaceAll(".*\"note\":\"(.*)\"}$", "$1").replace("\\\"", "\""));
        }
        assertEquals(line + "\n", new String(text.take(), StandardCharsets.UTF_8));
        if (++lines == 100) {
          break;
        }
      }
    }
    assertEquals(100, lines);
  }

  @Test
  void theReferenceAndAnotherWalkerAnswerTheExamples() throws Exception {
    for (String line : List.of(SHADOW_STACK, IMPLICIT)) {
      assertEquals(List.of(), SchemaTest.schema().validate(line, InputFormat.JSON), line);
      WalkVector vector = parse(line);
      try (RulesInTheWay rules = new RulesInTheWay()) {
        assertEquals(
            Optional.of(Extension.of(vector).iterator().next()),
            rules.of(vector).getFirst().extension());
      }
    }
    assertEquals(
        "implicit write 2 at 0x10, CPL 3",
        Describe.action(parse(IMPLICIT).steps().getFirst().action()));
    assertEquals(
        "shadow stack write 8 at 0x10, CPL 3",
        Describe.action(parse(SHADOW_STACK).steps().getFirst().action()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"requires\":[\"shadow-stack\"],| |requires: expected what its steps have as",
        "[\"shadow-stack\"]|[\"shadow-stack\",\"implicit\"]|no more and no less: [shadow-stack]",
        "[\"shadow-stack\"]|[\"shadows\"]|expected implicit or shadow-stack, found \"shadows\"",
        "\"as\":\"shadow-stack\",| |no more and no less: []",
        "\"do\":\"write\"|\"do\":\"fetch\"|a step fetch has no key as",
        "\"size\":8|\"size\":2|4 or 8 bytes at a multiple of 4",
        "\"va\":\"0x10\"|\"va\":\"0x12\"|4 or 8 bytes at a multiple of 4",
        "\"cr4\":\"0x800020\"|\"cr4\":\"0x20\"|CR0.WP and CR4.CET to be 1",
        "\"cr0\":\"0x80010033\"|\"cr0\":\"0x80000033\"|CR0.WP and CR4.CET to be 1",
        "\"cet\",\"cet_ss\"|\"cet\"|need the feature cet_ss",
        "\"steps\":[|\"steps\":[{\"do\":\"mov_cr4\",\"value\":\"0x20\"},|and stay so",
        "\"steps\":[|\"steps\":[{\"do\":\"invlpg\",\"va\":\"0x0\",\"as\":\"implicit\"},|no key as"
      })
  void whatMakesNoSenseIsRefused(String from, String to, String told) {
    String line = SHADOW_STACK.replace(from, to == null ? "" : to);
    assertFalse(line.equals(SHADOW_STACK));
    String message = assertThrows(InputException.class, () -> parse(line)).getMessage();
    assertTrue(message.startsWith("test: line 1"), message);
    assertTrue(message.contains(told), message);
  }

  @Test
  void whoDoesNotOfferThemIsNotAsked() throws Exception {
    SubjectHello none = hello(Set.of());
    SubjectHello all = hello(EnumSet.allOf(Extension.class));
    assertEquals(
        Optional.of("the subject offers no shadow-stack accesses"),
        none.whyNot(parse(SHADOW_STACK)));
    assertEquals(
        Optional.of("the subject offers no implicit accesses"), none.whyNot(parse(IMPLICIT)));
    assertEquals(Optional.empty(), all.whyNot(parse(SHADOW_STACK)));
    assertEquals(Optional.empty(), all.whyNot(parse(IMPLICIT)));
    assertEquals(Optional.empty(), none.whyNot(parse(BrokenVectors.SOUND)));
  }

  @Test
  void whatIsOfferedIsReadBack() throws Exception {
    for (Set<Extension> accesses : List.of(Set.<Extension>of(), Set.of(Extension.IMPLICIT))) {
      VectorText text = new VectorText();
      text.hello(hello(accesses));
      byte[] line = text.take();
      try (Cursor cursor = new Cursor(new Cursor.Line("test", 1, line, 0, line.length))) {
        assertEquals(accesses, SubjectHello.parse(cursor).accesses());
      }
    }
  }

  @Test
  void onlyThoseWhoOfferThemAreFuzzedWithThem() {
    for (Set<Extension> offered : List.of(Set.<Extension>of(), EnumSet.allOf(Extension.class))) {
      var random = new java.util.SplittableRandom(3);
      FuzzGenerator generator = new FuzzGenerator(random, hello(offered));
      List<Extension> seen = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        for (Action action : generator.next(random).actions()) {
          Extension extension =
              action instanceof Action.Touch touch ? Extension.of(touch.access()) : null;
          if (extension != null) {
            seen.add(extension);
          }
        }
      }
      assertEquals(offered, Set.copyOf(seen));
    }
  }
}
