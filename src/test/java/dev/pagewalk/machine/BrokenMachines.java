package dev.pagewalk.machine;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.provider.Arguments;

/** Files that describe no machine or no costs, each made from a sound one by one change. */
final class BrokenMachines {
  /** A machine with everything that a file may have. */
  static final String MACHINE =
      """
      {
        "name": "mine", "description": "An example.",
        "nodes": [{"memory": "64 MiB", "cores": 2}, {"memory": "32 MiB", "cores": 1}],
        "distances": [[10, 21], [21, 10]],
        "placement": "bind:0,1",
        "cpu": "zen2", "virtualPages": 1000, "frames": 100,
        "policy": "clock", "scope": "process", "swap": "8 MiB", "prefetch": "sequential:degree=2",
        "watermarks": {"min": 10, "low": 20, "high": 30}, "swappiness": 100, "quantum": 500,
        "costs": "server",
        "kernel": {"hugePages": "never", "zeroPage": true, "exactAccessed": false,
          "isolation": true, "tick": 77}
      }
      """;

  private BrokenMachines() {}

  /** Files that both the schema and the reader refuse, with what the reader's line says. */
  static List<Arguments> machines() {
    List<Arguments> files = new ArrayList<>();
    add(files, "\"name\": \"mine\", ", "", "expected the key name");
    add(files, "\"cpu\": \"zen2\", ", "", "expected the key cpu");
    add(files, "\"costs\": \"server\",", "", "expected the key costs");
    add(files, "\"frames\"", "\"frame\"", "line 6, column 40: frame: unknown key, expected one of");
    add(files, "\"frames\": 100", "\"frames\": 0", "frames: expected 1 to 2^40 pages, found 0");
    add(files, "\"frames\": 100", "\"frames\": 1.5", "frames: expected a whole number, found 1.5");
    add(files, "\"frames\": 100", "\"frames\": \"6\"", "frames: expected a whole number, found");
    add(files, "\"frames\": 100", "\"frames\": null", "frames: expected a value, found null");
    add(files, "1000", "0", "virtualPages: expected 1 to 2^40 pages, found 0");
    add(files, "\"8 MiB\"", "\"8 MB\"", "swap: expected a size of whole pages as \"512 MiB\"");
    add(files, "\"64 MiB\"", "64", "nodes[0].memory: expected a string, found 64");
    add(files, "\"64 MiB\"", "\"0 MiB\"", "memory: expected a size of whole pages");
    add(files, "\"cores\": 2", "\"cores\": 300", "cores: expected 0 to 256, found 300");
    add(files, "\"nodes\"", "\"cores\": 2, \"nodes\"", "expected either the keys memory and cores");
    add(files, "\"bind:0,1\"", "\"bind\"", "placement: expected local, interleave");
    add(files, "\"process\"", "\"mine\"", "scope: expected one of global, process, found \"mine\"");
    add(files, "\"min\": 10, ", "", "watermarks: expected the key min");
    add(files, "\"min\": 10", "\"min\": -1", "watermarks: expected 0 <= min <= low <= high");
    add(files, "100, \"quantum\"", "201, \"quantum\"", "swappiness: expected 0 to 200, found 201");
    add(files, "500", "-5", "quantum: expected 0 to 2^30, found -5");
    add(
        files,
        "\"never\"",
        "\"maybe\"",
        "kernel.hugePages: expected one of never, madvise, always");
    add(files, "77", "0", "tick: expected 1 to 2^30, found 0");
    add(files, "[10, 21]", "[10, 255]", "distances[0][1]: expected 11 to 254, found 255");
    return files;
  }

  /** Files that the schema lets pass and the reader refuses. */
  static List<Arguments> beyondTheSchema() {
    List<Arguments> files = new ArrayList<>();
    add(files, "[10, 21], ", "", "distances: expected 2 rows, found 1");
    add(files, "[10, 21]", "[10]", "distances[0]: expected 2 numbers, found 1");
    add(files, "[10, 21]", "[11, 21]", "distances[0][0]: expected 10, found 11");
    add(files, "bind:0,1", "bind:0,2", "placement: expected numbers of nodes, 0 to 1, found \"2\"");
    add(files, "\"min\": 10", "\"min\": 25", "watermarks: expected 0 <= min <= low <= high");
    add(
        files,
        "\"sequential:degree=2\"",
        "\"psychic\"",
        "no prefetcher \"psychic\": expected none");
    return files;
  }

  /** Cost models that both the schema and the reader refuse. */
  static List<Arguments> costs(String sound) {
    List<Arguments> files = new ArrayList<>();
    change(files, sound, "\"minorFault\"", "\"minorFaults\"", "minorFaults: unknown key");
    change(
        files, sound, "\"unit\": \"us\"", "\"unit\": \"s\"", "expected one of cycles, ps, ns, us");
    change(files, sound, "\"value\": 80", "\"value\": -80", "value: expected 0 or more, found -80");
    change(
        files, sound, "\"sets\": 16", "\"sets\": 15", "sets: expected a power of two up to 65536");
    change(files, sound, "\"ways\": 8", "\"ways\": 17", "ways: expected 1 to 16, found 17");
    change(
        files,
        sound,
        "\"value\": 250,\n    \"unit\": \"ps\"",
        "\"value\": 1,\n    \"unit\":" + " \"cycles\"",
        "cycle: expected more than 0, and not in cycles");
    change(files, sound, "\"caches\"", "\"cache\"", "walk.cache: unknown key");
    return files;
  }

  private static void add(List<Arguments> files, String from, String to, String says) {
    change(files, MACHINE, from, to, says);
  }

  private static void change(
      List<Arguments> files, String sound, String from, String to, String... says) {
    int at = sound.indexOf(from);
    if (at < 0) {
      throw new IllegalArgumentException("not in the sound file: " + from);
    }
    String changed = sound.substring(0, at) + to + sound.substring(at + from.length());
    files.add(Arguments.of(changed, says[0]));
  }
}
