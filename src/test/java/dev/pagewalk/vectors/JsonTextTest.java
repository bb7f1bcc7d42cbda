package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What {@link JsonText} writes is the JSON that was meant. */
class JsonTextTest {
  @Test
  void anyTextIsReadBack() throws Exception {
    for (String text :
        List.of("", "a b", "\"quoted\" \\", "line\nend\u0000\u001f\u007f", "é漢\ud83d\ude00", "x")) {
      JsonText json = new JsonText();
      json.startArray();
      json.string(text);
      json.string(text);
      json.endArray();
      JsonNode read = JsonMapper.shared().readTree(json.copy());
      assertEquals(2, read.size());
      assertEquals(text, read.get(0).asString());
      assertEquals(text, read.get(1).asString());
    }
  }

  @Test
  void commasStandBetweenThingsAndNowhereElse() {
    JsonText json = new JsonText();
    for (int line = 0; line < 2; line++) {
      json.startObject();
      json.name("a");
      json.startArray();
      json.startArray();
      json.endArray();
      json.startObject();
      json.endObject();
      json.number(-12);
      json.truth(true);
      json.hex(0);
      json.hex(-1);
      json.hex(0x10);
      json.endArray();
      json.name("b");
      json.number(7);
      json.endObject();
      json.endLine();
    }
    String line = "{\"a\":[[],{},-12,true,\"0x0\",\"0xffffffffffffffff\",\"0x10\"],\"b\":7}\n";
    assertEquals(line + line, new String(json.copy(), StandardCharsets.UTF_8));
  }

  @Test
  void itGrowsAsFarAsItMust() {
    JsonText json = new JsonText();
    String text = "0123456789".repeat(20_000);
    json.string(text);
    json.string(text);
    assertEquals(2 * (text.length() + 2) + 1, json.size());
  }
}
