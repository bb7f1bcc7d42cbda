package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Outcome;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A stream being played on a machine under test and on the reference. */
abstract class Run {
  /**
   * An operation and what is right about it.
   *
   * @param op what was done
   * @param allowed outcomes that are right
   * @param words named words that it has changed, by address, with their values; nothing if they
   *     depend on which outcome it was
   * @param holes words that the reference has read where there is no memory
   */
  record Line(Op op, Set<Outcome> allowed, Optional<Map<Long, Long>> words, List<Long> holes) {}

  /** Begins runs of one kind. */
  interface Maker {
    Run begin(Scenario scenario, Memories memories);
  }

  final Pair pair;
  private final List<Line> transcript = new ArrayList<>();
  private boolean recording;

  Run(Pair pair) {
    this.pair = pair;
  }

  /** Plays {@code move}; if the machine under test went wrong, says how. */
  abstract Optional<String> play(Move move);

  /** From now on every operation is written down. */
  void record() {
    recording = true;
  }

  boolean isRecording() {
    return recording;
  }

  /** What has been written down, the operation that went wrong included. */
  List<Line> transcript() {
    return transcript;
  }

  /** Writes {@code op} down, which the pair has just performed. */
  void write(Op op, Set<Permitted.Answer> answers) {
    if (recording) {
      Set<Outcome> allowed = new LinkedHashSet<>();
      allowed.add(pair.expected());
      boolean sameMarks = true;
      Map<Long, Long> marks = op instanceof Op.Touch ? pair.expectedMarks() : Map.of();
      for (Permitted.Answer answer : answers) {
        allowed.add(answer.outcome());
        sameMarks &= answer.marks().equals(marks);
      }
      Map<Long, Long> words = new TreeMap<>();
      marks.keySet().forEach(pa -> words.put(pa, pair.memory().read64(pa)));
      List<Long> holes = op instanceof Op.Touch ? pair.reference().holes() : List.of();
      transcript.add(
          new Line(op, allowed, sameMarks ? Optional.of(words) : Optional.empty(), holes));
    }
  }

  /** Plays all of {@code stream} or up to its first fault: what went wrong, if anything. */
  static Optional<String> play(Run run, Stream stream) {
    for (int i = 0; i < stream.moves().size(); i++) {
      Optional<String> wrong = run.play(stream.moves().get(i));
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return run.pair.tablesAgree() ? Optional.empty() : Optional.of("a word of a table differs");
  }
}
