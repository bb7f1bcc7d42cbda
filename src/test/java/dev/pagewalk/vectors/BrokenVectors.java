package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Lines that are no vectors, each made from a sound one by one change. */
final class BrokenVectors {
  /** A vector with one access and one register write. */
  static final String SOUND =
      "{\"id\":\"a/1\",\"group\":\"a\",\"cpu\":{\"maxphyaddr\":40,\"features\":[\"nx\"]},"
          + "\"state\":{\"cr0\":\"0x80010031\",\"cr3\":\"0x1000\",\"cr4\":\"0x20\","
          + "\"efer\":\"0xd00\",\"pkru\":\"0x0\"},"
          + "\"memory\":[[\"0x1000\",\"0x2027\"],[\"0x2000\",\"0x0\"]],"
          + "\"steps\":[{\"do\":\"read\",\"va\":\"0x0\",\"size\":4,\"cpl\":3,\"ac\":0,"
          + "\"expect\":{\"exception\":\"#PF\",\"error\":\"0x4\",\"cr2\":\"0x0\"},"
          + "\"memory_after\":[]},"
          + "{\"do\":\"mov_cr4\",\"value\":\"0x8020\","
          + "\"expect\":{\"exception\":\"#GP\",\"error\":\"0x0\"}}],"
          + "\"sources\":[\"hand\"]}";

  private BrokenVectors() {}

  /** Lines that both the schema and the reader refuse, with what the reader's message names. */
  static List<Arguments> outOfFormat() {
    List<Arguments> lines = new ArrayList<>();
    add(lines, "\"id\":\"a/1\",", "", "expected the key id");
    add(lines, "\"group\":\"a\",", "", "expected the key group");
    add(lines, "\"group\":\"a\"", "\"group\":7", "expected a string");
    add(lines, "\"group\":\"a\"", "\"group\":\"\"", "expected a name");
    add(lines, "\"group\":\"a\"", "\"colour\":\"a\"", "unknown key");
    add(lines, "\"group\":\"a\"", "\"group\":\"a\\u001b[31m\"", "control characters");
    add(lines, "{\"exception\":\"#GP\",\"error\":\"0x0\"}", "{\"pa\":\"0x0\"}", "has no outcome");
    add(lines, "\"#PF\",\"error\":\"0x4\",\"cr2\":\"0x0\"", "\"#UD\"", "has no outcome");
    add(
        lines,
        "\"expect\":{\"exception\":\"#GP\",\"error\":\"0x0\"}}]",
        "\"permits\":[{\"exception\":\"#GP\",\"error\":\"0x0\"}]}]",
        "has no key permits");
    add(lines, "\"maxphyaddr\":40", "\"maxphyaddr\":53", "36 to 52");
    add(lines, "\"maxphyaddr\":40", "\"maxphyaddr\":\"40\"", "expected a whole number");
    add(lines, "\"maxphyaddr\":40", "\"maxphyaddr\":40.5", "expected a whole number");
    add(lines, "\"maxphyaddr\":40,", "", "expected the keys maxphyaddr and features");
    add(lines, "[\"nx\"]", "[\"nxx\"]", "unknown feature");
    add(lines, "[\"nx\"]", "\"nx\"", "expected an array");
    add(lines, "\"cr4\":\"0x20\",", "", "expected the key cr4");
    add(lines, "\"cr4\":\"0x20\"", "\"cr4\":\"0x020\"", "without leading zeros");
    add(lines, "\"cr4\":\"0x20\"", "\"cr4\":\"0X20\"", "0x and up to 16 lower-case");
    add(lines, "\"efer\":\"0xd00\"", "\"efer\":\"0xD00\"", "lower-case");
    add(lines, "\"efer\":\"0xd00\"", "\"efer\":\"0x\"", "hexadecimal digits");
    add(lines, "\"efer\":\"0xd00\"", "\"efer\":\"0x10000000000000d00\"", "up to 16");
    add(lines, "\"efer\":\"0xd00\"", "\"efer\":3328", "found 3328");
    add(lines, "\"pkru\":\"0x0\"", "\"pkru\":\"0x100000000\"", "expected 32 bits");
    add(lines, "\"pkru\":\"0x0\"", "\"dr7\":\"0x0\"", "unknown key");
    add(lines, "[\"0x1000\",\"0x2027\"]", "[\"0x1004\",\"0x2027\"]", "a multiple of 8");
    add(lines, "[\"0x1000\",", "[\"0x10000000000000\",", "below 2^52");
    add(lines, "[\"0x1000\",\"0x2027\"]", "[\"0x1000\"]", "0x and up to 16");
    add(lines, "\"0x2027\"]", "\"0x2027\",\"0x1\"]", "expected the array to end");
    add(lines, "[\"0x1000\",\"0x2027\"]", "\"0x1000\"", "expected an array of 2");
    add(lines, "\"do\":\"read\"", "\"do\":\"peek\"", "unknown step");
    add(lines, "\"do\":\"read\",", "", "expected the key do");
    add(lines, "\"size\":4", "\"size\":3", "expected 1, 2, 4 or 8");
    add(lines, "\"size\":4,", "", "expected the key size");
    add(lines, "\"cpl\":3", "\"cpl\":1", "expected 0 or 3");
    add(lines, "\"ac\":0", "\"ac\":true", "whole number from 0 to 1");
    add(lines, "\"ac\":0,", "\"ac\":0,\"value\":\"0x1\",", "has no key value");
    add(lines, "\"cr2\":\"0x0\"", "\"cr3\":\"0x0\"", "unknown key");
    add(lines, ",\"cr2\":\"0x0\"", "", "expected cr2 with #PF");
    add(lines, "\"exception\":\"#PF\"", "\"exception\":\"#XF\"", "expected cr2 with #PF");
    add(lines, "\"error\":\"0x4\",", "", "expected an error code");
    add(lines, "\"error\":\"0x0\"}}]", "\"error\":\"0x1\"}}]", "expected error \"0x0\"");
    add(lines, "\"exception\":\"#GP\"", "\"exception\":\"#UD\"", "no error code");
    add(lines, "\"exception\":\"#PF\"", "\"pa\":\"0x0\",\"exception\":\"#PF\"", "either pa or");
    add(lines, "\"sources\":[\"hand\"]", "\"sources\":[]", "at least one source");
    return lines;
  }

