package dev.pagewalk.vectors;

import dev.pagewalk.spec.Rule;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What asking a subject random vectors has shown so far. */
public final class FuzzReport {
  private final String subject;
  private final Map<Deviation, Long> causes = new EnumMap<>(Deviation.class);
  private final Map<String, Long> skipped = new TreeMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<Rule, Long> rules = new EnumMap<>(Rule.class);
  private long asked;
  private long wrong;
  private long unexplained;
  private int situations;

  /**
   * The smallest vector found that shows a difference.
   *
   * @param id of the vector
   * @param step that differs, from 1, and what it does
   * @param expected what should come of it
   * @param got what the subject answered
   * @param causes the known mistakes that explain it; none if none do
   * @param vector as a line of format 1
   */
  public record Finding(
      String id, String step, String expected, String got, Set<Deviation> causes, String vector) {
    public Finding {
      causes = Set.copyOf(causes);
    }
  }

  /** Of {@code subject}, asked nothing yet. */
  FuzzReport(String subject) {
    this.subject = subject;
  }

  void countAsked() {
    asked++;
  }

  void skip(String reason) {
    skipped.merge(reason, 1L, Long::sum);
  }

  void wrong(Set<Deviation> explained) {
    wrong++;
    unexplained += explained.isEmpty() ? 1 : 0;
    explained.forEach(cause -> causes.merge(cause, 1L, Long::sum));
  }

  /** A wrong answer that nothing explained is explained by now. */
  void explained(Set<Deviation> why) {
    unexplained--;
    why.forEach(cause -> causes.merge(cause, 1L, Long::sum));
  }

  /** Forgets causes that turned out to be others'. */
  void keep(Set<Deviation> known) {
    causes.keySet().retainAll(known);
  }

  void find(Finding finding) {
    findings.add(finding);
  }

  void cover(FuzzCoverage coverage) {
    situations = coverage.size();
    rules.putAll(coverage.rules());
  }

  /** Who was asked. */
  public String subject() {
    return subject;
  }

  /** Vectors that were answered. */
  public long asked() {
    return asked;
  }

  /** How many were answered otherwise than the manual says. */
  public long wrong() {
    return wrong;
  }

  /** How many of these no known mistakes explain. */
  public long unexplained() {
    return unexplained;
  }

  /** Known mistakes, and how many wrong answers each was needed for. */
  public Map<Deviation, Long> causes() {
    return causes;
  }

  /** Vectors that were not asked, or not answered, by reason. */
  public Map<String, Long> skipped() {
    return skipped;
  }

  /** The smallest vectors that show differences, one for each new cause or unexplained kind. */
  public List<Finding> findings() {
    return List.copyOf(findings);
  }

  /** How many different situations vectors have been in. */
  public int situations() {
    return situations;
  }

  /** How often each rule decided. */
  public Map<Rule, Long> rules() {
    return rules;
  }
}
