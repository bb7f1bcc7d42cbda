package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import java.util.List;

/** Holds a program's answer against what was observed. */
final class SubjectJudge {
  private SubjectJudge() {}

  /**
   * The verdict on an answer.
   *
   * @param tellsMemory whether the program says which words changed; else they are not compared
   */
  static Verdict judge(WalkVector vector, List<SubjectAnswer.Said> answer, boolean tellsMemory) {
    return judge(vector.memory(), vector.steps(), answer, tellsMemory);
  }

  /** The same against the steps that one side has observed. */
  static Verdict judge(
      Words words, List<Step> steps, List<SubjectAnswer.Said> answer, boolean tellsMemory) {
    long[] now = words.values();
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      SubjectAnswer.Said said = answer.get(i);
      if (!step.allowed().contains(said.outcome())) {
        return new Verdict.Failed(
            i + 1, Describe.outcomes(step.allowed()), Describe.outcome(said.outcome()));
      }
      for (int w = 0; tellsMemory && w < words.size(); w++) {
        long pa = words.address(w);
        int at = said.changed() == null ? -1 : said.changed().indexOf(pa);
        long value = at < 0 ? now[w] : said.changed().value(at);
        String wrong = VectorRunner.wrongWord(step, pa, now[w], value);
        if (wrong != null) {
          String got = "physical " + Hex.of(pa) + " = " + Hex.of(value);
          return new Verdict.Failed(i + 1, wrong, got);
        }
        now[w] = value;
      }
    }
    return Verdict.PASSED;
  }
}
