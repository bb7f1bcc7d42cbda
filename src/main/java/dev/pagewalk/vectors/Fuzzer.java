package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;

/**
 * Asks a subject random vectors, and finds what it answers otherwise than the manual says: each
 * difference made as small as it gets, and named if its mistake is known.
 */
public final class Fuzzer implements AutoCloseable {
  private static final int BATCH = 256;

  /** Vectors of one unexplained kind that are made small; the others are counted. */
  private static final int MOST_OF_A_KIND = 3;

  /** Wrong answers that nothing explains and that are kept in case something will. */
  private static final int MOST_PUZZLES = 2000;

  private final Options options;
  private final Subject subject;
  private final FuzzOracle oracle = new FuzzOracle();
  private final FuzzCauses causes;
  private final FuzzReport report;
  private final Optional<FuzzCorpus> corpus;
  private final List<Wrong> puzzles = new ArrayList<>();
  private final Map<String, Integer> kinds = new HashMap<>();
  private final Deque<FuzzDraft> pool = new ArrayDeque<>();
  private final FuzzGenerator generator;
  private long number;

  /**
   * How long and from where on.
   *
   * @param subject who is asked, and how
   * @param seed of the random numbers
   * @param limit after which no further vectors are made
   * @param most vectors to be made
   * @param corpus a folder in which what was found is kept
   */
  public record Options(
      SubjectVerification.Options subject,
      long seed,
      Duration limit,
      long most,
      Optional<Path> corpus) {}

  /** A vector with an answer that is wrong. */
  private record Wrong(WalkVector vector, List<SubjectAnswer.Said> said, String trouble) {}

  /**
   * Opens the subject, and the corpus if there is one.
   *
   * @throws InputException if the subject does not begin, or the corpus cannot be read
   */
  public Fuzzer(Options options) throws InputException {
    this(options, Subject.open(options.subject()));
  }

  /** The same with a subject that is open, and that is closed with this. */
  Fuzzer(Options options, Subject subject) throws InputException {
    this.options = options;
    this.subject = subject;
    generator = new FuzzGenerator(new SplittableRandom(options.seed), subject.hello());
    causes = new FuzzCauses(subject.hello().tellsMemory());
    report = new FuzzReport(subject.hello().title());
    corpus =
        options.corpus.isPresent()
            ? Optional.of(new FuzzCorpus(options.corpus.get(), options.seed))
            : Optional.empty();
    if (corpus.isPresent()) {
      number = corpus.get().next();
      for (WalkVector vector : corpus.get().vectors()) {
        oracle.vector(vector.id(), FuzzDraft.of(vector));
        oracle.coverage().take();
        pool.add(FuzzDraft.of(vector));
      }
    }
  }

  /**
   * Runs until the time is up.
   *
   * @param goesOn is told of it after each batch, and says whether to go on
   */
  public FuzzReport run(Predicate<FuzzReport> goesOn) throws InputException {
    long end = System.nanoTime() + options.limit.toNanos();
    long last = options.most == Long.MAX_VALUE ? options.most : number + options.most;
    while (number < last && System.nanoTime() < end) {
      for (Wrong wrong : ask(batch(last))) {
        explain(wrong);
      }
      report.cover(oracle.coverage());
      if (corpus.isPresent()) {
        corpus.get().save(number);
      }
      if (!goesOn.test(report)) {
        break;
      }
    }
    return report;
  }

  // --- making vectors ---

  private List<WalkVector> batch(long last) throws InputException {
    List<WalkVector> batch = new ArrayList<>();
    // Random numbers depend on the seed and on the number alone, so that a run can be resumed.
    while (batch.size() < BATCH && number < last) {
      SplittableRandom random =
          new SplittableRandom(options.seed ^ number * 0x9e37_79b9_7f4a_7c15L);
      boolean changes = !pool.isEmpty() && random.nextInt(3) == 0;
      FuzzDraft draft = changes ? FuzzChange.of(pick(random), random) : generator.next(random);
      Optional<WalkVector> vector = oracle.vector("fuzz/" + number++, draft);
      if (vector.isEmpty() || subject.hello().whyNot(vector.get()).isPresent()) {
        report.skip(
            vector.isEmpty()
                ? "made, but not all of its answers are certain"
                : subject.hello().whyNot(vector.get()).get());
        continue;
      }
      if (oracle.coverage().take() > 0) {
        pool.add(draft);
        if (corpus.isPresent()) {
          corpus.get().add(vector.get());
        }
      }
      batch.add(vector.get());
    }
    return batch;
  }

  /** One of those that were the first in a situation; they take turns. */
  private FuzzDraft pick(SplittableRandom random) {
    FuzzDraft picked = pool.removeFirst();
    pool.addLast(picked);
    return random.nextInt(2) == 0 ? picked : pool.peekFirst();
  }

  // --- asking ---

  private List<Wrong> ask(List<WalkVector> batch) throws InputException {
    List<Wrong> wrong = new ArrayList<>();
    Deque<Panel.Placed> underWay = new ArrayDeque<>();
    for (WalkVector vector : batch) {
      underWay.add(new Panel.Placed(vector, "fuzz", 0));
      subject.ask(vector);
    }
    try {
      while (!underWay.isEmpty()) {
        SubjectAnswer answer = subject.answer();
        judge((WalkVector) subject.answered(answer, underWay).test(), answer, wrong);
      }
    } catch (Dialogue.Trouble trouble) {
      subject.restart();
      for (Panel.Placed placed : underWay) {
        WalkVector vector = (WalkVector) placed.test();
        try {
          judge(vector, askOne(vector), wrong);
        } catch (Dialogue.Trouble alone) {
          report.countAsked();
          wrong.add(new Wrong(vector, List.of(), alone.getMessage()));
          subject.restart();
        }
      }
    }
    return wrong;
  }