  /** Lines that only the reader refuses: what a schema cannot say. */
  static List<Arguments> beyondTheSchema() {
    List<Arguments> lines = new ArrayList<>();
    add(lines, "\"cr0\":\"0x80010031\"", "\"cr0\":\"0x10031\"", "CR0.PG");
    add(lines, "[\"0x2000\",\"0x0\"]", "[\"0x1000\",\"0x0\"]", "stands twice");
    add(lines, "\"memory_after\":[]", "\"memory_after\":[[\"0x3000\",\"0x1\"]]", "memory names");
    add(lines, "\"memory_after\":[]", "\"memory_after_masked\":[]", "every word");
    add(lines, "\"id\":\"a/1\"", "\"id\":\"a/1\",\"id\":\"a/2\"", "twice");
    add(lines, "\"sources\":[\"hand\"]}", "\"sources\":[\"hand\"]} {}", "one object a line");
    add(lines, "\"sources\":[\"hand\"]}", "\"sources\":[\"hand\"]", "expected JSON");
    add(lines, "{\"id\"", "id", "expected JSON");
    add(lines, "\"maxphyaddr\":40", "\"maxphyaddr\":" + "4".repeat(2000), "expected JSON");
    add(lines, "\"id\":", "\"" + "i".repeat(60_000) + "\":", "expected JSON");
    add(lines, "\"memory\":[", "\"memory\":" + "[".repeat(3000), "expected");
    add(lines, "\"cr3\":\"0x1000\"", "\"cr3\":\"0x10000000000\"", "40 bits");
    add(lines, "{\"id\":\"a/1\"", "[\"id\"", "expected an object");
    return lines;
  }

  private static void add(List<Arguments> lines, String from, String to, String message) {
    String line = SOUND.replace(from, to);
    if (line.equals(SOUND)) {
      throw new IllegalStateException("nothing to replace: " + from);
    }
    lines.add(Arguments.of(line, message));
  }
}
