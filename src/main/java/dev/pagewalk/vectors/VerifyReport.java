package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Supplier;

/** What a verification found: counts by group, the first failures in full, and the evidence. */
public final class VerifyReport {
  private final SequencedMap<String, Count> groups = new LinkedHashMap<>();
  private final SequencedMap<String, LayerCount> scenarios = new LinkedHashMap<>();
  private final List<String> writtenBack = new ArrayList<>();
  private final SequencedMap<String, Long> skipped = new LinkedHashMap<>();
  private final SequencedMap<String, SequencedMap<String, Count>> evidence = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final List<String> engines;
  private final int keep;
  private long evidenceVectors;
  private List<Cause> causes = List.of();
  private int examined;
  private int unexplained;

  /** How many passed and how many failed. */
  public static final class Count {
    private long passed;
    private long failed;

    /** How many answered as observed. */
    public long passed() {
      return passed;
    }

    /** How many answered otherwise. */
    public long failed() {
      return failed;
    }

    void add(boolean good) {
      passed += good ? 1 : 0;
      failed += good ? 0 : 1;
    }

    void add(Count other) {
      passed += other.passed;
      failed += other.failed;
    }
  }

  /** How many scenarios there were, and in how many each layer was as observed. */
  public static final class LayerCount {
    private final Count all = new Count();
    private final Map<Layer, Count> layers = new EnumMap<>(Layer.class);

    LayerCount() {
      for (Layer layer : Layer.values()) {
        layers.put(layer, new Count());
      }
    }

    /** How many scenarios passed and how many failed. */
    public Count all() {
      return all;
    }

    /** In how many scenarios {@code layer} was as observed, and in how many not. */
    public Count layer(Layer layer) {
      return layers.get(layer);
    }

    void add(LayerCount other) {
      all.add(other.all);
      layers.forEach((layer, count) -> count.add(other.layers.get(layer)));
    }
  }

  /**
   * Where a check stands.
   *
   * @param file its name as the user gave it
   * @param line of the file, from 1
   * @param id the vector's id, or what was checked
   */
  public record Place(String file, long line, String id) {}

  /**
   * One failed check.
   *
   * @param place where it stands
   * @param answers the wrong ones, at least one; engines that gave the same one are told together
   */
  public record Failure(Place place, List<Answer> answers) {}

  /**
   * A wrong answer.
   *
   * @param engines who gave it
   * @param step the step that failed and what it does; may be empty
   * @param expected what was observed
   * @param got what was answered
   * @param explanation how the first of the engines came to it, in lines; may be empty
   */
  public record Answer(
      List<String> engines, String step, String expected, String got, String explanation) {}

  /**
   * A known mistake that explains wrong answers.
   *
   * @param deviation the mistake
   * @param answers how many of the wrong answers that were looked at it is needed for
   * @param proof the simplest vector among them
   */
  public record Cause(Deviation deviation, int answers, Place proof) {}

  /**
   * A report of nothing yet.
   *
   * @param engines names of all who answer
   * @param keep how many failures are kept in full, the first ones
   */
  VerifyReport(List<String> engines, int keep) {
    this.engines = List.copyOf(engines);
    this.keep = keep;
  }

  /** Another of the same kind, of nothing yet. */
  VerifyReport like() {
    return new VerifyReport(engines, keep);
  }

  /** Adds all that {@code later} says, behind what is here. */
  void add(VerifyReport later) {
    later.groups.forEach(
        (group, count) -> groups.computeIfAbsent(group, name -> new Count()).add(count));
    later.scenarios.forEach(
        (group, count) -> scenarios.computeIfAbsent(group, name -> new LayerCount()).add(count));
    writtenBack.addAll(later.writtenBack);
    later.skipped.forEach((reason, count) -> skipped.merge(reason, count, Long::sum));
    later.evidence.forEach((preset, bySource) ->
        bySource.forEach((source, count) -> evidenceCount(preset, source).add(count)));
    evidenceVectors += later.evidenceVectors;
    later.failures.stream().limit(keep - failures.size()).forEach(failures::add);
  }

