package dev.pagewalk.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What README shows of a {@code bench} run is what it prints, but for the times. */
class ReadmeBenchTest {
  private static final Pattern COMMAND =
      Pattern.compile(
          "```console\n\\$ ./pagewalk bench --against-c --passes (\\d+) --rounds (\\d+)\n(.*?)```",
          Pattern.DOTALL);

  private static final List<Workload> WORKLOADS =
      List.of(Workload.HOT, Workload.WARM, Workload.COLD, Workload.VAST);

  @Test
  void itsCountersAndSumsAreThoseOfTheLineByLineTranslation() throws Exception {
    Matcher block = COMMAND.matcher(Files.readString(Path.of("README.md")));
    assertTrue(block.find(), "README shows a run of bench --against-c");
    List<String> shown = block.group(3).lines().toList();

    List<String> lines = new ArrayList<>();
    for (Workload workload : WORKLOADS) {
      lines.add(line(workload, Integer.parseInt(block.group(2))));
    }
    List<String> expected = new ArrayList<>();
    expected.add("C");
    expected.addAll(lines);
    expected.add("Java");
    int pairs = Integer.parseInt(block.group(1)) * Integer.parseInt(block.group(2));
    expected.addAll(lines);
    expected.add("Java by C: medians, and quartiles, of " + pairs + " interleaved rounds");
    WORKLOADS.forEach(workload -> expected.add(workload + " T T to T"));
    assertEquals(expected, shown.stream().map(ReadmeBenchTest::withoutTimes).toList());
  }

  /** Blanks the times and ratios, all that has a point. */
  private static String withoutTimes(String line) {
    return line.replaceAll(" *\\d+\\.\\d\\d", " T");
  }

  private static String line(Workload workload, int rounds) {
    try (PhysicalMemory memory = workload.memory()) {
      LimitPort port = new LimitPort(memory);
      Traffic traffic = new Traffic(workload);
      long sum = 0;
      for (int round = 0; round < rounds; round++) {
        sum += traffic.run(port, workload.accesses);
      }
      return "%s T ns  l1_hits %d l2_hits %d walks %d loads %d faults %d sum %016x"
          .formatted(workload, port.l1Hits, port.l2Hits, port.walks, port.loads, port.faults, sum);
    }
  }
}
