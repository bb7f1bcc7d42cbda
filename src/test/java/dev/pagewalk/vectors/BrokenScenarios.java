package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Scenarios that are not as the format says, each made from a sound one by one change. */
final class BrokenScenarios {
  /** A scenario with a file, a named mapping, a child and an access that is refused. */
  static final String SOUND =
      "{\"name\":\"one\",\"group\":\"a\",\"about\":\"A sound one.\",\"base\":\"0x100000000000\","
          + "\"files\":[{\"name\":\"f0\",\"fs\":\"ext4\",\"size\":4096,\"cold\":true}],"
          + "\"features\":[\"mmap\"],\"dropped\":[\"smaps.Referenced\"],\"unstable\":[],"
          + "\"needs\":[\"swap\"],\"brk\":\"0x100020000000\",\"steps\":["
          + "{\"p\":\"A\",\"op\":\"mmap\",\"addr\":\"0x0\",\"len\":4096,\"prot\":\"rw\","
          + "\"flags\":[\"private\"],\"file\":\"f0\",\"off\":0,\"as\":\"m0\","
          + "\"r\":{\"ret\":\"m0+0x0\",\"min\":0,\"maj\":0,\"pf\":[]},"
          + "\"s\":{\"A\":{\"vmas\":[[\"m0+0x0\",\"m0+0x1000\",\"rw-p\",0,\"f0\",\"ac\"]],"
          + "\"smaps\":[{\"Rss\":4}]}}},"
          + "{\"p\":\"A\",\"op\":\"write\",\"addr\":\"m0+0x10\",\"size\":4,\"val\":\"0x7\","
          + "\"r\":{\"ok\":true,\"min\":0,\"maj\":1,\"pf\":[[\"m0+0x10\",6]]},"
          + "\"s\":{\"A\":{\"pages\":[[\"m0+0x0\",1,\"Px\",1]],\"pt\":3}}},"
          + "{\"p\":\"A\",\"op\":\"fork\",\"child\":\"B\",\"r\":{\"child\":\"B\"}},"
          + "{\"p\":\"B\",\"op\":\"read\",\"addr\":\"0x0\",\"r\":{\"sig\":\"SIGSEGV\",\"code\":1,"
          + "\"si_addr\":\"0x0\",\"trapno\":14,\"err\":4,\"cr2\":\"0x0\",\"min\":0,\"maj\":0,"
          + "\"pf\":null}},{\"p\":\"A\",\"op\":\"exit\",\"r\":{}}],"
          + "\"end\":{\"mem\":{\"B\":[[\"m0+0x0\",1,\"0\"]]},"
          + "\"files\":{\"f0\":{\"size\":4096,\"pages\":[\"01234567\"]}}}}";

  private BrokenScenarios() {}

  /** Lines with what the reader's message names. */
  static List<Arguments> lines() {
    List<Arguments> lines = new ArrayList<>();
    addHeads(lines);
    addSteps(lines);
    addOutcomes(lines);
    addStates(lines);
    return lines;
  }

