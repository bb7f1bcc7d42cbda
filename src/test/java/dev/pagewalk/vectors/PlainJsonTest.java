package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** What {@link PlainJson} takes for a token is that token to Jackson as well. */
class PlainJsonTest {
  private static final long SEED = 20261121;
  private static final String PIECES = "{}[]:,\"\\ \n\t0019-.eE+truefalsn\u0000\u007fé/x";
  private static final List<String> SOUND =
      List.of(
          BrokenVectors.SOUND,
          "{\"a\":[true,false,null,0,10,123456789012345678,[],{}],\"\":\"\"}",
          " [ 1 , [ 2 ] , { \"b\" : [ { } ] , \"c\" : -1 } ]\r\n",
          "{\"a\":\"\\u0041\",\"b\":1.5,\"é\":\"é\"}",
          "[".repeat(70) + "]".repeat(70));

  @Test
  void aVectorIsPlainToItsEnd() {
    byte[] line = BrokenVectors.SOUND.getBytes(StandardCharsets.UTF_8);
    PlainJson plain = new PlainJson(line, 0, line.length);
    JsonToken token = plain.next();
    int tokens = 0;
    while (token != null) {
      assertTrue(token != PlainJson.NOT_PLAIN, "token " + tokens);
      tokens++;
      token = plain.next();
    }
    assertTrue(tokens > 50);
    assertNull(plain.next());
  }

  @Test
  void damagedLinesHaveTheTokensThatJacksonFinds() {
    Random random = new Random(SEED);
    long tokens = 0;
    for (int round = 0; round < 50_000; round++) {
      String line = SOUND.get(round % SOUND.size());
      for (int damages = random.nextInt(3); damages >= 0; damages--) {
        line = damaged(line, random);
      }
      tokens += compare(line);
    }
    System.out.println("[pagewalk] plain JSON: 50,000 damaged lines, " + tokens + " tokens");
    assertTrue(tokens > 500_000, tokens + " tokens");
  }

  @Test
  void aCursorThatTurnsToJacksonAnywhereReadsOn() throws Exception {
    byte[] line = BrokenVectors.SOUND.getBytes(StandardCharsets.UTF_8);
    for (int turn = 1; turn < 60; turn++) {
      try (Cursor straight = cursor(line);
          Cursor turning = cursor(line)) {
        JsonToken token = straight.next();
        for (int i = 1; token != null; i++) {
          assertEquals(token, turning.next());
          if (i >= turn) {
            // What is found is told by Jackson.
            String there = turning.found();
            assertEquals(straight.isString() ? '"' + straight.stringHere() + '"' : there, there);
          }
          token = straight.next();
        }
        assertNull(turning.next());
      }
    }
  }

  private static Cursor cursor(byte[] line) {
    return new Cursor(new Cursor.Line("test", 1, line, 0, line.length));
  }

  private static String damaged(String line, Random random) {
    int at = random.nextInt(line.length() + 1);
    int skipped = Math.min(line.length() - at, random.nextInt(3));
    char piece = PIECES.charAt(random.nextInt(PIECES.length()));
    return line.substring(0, at)
        + (random.nextInt(4) == 0 ? "" : String.valueOf(piece))
        + line.substring(at + skipped);
  }

  /** Compares token by token for as long as the line is plain; how many tokens that are. */
  private static int compare(String line) {
    byte[] bytes = (line + '\n').getBytes(StandardCharsets.UTF_8);
    PlainJson plain = new PlainJson(bytes, 0, bytes.length);
    int tokens = 0;
    try (JsonParser jackson =
        new JsonFactory().createParser(ObjectReadContext.empty(), bytes, 0, bytes.length)) {
      while (true) {
        JsonToken token = plain.next();
        if (token == PlainJson.NOT_PLAIN) {
          return tokens;
        }
        if (!isSame(jackson, token, line)) {
          assertEquals(PlainJson.NOT_PLAIN, plain.next(), line);
          return tokens;
        }
        if (token == null) {
          return tokens;
        }
        tokens++;
        switch (token) {
          case PROPERTY_NAME -> assertEquals(jackson.currentName(), plain.text(), line);
          case VALUE_STRING -> assertEquals(jackson.getString(), plain.text(), line);
          case VALUE_NUMBER_INT -> assertEquals(jackson.getLongValue(), plain.number(), line);
          default -> {}
        }
      }
    }
  }

  /** Whether Jackson finds that token; false if it refuses what comes behind a name already. */
  private static boolean isSame(JsonParser jackson, JsonToken token, String line) {
    try {
      assertEquals(jackson.nextToken(), token, line);
      return true;
    } catch (JacksonException e) {
      assertEquals(JsonToken.PROPERTY_NAME, token, () -> line + ": " + e.getMessage());
      return false;
    }
  }
}
