package dev.pagewalk.machine.classroom;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random texts are refused with a place, or carried out, or refused by the machine. */
final class FuzzedLanguageTest {
  private static final String[] NUMBERS = {
    "0",
    "1",
    "0x1000",
    "0x1fff",
    "0x7ffffffff000",
    "0x7fffffffffff",
    "0x800000000000",
    "0xffff800000000000",
    "0xfffffffffffff000",
    "0xffffffffffffffff",
    "18446744073709551615",
    "18446744073709551616",
    "4096",
    "0x200000",
    "-1",
    "63",
    "64",
  };
  private static final String[] SIZES = {
    "1", "4K", "8k", "64K", "2M", "64M", "1024G", "0", "5000", "16777216", "0xffffffffffffffff",
  };
  private static final String[] RIGHTS = {"r", "rw", "rwx", "w", "x", "none", "wwrr"};
  private static final String[] ADVICES = {
    "dontneed",
    "free",
    "guard-install",
    "guard-remove",
    "willneed",
    "cold",
    "pageout",
    "hugepage",
    "collapse",
    "populate-write",
    "remove",
    "merge",
  };
  private static final String[] FLAGS = {
    "shared", "growsdown", "populate", "locked", "noreserve", "huge", "file f",
  };
  private static final String[] SHOWN = {
    "tlb", "maps", "pages", "frames", "registers", "figures", "maps A", "pages B",
  };
  private static final String[] ACCESSES = {"read", "write", "fetch", "kread", "kwrite", "kfetch"};

  private static String one(Random random, String... words) {
    return words[random.nextInt(words.length)];
  }

  /** A line that is mostly a statement. */
  private static String line(Random random) {
    String who = one(random, "A", "A", "A", "B", "C");
    String address =
        random.nextInt(3) > 0 ? "0x%x000".formatted(random.nextInt(16)) : one(random, NUMBERS);
    String range = who + ' ' + address + ' ' + one(random, SIZES);
    return switch (random.nextInt(18)) {
      case 0 -> "process " + who;
      case 1 -> "fork " + who + ' ' + one(random, "A", "B", "C");
      case 2 -> "exit " + who;
      case 3, 4 ->
          "mmap "
              + range
              + ' '
              + one(random, RIGHTS)
              + (random.nextBoolean() ? " " + one(random, FLAGS) : "");
      case 5 -> "munmap " + range;
      case 6 -> "mprotect " + range + ' ' + one(random, RIGHTS);
      case 7 -> "madvise " + range + ' ' + one(random, ADVICES);
      case 8 -> "file f " + one(random, SIZES);
      case 9 ->
          "set " + one(random, "cr0", "cr4", "efer", "pkru", "cr0.wp") + ' ' + one(random, NUMBERS);
      case 10 -> one(random, "flush", "flush all", "tick", "invlpg " + address);
      case 11 -> "show " + one(random, SHOWN);
      case 12 -> "show walk " + who + ' ' + address + ' ' + one(random, ACCESSES);
      case 13 -> "view " + address + ' ' + one(random, NUMBERS);
      default -> one(random, ACCESSES) + ' ' + who + ' ' + address;
    };
  }

  /** The same with a letter changed, left out or doubled. */
  private static String spoilt(Random random, String line) {
    StringBuilder text = new StringBuilder(line);
    int at = random.nextInt(line.length());
    switch (random.nextInt(3)) {
      case 0 -> text.setCharAt(at, (char) (' ' + random.nextInt(300)));
      case 1 -> text.deleteCharAt(at);
      default -> text.insert(at, text.charAt(at));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void noTextStopsTheMachine(long seed) {
    int rounds = TestSize.pick(10, 200);
    assertTimeoutPreemptively(
        Duration.ofMinutes(10),
        () -> {
          int done = 0;
          for (int round = 0; round < rounds; round++) {
            done += play(new Random(seed * 1000 + round), false);
          }
          assertTrue(done > rounds * 20, "statements carried out: " + done);
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {5, 6})
  void flippedBitsEndInNothingWorseThanAPanic(long seed) {
    int rounds = TestSize.pick(20, 400);
    assertTimeoutPreemptively(
        Duration.ofMinutes(10),
        () -> {
          for (int round = 0; round < rounds; round++) {
            play(new Random(seed * 1000 + round), true);
          }
        });
  }

  /** A bit of an entry that is likely to be there. */
  private static String flip(Random random) {
    return "flip A 0x%x000 %s %d%s"
        .formatted(
            random.nextInt(16),
            one(random, "pml4", "pdpt", "pd", "pt", "pt"),
            random.nextInt(64),
            random.nextBoolean() ? " invlpg" : "");
  }

  /** Random statements on one machine; how many could be carried out. */
  private static int play(Random random, boolean flips) throws ScenarioException {
    String machine =
        one(
            random,
            "frames=6",
            "frames=1 zeropage=on",
            "frames=all huge=always memory=16M",
            "swap=off");
    List<String> lines = new ArrayList<>(List.of("process A", "mmap A 0x0 64K rw", "file f 64K"));
    for (int i = 0; i < 80; i++) {
      String line = flips && random.nextInt(6) == 0 ? flip(random) : line(random);
      lines.add(random.nextInt(10) == 0 ? spoilt(random, line) : line);
    }
    int done = 0;
    try (Classroom room = new Classroom(Scenario.parse("machine classroom " + machine).machine())) {
      for (String line : lines) {
        try {
          Report report = room.perform(Scenario.Step.parse(line, 1));
          if (!flips) {
            // There is nothing that the kernel may stumble over.
            assertEquals("", room.panic(), String.join("\n", lines));
          }
          done += report.number() > 0 ? 1 : 0;
        } catch (ScenarioException e) {
          assertTrue(e.getMessage().length() < 500, e.getMessage());
        }
      }
    }
    return done;
  }
}