  private static void addHeads(List<Arguments> lines) {
    add(lines, "\"group\":\"a\",", "", "expected the key group");
    add(lines, "\"group\":\"a\"", "\"group\":7", "group: expected a string, found 7");
    add(lines, "\"group\":\"a\"", "\"colour\":\"a\"", "colour: unknown key");
    add(lines, "\"group\":\"a\"", "\"group\":\"a\",\"group\":\"b\"", "twice");
    add(lines, "\"about\":\"A sound one.\"", "\"about\":null", "about: expected a string");
    add(lines, "\"base\":\"0x100000000000\",", "", "expected base before steps");
    add(lines, "\"base\":\"0x100000000000\"", "\"base\":\"0x100\"", "multiple of 4096 below 2^47");
    add(lines, "[\"swap\"]", "[\"lots of time\"]", "needs: expected one of swap");
    add(lines, "[\"smaps.Referenced\"]", "[\"pages\"]", "dropped: expected smaps.");
    add(lines, "\"fs\":\"ext4\"", "\"fs\":\"xfs\"", "fs: expected one of ext4, tmpfs");
    add(lines, "\"fs\":\"ext4\",", "", "files: expected the key fs");
    add(lines, "\"size\":4096,\"cold\"", "\"size\":-1,\"cold\"", "size: expected a whole number");
    add(lines, "\"cold\":true", "\"cold\":1", "cold: expected true or false, found 1");
    add(lines, "\"cold\":true", "\"fill\":\"sand\"", "fill: expected one of hole");
    add(lines, "\"features\":[\"mmap\"]", "\"features\":\"mmap\"", "features: expected an array");
    add(lines, "\"end\":{\"mem\"", "\"end\":{\"memory\"", "memory: unknown key");
    add(lines, "{\"B\":[[", "{\"C\":[[", "C: expected a process that is alive");
    add(lines, "{\"B\":[[", "{\"A\":[[", "A: expected a process that is alive");
    add(lines, "\"0\"]]}", "\"00\"]]}", "expected 8 hexadecimal digits, 0 or !");
    add(lines, "\"01234567\"", "\"0123456\"", "expected 8 hexadecimal digits, 0 or !");
    add(lines, "{\"f0\":{\"size\":4096,", "{\"f0\":{", "expected the key size");
    add(lines, "{\"f0\":{\"size\"", "{\"f9\":{\"size\"", "f9: expected a file that files names");
    add(lines, "\"]}}}}", "\"]}}}} 1", "one object a line, found more");
    add(lines, "\"]}}}}", "\"]}}}", "expected JSON");
  }

  private static void addSteps(List<Arguments> lines) {
    add(lines, "{\"p\":\"A\",\"op\":\"mmap\"", "{\"op\":\"mmap\"", "steps[0]: expected the key p");
    add(lines, "\"p\":\"B\"", "\"p\":\"C\"", "steps[3]: p: expected a process that is alive");
    add(lines, "\"p\":\"B\"", "\"p\":\"b\"", "steps[3]: p: expected the name of a process");
    add(lines, "\"op\":\"exit\"", "\"op\":\"vanish\"", "steps[4]: op: unknown operation");
    add(lines, "\"len\":4096,", "", "steps[0]: expected the key len in a step mmap");
    add(lines, "\"len\":4096,", "\"len\":4096,\"to\":\"0x0\",", "a step mmap has no key to");
    add(lines, "\"len\":4096", "\"len\":-1", "len: expected a whole number from 0 to 2^64 - 1");
    add(lines, "\"len\":4096", "\"len\":18446744073709551616", "len: expected a whole number");
    add(lines, "\"addr\":\"0x0\",\"len\"", "\"addr\":0,\"len\"", "addr: expected a string of 0x");
    add(lines, "\"m0+0x10\",\"size\"", "\"m1+0x10\",\"size\"", "addr: expected a name that");
    add(lines, "\"m0+0x10\",\"size\"", "\"m0-0x10\",\"size\"", "or of a name, + and such digits");
    add(lines, "\"prot\":\"rw\"", "\"prot\":\"wr\"", "prot: expected letters of \"rwx\"");
    add(lines, "[\"private\"]", "[\"secret\"]", "flags: expected some of anon, fixed");
    add(lines, "\"file\":\"f0\"", "\"file\":\"f1\"", "file: expected one of f0");
    add(lines, "\"as\":\"m0\"", "\"as\":\"M 0\"", "as: expected a new name");
    add(lines, "\"size\":4,\"val\"", "\"size\":3,\"val\"", "size: expected 1, 2, 4 or 8, found 3");
    add(lines, "\"val\":\"0x7\"", "\"val\":\"seven\"", "val: expected a string of 0x");
    add(lines, "\"child\":\"B\",\"r\"", "\"child\":\"A\",\"r\"", "the name of a new process");
    add(lines, "\"op\":\"exit\"", "\"op\":\"exit\",\"hurry\":1", "steps[4]: hurry: unknown key");
    add(lines, "\"r\":{}", "\"r\":[]", "steps[4]: r: expected an object");
    add(lines, ",\"r\":{}", "", "steps[4]: expected the key r");
  }

