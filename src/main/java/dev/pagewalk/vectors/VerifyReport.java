package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** What a verification found: counts by group, the first failures in full, and the evidence. */
public final class VerifyReport {
  private final SequencedMap<String, Count> groups = new LinkedHashMap<>();
  private final SequencedMap<String, Long> skipped = new LinkedHashMap<>();
  private final SequencedMap<String, SequencedMap<String, Count>> evidence = new LinkedHashMap<>();
  private final List<Failure> failures = new ArrayList<>();
  private final int keep;
  private long evidenceVectors;

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
  }

  /**
   * One failed check.
   *
   * @param file where the check stands
   * @param line of the file, from 1
   * @param id the vector's id, or what was checked
   * @param step the step that failed and what it does; may be empty
   * @param expected what was observed
   * @param got what we answered
   * @param explanation how we came to it, in lines; may be empty
   */
  public record Failure(
      String file,
      long line,
      String id,
      String step,
      String expected,
      String got,
      String explanation) {}

  /** A report that keeps the first {@code keep} failures in full. */
  VerifyReport(int keep) {
    this.keep = keep;
  }

  void pass(String group) {
    groups.computeIfAbsent(group, name -> new Count()).add(true);
  }

  void fail(String group, Failure failure) {
    groups.computeIfAbsent(group, name -> new Count()).add(false);
    if (failures.size() < keep) {
      failures.add(failure);
    }
  }

  void skip(String reason) {
    skipped.merge(reason, 1L, Long::sum);
  }

  void countEvidence() {
    evidenceVectors++;
  }

  void evidence(String preset, String source, boolean reproduced) {
    evidence
        .computeIfAbsent(preset, name -> new LinkedHashMap<>())
        .computeIfAbsent(source, name -> new Count())
        .add(reproduced);
  }

  /** Counts by group, in the order in which the groups were met. */
  public Map<String, Count> groups() {
    return groups;
  }

  /** How many checks were skipped, by reason. */
  public Map<String, Long> skipped() {
    return skipped;
  }

  /** By preset and source, how many of the source's deviating answers the preset reproduces. */
  public Map<String, SequencedMap<String, Count>> evidence() {
    return evidence;
  }

  /** How many vectors are evidence on implementation-specific choices. */
  public long evidenceVectors() {
    return evidenceVectors;
  }

  /** The first failures, in full. */
  public List<Failure> failures() {
    return List.copyOf(failures);
  }

  /** How many checks passed. */
  public long passed() {
    return groups.values().stream().mapToLong(Count::passed).sum();
  }

  /** How many checks failed. */
  public long failed() {
    return groups.values().stream().mapToLong(Count::failed).sum();
  }

  /** How many checks were skipped, for whatever reason. */
  public long skippedTotal() {
    return skipped.values().stream().mapToLong(Long::longValue).sum();
  }
}
