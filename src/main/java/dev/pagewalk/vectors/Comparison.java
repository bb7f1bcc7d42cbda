package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** Two captures held against each other: where they differ, and by which known mistakes. */
public final class Comparison {
  private Comparison() {}

  /**
   * What was found.
   *
   * @param both vectors that are in both captures
   * @param onlyFirst those in the first alone
   * @param onlySecond those in the second alone
   * @param differences where the two answer otherwise
   * @param first what explains the answers of the first there that are not the manual's
   * @param second the same of the second
   */
  public record Result(
      int both,
      int onlyFirst,
      int onlySecond,
      List<Difference> differences,
      Explanation first,
      Explanation second) {}

  /**
   * A difference.
   *
   * @param id of the vector
   * @param step the first that differs, from 1, and what it does
   * @param first what the first capture has
   * @param second what the second has
   */
  public record Difference(String id, String step, String first, String second) {}

  /**
   * Why one side's answers are not the manual's.
   *
   * @param wrong how many are not
   * @param causes the known mistakes behind them
   * @param unexplained how many none explain
   */
  public record Explanation(int wrong, List<VerifyReport.Cause> causes, int unexplained) {}

  /**
   * Compares two files.
   *
   * @throws InputException if one is no capture
   */
  public static Result of(Path one, Path other) throws InputException {
    SequencedMap<String, WalkVector> first = Capture.read(one);
    SequencedMap<String, WalkVector> second = Capture.read(other);
    List<Difference> differences = new ArrayList<>();
    int both = 0;
    try (Manual manual = new Manual();
        Causes ofFirst = new Causes(true);
        Causes ofSecond = new Causes(true)) {
      for (Map.Entry<String, WalkVector> entry : first.entrySet()) {
        WalkVector here = entry.getValue();
        WalkVector there = second.get(entry.getKey());
        if (there == null) {
          continue;
        }
        if (!isSameQuestion(here, there)) {
          throw new InputException(
              other.toString(), "", entry.getKey() + " is another vector than in " + one);
        }
        both++;
        Optional<Difference> difference = difference(here, there);
        if (difference.isPresent()) {
          differences.add(difference.get());
          manual
              .of(here)
              .ifPresent(right -> {
                ofFirst.add(right, place(one, here), said(here));
                ofSecond.add(right, place(other, there), said(there));
              });
        }
      }
      int onlyFirst = first.size() - both;
      return new Result(
          both, onlyFirst, second.size() - both, differences, why(ofFirst), why(ofSecond));
    }
  }

  private static Explanation why(Causes causes) {
    Causes.Found found = causes.find();
    return new Explanation(found.examined(), found.causes(), found.unexplained());
  }

  private static VerifyReport.Place place(Path file, WalkVector vector) {
    return new VerifyReport.Place(file.toString(), 0, vector.id());
  }

  private static boolean isSameQuestion(WalkVector one, WalkVector other) {
    VectorText ofOne = new VectorText();
    VectorText ofOther = new VectorText();
    ofOne.question(0, one, one.cpu().features());
    ofOther.question(0, other, other.cpu().features());
    return Arrays.equals(ofOne.take(), ofOther.take());
  }

  private static Optional<Difference> difference(WalkVector one, WalkVector other) {
    for (int i = 0; i < one.steps().size(); i++) {
      Step here = one.steps().get(i);
      Step there = other.steps().get(i);
      boolean sameOutcome = here.allowed().equals(there.allowed());
      boolean sameWords =
          words(here).isEmpty() || words(there).isEmpty() || words(here).equals(words(there));
      if (!sameOutcome || !sameWords) {
        String step = "step " + (i + 1) + ": " + Describe.action(here.action());
        return Optional.of(
            new Difference(one.id(), step, text(here, !sameWords), text(there, !sameWords)));
      }
    }
    return Optional.empty();
  }

  private static Optional<String> words(Step step) {
    return step.memoryAfter()
        .map(words -> {
          List<String> texts = new ArrayList<>();
          for (int i = 0; i < words.size(); i++) {
            texts.add(Hex.of(words.address(i)) + " = " + Hex.of(words.value(i)));
          }
          texts.sort(null);
          return texts.isEmpty() ? "no word changed" : String.join(", ", texts);
        });
  }

  private static String text(Step step, boolean withWords) {
    String outcome = Describe.outcomes(step.allowed());
    return withWords ? outcome + "; " + words(step).orElse("") : outcome;
  }

  private static List<SubjectAnswer.Said> said(WalkVector vector) {
    List<SubjectAnswer.Said> said = new ArrayList<>();
    for (Step step : vector.steps()) {
      Words changed = step.memoryAfter().orElse(null);
      if (step.action() instanceof Action.Store(long pa, long value)
          && vector.memory().indexOf(pa) >= 0) {
        // Format 1 does not repeat what a store has changed.
        changed = new Words(new long[] {pa, value}, 2);
      }
      said.add(new SubjectAnswer.Said(step.allowed().getFirst(), changed));
    }
    return said;
  }

  /** What the manual says to captured vectors. */
  private static final class Manual implements AutoCloseable {
    private final FuzzOracle literal = new FuzzOracle();
    private final FuzzOracle open = new FuzzOracle(true);

    /**
     * The same vector with what has to come of it: one outcome or, where a TLB may hold what was,
     * two. Nothing if the manual leaves more open.
     */
    Optional<WalkVector> of(WalkVector vector) {
      FuzzDraft draft = FuzzDraft.of(vector);
      return literal
          .vector("manual/" + vector.id(), draft)
          .or(() -> open.vector("manual/" + vector.id(), draft))
          .map(right -> asFarAsTold(right, vector));
    }

    /** Without what a capture does not tell of words. */
    private static WalkVector asFarAsTold(WalkVector right, WalkVector captured) {
      List<Step> steps = new ArrayList<>();
      for (int i = 0; i < right.steps().size(); i++) {
        Step step = right.steps().get(i);
        boolean tells = captured.steps().get(i).memoryAfter().isPresent();
        steps.add(
            new Step(step.action(), step.allowed(), tells ? step.memoryAfter() : Optional.empty()));
      }
      return new WalkVector(
          captured.id(),
          captured.group(),
          captured.cpu(),
          captured.state(),
          captured.memory(),
          steps,
          right.sources(),
          Map.of());
    }

    @Override
    public void close() {
      literal.close();
      open.close();
    }
  }
}
