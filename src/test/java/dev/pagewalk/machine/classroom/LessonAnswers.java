package dev.pagewalk.machine.classroom;

import java.util.List;
import java.util.Map;

/** Statements that answer the lessons. */
public final class LessonAnswers {
  /** What answers each lesson; the last statement makes the difference. */
  public static final Map<String, List<String>> ANSWERS =
      Map.ofEntries(
          Map.entry("zero-page", List.of("read A 0x0", "read A 0x1000", "read A 0x2000")),
          Map.entry("one-fault", List.of("write A 0x5000 1")),
          Map.entry(
              "tlb-hits",
              List.of(
                  "read A 0",
                  "read A 1",
                  "read A 2",
                  "read A 3",
                  "read A 4",
                  "read A 5",
                  "read A 6",
                  "read A 7",
                  "read A 8")),
          Map.entry(
              "first-major",
              List.of(
                  "read A 0x0",
                  "read A 0x1000",
                  "read A 0x2000",
                  "read A 0x3000",
                  "read A 0x4000",
                  "read A 0x5000",
                  "read A 0x6000",
                  "read A 0x0")),
          Map.entry("write-fails", List.of("flip A 0x1000 pt 1 invlpg", "write A 0x1000 1")),
          Map.entry("stale-entry", List.of("invlpg 0x1000")),
          Map.entry("why-read-only", List.of("write B 0x0 1")),
          Map.entry("no-copy", List.of("exit B", "write A 0x0 1")),
          Map.entry("run-data", List.of("mprotect A 0x2000 4K rx", "fetch A 0x2000")),
          Map.entry("kernel-means-it", List.of("kread A 0x1000 ac")),
          Map.entry(
              "deepest-push",
              List.of(
                  "write A 0x105000 1",
                  "write A 0x104000 1",
                  "write A 0x103000 1",
                  "write A 0x102000 1")),
          Map.entry("reserved", List.of("flip A 0x1000 pt 50 invlpg", "read A 0x1000")),
          Map.entry("one-instruction", List.of("set pkru 0x8", "write A 0x2000 1")));

  private LessonAnswers() {}
}
