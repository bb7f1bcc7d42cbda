package dev.pagewalk.mmu;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What two machines differ in, in lines that stand on one side only. */
final class TwinDifference {
  private static final Pattern NUMBER = Pattern.compile("(?<=[aA]ddress=|table=)-?\\d+");

  private TwinDifference() {}

  static Optional<String> of(String what, Object one, Object other) {
    return of(what, List.of(one.toString()), List.of(other.toString()));
  }

  static Optional<String> of(MmuCounters one, MmuCounters other) {
    return of("counters", lines(one), lines(other));
  }

  static Optional<String> of(MmuSnapshot one, MmuSnapshot other) {
    return of("snapshots", lines(one), lines(other));
  }

  private static Optional<String> of(String what, List<String> one, List<String> other) {
    if (one.equals(other)) {
      return Optional.empty();
    }
    StringBuilder text = new StringBuilder(what + " differ:");
    addMissing(text, "left ", one, other);
    addMissing(text, "right", other, one);
    return Optional.of(text.toString());
  }

  private static void addMissing(
      StringBuilder text, String side, List<String> here, List<String> there) {
    for (int i = 0; i < here.size(); i++) {
      if (i >= there.size() || !there.get(i).equals(here.get(i))) {
        text.append("\n  ").append(side).append(": ").append(hexadecimal(here.get(i)));
      }
    }
  }

  private static String hexadecimal(String line) {
    return NUMBER
        .matcher(line)
        .replaceAll(number -> "0x" + Long.toHexString(Long.parseLong(number.group())));
  }

  private static List<String> lines(MmuCounters counters) {
    List<String> lines = new ArrayList<>();
    counters.tlbs().forEach((name, counts) -> lines.add(name + " " + counts));
    counters.pagingStructureCaches().forEach((level, counts) -> lines.add(level + " " + counts));
    lines.add("accesses " + counters.accesses());
    lines.add("walks " + counters.walks());
    lines.add("words read " + counters.wordsRead());
    lines.add("A set " + counters.accessedSet());
    lines.add("D set " + counters.dirtySet());
    lines.add("restarts " + counters.restarts());
    counters.pageFaults().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(entry -> lines.add("page faults " + entry));
    lines.add("other faults " + counters.otherFaults());
    return lines;
  }

  private static List<String> lines(MmuSnapshot snapshot) {
    List<String> lines = new ArrayList<>();
    snapshot.tlbs().forEach((name, all) -> all.forEach(entry -> lines.add(name + " " + entry)));
    snapshot
        .pagingStructureCaches()
        .forEach((level, all) -> all.forEach(entry -> lines.add(level + " " + entry)));
    return lines;
  }
}
