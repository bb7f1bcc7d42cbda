package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** What {@code explain --json} prints for a program. */
class ExplainJsonTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "entry 0x8000000012345067",
        "entry 0xffffffffffffffff --level pd --maxphyaddr 40",
        "entry 0x123456 --level pml5",
        "cr3 0xe000000012345abc --pcide --maxphyaddr 40",
        "cr3 0x12345018",
        "cr4 0xffffffffffffffff",
        "error 0xffffffff"
      })
  void theFieldsPutTogetherAreTheWord(String arguments) {
    JsonNode document = run(arguments);
    long word = 0;
    int next = arguments.startsWith("error") ? 31 : 63;
    for (JsonNode field : document.get("fields")) {
      assertEquals(next, field.get("high").asInt(), field.toString());
      next = field.get("low").asInt() - 1;
      word |= hex(field, "value") << field.get("low").asInt();
      assertTrue("defined address ignored reserved".contains(field.get("role").asString()));
      assertFalse(field.get("name").asString().isEmpty());
      assertFalse(field.get("meaning").asString().isEmpty());
    }
    assertEquals(-1, next);
    String name = arguments.startsWith("error") ? "code" : "value";
    assertEquals(hex(document, name), word);
    assertFalse(document.get("sentences").isEmpty());
  }

  @Test
  void anEntryNamesItsKindItsTargetAndWhatEachBitWouldChange() {
    JsonNode entry = run("entry 0x80000000123450e7 --level pd");
    assertEquals("PDE_2M", entry.get("kind").asString());
    assertEquals("page", entry.get("references").asString());
    assertEquals("0x12200000", entry.get("address").asString());
    assertEquals(2 << 20, entry.get("span").asLong());
    assertEquals("0x144000", entry.get("reserved_set").asString());
    assertEquals(52, entry.get("maxphyaddr").asInt());
    assertTrue(entry.get("flips").size() >= 3, entry.toString());
  }

  @Test
  void anAddressHasItsIndicesAndOffsets() {
    JsonNode va = run("va 0xffff888012345678");
    assertTrue(va.get("canonical48").asBoolean());
    assertEquals("kernel", va.get("half").asString());
    int[] indices = {273, 0, 145, 325};
    for (int i = 0; i < indices.length; i++) {
      JsonNode index = va.get("indices").get(i);
      assertEquals(indices[i], index.get("index").asInt());
      assertEquals(8L * indices[i], hex(index, "entry_offset"));
    }
    assertEquals("0x145678", va.get("offsets").get(1).get("offset").asString());
    assertEquals(4, va.get("indices").size());
    assertEquals(5, run("va 0 --la57").get("indices").size());
  }

  @Test
  void aTaggedPointerIsCanonicalOnceMasked() {
    JsonNode va = run("va 0x7e007ffe12345678");
    assertFalse(va.get("canonical").asBoolean());
    assertEquals("none", va.get("half").asString());
    for (JsonNode masking : va.get("lam")) {
      assertEquals("0x7ffe12345678", masking.get("address").asString());
      assertTrue(masking.get("canonical").asBoolean());
    }
  }

  @Test
  void registersSayWhatIsReserved() {
    JsonNode cr3 = run("cr3 0x8010400012345000 --maxphyaddr 46");
    assertEquals("0x8010400000000000", cr3.get("reserved_set").asString());
    assertEquals("0x12345000", cr3.get("root").asString());
    assertEquals("0x80000000", run("cr4 0x80001000").get("reserved_set").asString());
    assertEquals("0x1000", run("cr4 0x80001000").get("paging").asString());
  }

  @Test
  void anErrorCodeSaysWhetherItIsPossible() {
    assertTrue(run("error 0x15").get("possible").asBoolean());
    assertFalse(run("error 0x8").get("possible").asBoolean());
  }

  private static JsonNode run(String arguments) {
    CommandRun run = CommandRun.of(("explain " + arguments + " --json").split(" ", -1));
    assertEquals(0, run.status(), run.err());
    assertEquals("", run.err());
    assertEquals(1, run.out().lines().count(), "one document on one line");
    return MAPPER.readTree(run.out());
  }

  private static long hex(JsonNode node, String name) {
    return Long.parseUnsignedLong(node.get(name).asString().substring(2), 16);
  }
}
