package dev.pagewalk.machine.classroom;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The ready-made scenarios, files of this jar. */
public final class Presets {
  /** Their names, in the order in which a course would take them. */
  public static final List<String> NAMES =
      List.of(
          "sequential-8",
          "thrashing",
          "six-fit",
          "demand-zero",
          "fork-cow",
          "shared-memory",
          "same-address",
          "swap",
          "huge-page",
          "stale-tlb",
          "pcid-switch",
          "nx",
          "w-xor-x",
          "null-pointer",
          "stack-overflow",
          "smap",
          "protection-keys",
          "reserved-bit",
          "oom-kill",
          "belady");

  private static final Map<String, Scenario> ALL = read();

  private Presets() {}

  /** All of them by name. */
  public static Map<String, Scenario> all() {
    return ALL;
  }

  private static Map<String, Scenario> read() {
    Map<String, Scenario> all = new LinkedHashMap<>();
    for (String name : NAMES) {
      try {
        all.put(name, Scenario.parse(text(name)));
      } catch (ScenarioException e) {
        throw new IllegalStateException("preset " + name + ": " + e.text(), e);
      }
    }
    return all;
  }

  /** The text of a preset's file; {@code name} is one of {@link #NAMES}. */
  public static String text(String name) {
    try (InputStream in = Presets.class.getResourceAsStream("presets/" + name + ".txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