  private static void addOutcomes(List<Arguments> lines) {
    add(lines, "\"ret\":\"m0+0x0\",", "", "r: expected the key ret");
    add(lines, "\"ret\":\"m0+0x0\"", "\"errno\":12", "errno: expected a string, found 12");
    add(lines, "\"ret\":\"m0+0x0\"", "\"errno\":\"no\"", "errno: expected the name of an error");
    add(lines, "\"ret\":\"m0+0x0\"", "\"ok\":true", "r: expected the key ret");
    add(lines, "\"ok\":true", "\"ok\":false", "ok: expected true, found false");
    add(lines, "\"ok\":true", "\"ok\":true,\"val\":\"0x1\"", "expected no key val");
    add(lines, "\"min\":0,\"maj\":1,", "\"maj\":1,", "r: expected the key min");
    add(lines, "\"maj\":1", "\"maj\":\"1\"", "maj: expected a whole number");
    add(lines, "[[\"m0+0x10\",6]]", "[[\"m0+0x10\"]]", "pf: expected a whole number");
    add(lines, "[[\"m0+0x10\",6]]", "[[\"m0+0x10\",6,7]]", "pf: expected the array to end");
    add(lines, "[[\"m0+0x10\",6]]", "[6]", "pf: expected an array of address and error code");
    add(lines, "\"cr2\":\"0x0\",", "", "expected cr2 with trapno 14");
    add(lines, "\"trapno\":14", "\"trapno\":13", "expected cr2 with trapno 14");
    add(lines, "\"sig\":\"SIGSEGV\"", "\"sig\":\"segv\"", "sig: expected the name of a signal");
    add(lines, "\"r\":{}", "\"r\":{\"ret\":0}", "expected no key ret");
  }

  private static void addStates(List<Arguments> lines) {
    add(lines, "\"s\":{\"A\":{\"vmas\"", "\"s\":{\"B\":{\"vmas\"", "s: expected a process that");
    add(lines, "\"rw-p\"", "\"rwp\"", "vmas: expected perms as in /proc/self/maps");
    add(lines, "\"m0+0x1000\",\"rw-p\"", "\"m0+0x1001\",\"rw-p\"", "vmas: expected a multiple of");
    add(lines, "\"f0\",\"ac\"]", "\"f0\",\"acc\"]", "vmas: expected flags of two letters");
    add(lines, "\"f0\",\"ac\"]", "\"f0\"]", "vmas: expected a string");
    add(lines, "\"smaps\":[{\"Rss\":4}]", "\"smaps\":[4]", "smaps: expected an object");
    add(lines, "{\"Rss\":4}", "{\"Rss\":\"4\"}", "Rss: expected a whole number");
    add(lines, "{\"Rss\":4}", "{\"Rss\":4,\"Rss\":4}", "Rss: the key stands twice");
    add(lines, "[\"m0+0x0\",1,\"Px\",1]", "[\"m0+0x8\",1,\"Px\",1]", "pages: expected a multiple");
    add(lines, "1,\"Px\",1]", "0,\"Px\",1]", "pages: expected a whole number from 1");
    add(lines, "1,\"Px\",1]", "1,\"xP\",1]", "pages: expected flags of a page");
    add(lines, "\"pt\":3", "\"pt\":3.5", "pt: expected a whole number");
    add(lines, "\"pt\":3", "\"tables\":3", "tables: unknown key");
  }

  private static void add(List<Arguments> lines, String from, String to, String message) {
    String line = SOUND.replace(from, to);
    if (line.equals(SOUND)) {
      throw new IllegalStateException("nothing to replace: " + from);
    }
    lines.add(Arguments.of(line, message));
  }
}