  private SubjectAnswer askOne(WalkVector vector) throws Dialogue.Trouble {
    Deque<Panel.Placed> underWay = new ArrayDeque<>();
    underWay.add(new Panel.Placed(vector, "fuzz", 0));
    subject.ask(vector);
    SubjectAnswer answer = subject.answer();
    subject.answered(answer, underWay);
    return answer;
  }

  private void judge(WalkVector vector, SubjectAnswer answer, List<Wrong> wrong) {
    if (answer.skip().isPresent()) {
      report.skip("the subject: " + answer.skip().get());
      return;
    }
    report.countAsked();
    if (causes.wrongStep(vector, answer.steps()) < 0) {
      causes.right(vector);
    } else {
      wrong.add(new Wrong(vector, answer.steps(), ""));
    }
  }

  // --- explaining ---

  private void explain(Wrong wrong) throws InputException {
    if (!wrong.trouble.isEmpty()) {
      report.wrong(Set.of());
      if (kinds.merge(wrong.trouble, 1, Integer::sum) <= MOST_OF_A_KIND) {
        find(wrong, Set.of());
      }
      return;
    }
    if (causes.isKnown(wrong.vector, wrong.said)) {
      report.wrong(causes.least(wrong.vector, wrong.said));
      return;
    }
    String kind = kind(wrong);
    if (kinds.getOrDefault(kind, 0) >= MOST_OF_A_KIND) {
      puzzle(wrong);
      return;
    }
    Wrong small = shrink(wrong);
    Set<Deviation> why = causes.learn(small.vector, small.said).orElse(Set.of());
    if (causes.isKnown(wrong.vector, wrong.said)) {
      report.wrong(causes.least(wrong.vector, wrong.said));
    } else {
      puzzle(wrong);
    }
    if (why.isEmpty()) {
      kinds.merge(kind, 1, Integer::sum);
    }
    report.keep(causes.known());
    puzzles.removeIf(puzzle -> {
      boolean solved = causes.isKnown(puzzle.vector, puzzle.said);
      if (solved) {
        report.explained(causes.least(puzzle.vector, puzzle.said));
      }
      return solved;
    });
    find(small, why);
  }

  /** Counts a wrong answer that nothing explains yet. */
  private void puzzle(Wrong wrong) {
    report.wrong(Set.of());
    if (puzzles.size() < MOST_PUZZLES) {
      puzzles.add(wrong);
    }
  }

  private String kind(Wrong wrong) {
    int step = causes.wrongStep(wrong.vector, wrong.said);
    Step at = wrong.vector.steps().get(step);
    return at.action().getClass().getSimpleName()
        + (at.allowed() + " " + wrong.said.get(step).outcome()).replaceAll("=-?[0-9]{6,}", "");
  }

  /** The smallest vector that the subject answers wrongly, for a reason that is not known. */
  private Wrong shrink(Wrong wrong) throws InputException {
    Wrong[] least = {wrong};
    FuzzShrinker shrinker =
        new FuzzShrinker(draft -> {
          Optional<WalkVector> vector = oracle.vector(wrong.vector.id(), draft);
          if (vector.isEmpty() || subject.hello().whyNot(vector.get()).isPresent()) {
            return false;
          }
          SubjectAnswer answer = askOne(vector.get());
          if (answer.skip().isPresent()) {
            return false;
          }
          if (causes.wrongStep(vector.get(), answer.steps()) < 0) {
            causes.right(vector.get());
            return false;
          }
          boolean shows = !causes.isKnown(vector.get(), answer.steps());
          least[0] = shows ? new Wrong(vector.get(), answer.steps(), "") : least[0];
          return shows;
        });
    try {
      shrinker.shrink(FuzzDraft.of(wrong.vector));
    } catch (Dialogue.Trouble trouble) {
      subject.restart();
    }
    return least[0];
  }

  private void find(Wrong wrong, Set<Deviation> why) throws InputException {
    VectorText text = new VectorText();
    String names = String.join(", ", why.stream().map(Deviation::id).toList());
    text.vector(wrong.vector, why.isEmpty() ? "unexplained" : "explained by " + names);
    String line = new String(text.take(), StandardCharsets.UTF_8);
    int at = wrong.trouble.isEmpty() ? causes.wrongStep(wrong.vector, wrong.said) : -1;
    FuzzReport.Finding finding;
    if (at < 0) {
      finding =
          new FuzzReport.Finding(
              wrong.vector.id(), "", "an answer", wrong.trouble, why, line.strip());
    } else {
      Verdict.Failed failed =
          (Verdict.Failed)
              SubjectJudge.judge(wrong.vector, wrong.said, subject.hello().tellsMemory());
      String step =
          "step " + (at + 1) + ": " + Describe.action(wrong.vector.steps().get(at).action());
      finding =
          new FuzzReport.Finding(
              wrong.vector.id(), step, failed.expected(), failed.got(), why, line.strip());
    }
    report.find(finding);
    if (corpus.isPresent()) {
      corpus.get().failure(line);
    }
  }

  @Override
  public void close() {
    subject.close();
    oracle.close();
    causes.close();
  }
}