  void pass(String group) {
    groups.computeIfAbsent(group, name -> new Count()).add(true);
  }

  /** Counts a check as failed, and asks for the {@code failure} in full if it is to be kept. */
  void fail(String group, Supplier<Failure> failure) {
    groups.computeIfAbsent(group, name -> new Count()).add(false);
    if (failures.size() < keep) {
      failures.add(failure.get());
    }
  }

  /**
   * Counts a scenario.
   *
   * @param group of scenarios
   * @param passed whether it counts as passed
   * @param wrong the layers in which something differs
   * @param failure what is told of it if it has not passed; else nothing
   */
  void scenario(String group, boolean passed, Set<Layer> wrong, Optional<Failure> failure) {
    LayerCount count = scenarios.computeIfAbsent(group, name -> new LayerCount());
    count.all.add(passed);
    count.layers.forEach((layer, layerCount) -> layerCount.add(!wrong.contains(layer)));
    failure.filter(told -> failures.size() < keep).ifPresent(failures::add);
  }

  /** Notes that the scenario {@code name} passed although counters differ by write-back. */
  void writtenBack(String name) {
    writtenBack.add(name);
  }

  void skip(String reason) {
    skipped.merge(reason, 1L, Long::sum);
  }

  /** Says which known mistakes explain the wrong answers that were looked at. */
  void explain(List<Cause> found, int looked, int left) {
    causes = List.copyOf(found);
    examined = looked;
    unexplained = left;
  }

  void countEvidence() {
    evidenceVectors++;
  }

  void evidence(String preset, String source, boolean reproduced) {
    evidenceCount(preset, source).add(reproduced);
  }

  private Count evidenceCount(String preset, String source) {
    return evidence
        .computeIfAbsent(preset, name -> new LinkedHashMap<>())
        .computeIfAbsent(source, name -> new Count());
  }

  /** Names of all who answered, {@code spec} first. */
  public List<String> engines() {
    return engines;
  }

  /** Counts by group, in the order in which the groups were met. */
  public Map<String, Count> groups() {
    return groups;
  }

  /** Scenarios by group, in the order in which the groups were met; no vectors among them. */
  public Map<String, LayerCount> scenarios() {
    return scenarios;
  }

  /** All scenarios together. */
  public LayerCount scenarioTotal() {
    LayerCount total = new LayerCount();
    scenarios.values().forEach(total::add);
    return total;
  }

  /**
   * Names of the scenarios that passed although counters of smaps differ: no more than the
   * write-back of an ext4 file explains, which is the kernel's to time.
   */
  public List<String> writtenBack() {
    return List.copyOf(writtenBack);
  }

  /** How many checks were skipped, by reason. */
  public Map<String, Long> skipped() {
    return skipped;
  }

  /** By preset and source, how many of the source's deviating answers the preset reproduces. */
  public Map<String, SequencedMap<String, Count>> evidence() {
    return evidence;
  }

  /** The known mistakes that explain a subject's wrong answers, those behind the most first. */
  public List<Cause> causes() {
    return causes;
  }

  /** How many of a subject's wrong answers were looked at for their causes. */
  public int examined() {
    return examined;
  }

  /** How many of those no known mistakes explain. */
  public int unexplained() {
    return unexplained;
  }

  /** How many vectors are evidence on implementation-specific choices. */
  public long evidenceVectors() {
    return evidenceVectors;
  }

  /** The first failures, in full. */
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** How many checks passed, each vector and each scenario being one. */
  public long passed() {
    return groups.values().stream().mapToLong(Count::passed).sum()
        + scenarios.values().stream().mapToLong(count -> count.all.passed).sum();
  }

  /** How many checks failed, each vector and each scenario being one. */
  public long failed() {
    return groups.values().stream().mapToLong(Count::failed).sum()
        + scenarios.values().stream().mapToLong(count -> count.all.failed).sum();
  }

  /** How many checks were skipped, for whatever reason. */
  public long skippedTotal() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }
}
