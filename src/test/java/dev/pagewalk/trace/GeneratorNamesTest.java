package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names of generators say all of a trace, always the same one, and wrong ones are refused. */
final class GeneratorNamesTest {
  private static final String ALL = "sequential, stride, loop, uniform, zipf, phases, chase or mix";

  @Test
  void theSameNameMakesTheSameTraceForEver() throws IOException {
    pinned("sequential:pages=100,count=1k", "a0335369793bcda5");
    pinned("stride:pages=100,stride=5k,count=1k,size=16", "8ad227f79427f425");
    pinned("loop:pages=7,count=1k,base=0x7fff0000,process=9", "9caf996e3afc9da5");
    pinned("uniform:pages=1M,count=100k,seed=42,write=0.25,fetch=0.25", "82c428694e2bcc42");
    pinned("zipf:pages=10k,count=100k,seed=7,s=0.99", "4cf5a6edc37e4d25");
    pinned("zipf:pages=10k,count=100k,seed=7,s=1.2,shuffle=yes,processes=3", "210f31167fba0d25");
    pinned("phases:pages=5k,set=50,length=1k,count=100k,seed=3", "1551aaabc5fad25");
    pinned("chase:pages=3k,count=10k,seed=5", "7281ca4401ebec25");
    pinned(
        "mix:count=100k,seed=2,run=3+zipf:weight=2+loop:process=1,write=0.5+chase",
        "90fe94d2cab1792a");
  }

  @Test
  void randomNumbersAreThoseOfSplitMix64() {
    // The first five from the seed 1234567, as many implementations print them.
    SplitMix random = new SplitMix(1_234_567);
    assertEquals("6457827717110365317", Long.toUnsignedString(random.next()));
    assertEquals("3203168211198807973", Long.toUnsignedString(random.next()));
    assertEquals("9817491932198370423", Long.toUnsignedString(random.next()));
    assertEquals("4593380528125082431", Long.toUnsignedString(random.next()));
    assertEquals("16408922859458223821", Long.toUnsignedString(random.next()));
  }

  @Test
  void numbersMayBeWrittenInManyWays() throws IOException {
    List<String> expected = Accesses.of(TraceFiles.open("uniform:pages=2048,count=3000"));
    for (String pages : List.of("0x800", "2Ki", "2.048k", "2048", "2048e0")) {
      for (String count : List.of("3k", "3K", "3e3", "0.003M", "3000")) {
        assertEquals(
            expected, Accesses.of(TraceFiles.open("uniform:pages=" + pages + ",count=" + count)));
      }
    }
  }

  @Test
  void anEmptyTraceMayBeAskedFor() throws IOException {
    assertEquals(List.of(), Accesses.of(TraceFiles.open("uniform:count=0")));
  }

  @Test
  void eachMistakeIsTold() {
    refused("zipff:pages=3", "expected a file or a generator: " + ALL);
    refused("zipf:pages", "expected key=value; found \"pages\"");
    refused("zipf:=3", "expected key=value; found \"=3\"");
    refused("zipf:pages=3,", "expected key=value; found \"\"");
    refused("zipf:pages=3,pages=4", "expected pages once");
    refused("zipf:pages=0", "expected pages from 1 to 1099511627776; found \"0\"");
    refused("zipf:pages=-1", "expected pages from 1 to 1099511627776; found \"-1\"");
    refused("zipf:pages=1.5", "expected pages from 1 to 1099511627776; found \"1.5\"");
    refused("zipf:pages=1x", "expected pages from 1 to 1099511627776; found \"1x\"");
    refused("zipf:pages=20M", "expected pages up to 16,777,216");
    refused("zipf:s=21", "expected s from 0 to 20; found \"21\"");
    refused("zipf:s=NaN", "expected s from 0 to 20; found \"NaN\"");
    refused("zipf:shuffle=1", "expected shuffle=yes or no; found \"1\"");
    refused("uniform:size=0", "expected size from 1 to 4096; found \"0\"");
    refused("uniform:size=4097", "expected size from 1 to 4096; found \"4097\"");
    refused("uniform:write=1.1", "expected write from 0 to 1; found \"1.1\"");
    refused("uniform:write=.6,fetch=.6", "expected write and fetch to be at most 1 together");
    refused(
        "uniform:base=0xffffffffffff000,pages=1",
        "expected base from 0 to 72057594037927936;" + " found \"0xffffffffffff000\"");
    refused("uniform:base=0xfffffffffff000,pages=2", "expected base and pages to end below 2^56");
    refused(
        "uniform:count=18446744073709551616",
        "expected count from 0 to 9223372036854775807; found \"18446744073709551616\"");
    refused("uniform:process=1,processes=2", "expected process or processes; found both");
    refused("stride:stride=0", "expected stride from 1 to 4194304; found \"0\"");
    refused("phases:pages=10,set=11", "expected set from 1 to 10; found \"11\"");
    refused("phases:length=0", "expected length from 1 to 9223372036854775807; found \"0\"");
    refused(
        "loop:s=1",
        "expected one of base, count, fetch, pages, process, processes, seed, size, slice, step,"
            + " write; found \"s\"");
    refused("zipf+loop", "expected mix: before parts that are joined by +");
    refused("mix:count=3", "expected mix:…+generator:…+generator:…");
    refused("mix+zipf+mix", "expected no mix within a mix");
    refused("mix+zipf+", "expected " + ALL + "; found \"\"");
    refused("mix+zipf:weight=0+loop:weight=0", "expected a weight above 0");
    refused(
        "mix+loop:count=3",
        "expected one of base, fetch, pages, process, seed, size, step, weight, write; found"
            + " \"count\"");
  }

  @Test
  void filesAreFiles() {
    assertTrue(TraceFiles.isGenerator("zipf"));
    assertTrue(TraceFiles.isGenerator("mix:count=1"));
    assertFalse(TraceFiles.isGenerator("./zipf"));
    assertFalse(TraceFiles.isGenerator("zipf.csv"));
    refused("no-such-file", "no such file");
    refused("no:such", "no such file");
    refused("target", "expected a trace; found a directory");
  }

  private static void refused(String name, String expected) {
    var e = assertThrows(InputException.class, () -> TraceFiles.open(name));
    assertEquals((name.length() > 80 ? "" : name) + ": " + expected, e.getMessage());
  }

  private static void pinned(String name, String hash) throws IOException {
    long found = 0xcbf2_9ce4_8422_2325L;
    AccessBatch batch = new AccessBatch();
    try (TraceReader reader = TraceFiles.open(name)) {
      while (reader.read(batch)) {
        for (int i = 0; i < batch.size; i++) {
          found = (found ^ batch.address[i]) * 0x100_0000_01b3L;
          found = (found ^ batch.what[i]) * 0x100_0000_01b3L;
        }
      }
    }
    assertEquals(hash, Long.toHexString(found), name);
  }
}
