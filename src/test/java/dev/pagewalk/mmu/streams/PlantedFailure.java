package dev.pagewalk.mmu.streams;

import dev.pagewalk.mmu.streams.ForgetfulMmu.Forgets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Failures that are there on purpose, each shrunk and printed as any other. */
public final class PlantedFailure {
  private static final int STEPS = 3_000;
  private static final int MOST_STREAMS = 250;

  private PlantedFailure() {}

  /** The vectors of a few failures: of each mistake under correct and withheld invalidation. */
  public static List<String> vectors() {
    List<String> vectors = new ArrayList<>();
    for (Forgets forgets : Forgets.values()) {
      for (boolean withheld : new boolean[] {false, true}) {
        diagnose(forgets, withheld).vector().ifPresent(vectors::add);
      }
    }
    return vectors;
  }

  /** The first failure of an MMU before which somebody forgets. */
  static Diagnosis diagnose(Forgets forgets, boolean withheld) {
    Subject.Maker maker = ForgetfulMmu.that(forgets);
    Run.Maker runs = withheld ? WithheldRun.of(maker) : DisciplinedRun.of(maker);
    try (Memories memories = new Memories()) {
      for (int seed = 0; seed < MOST_STREAMS; seed++) {
        ScenarioGenerator generator = new ScenarioGenerator(seed);
        Run run = runs.begin(generator.scenario(), memories);
        Optional<List<Move>> wrong = StreamPlayer.play(run, generator.habits(), STEPS);
        if (wrong.isPresent()) {
          return Diagnosis.of(new Stream(generator.scenario(), wrong.get()), runs, memories);
        }
      }
    }
    throw new AssertionError("nobody noticed that " + forgets + " was forgotten");
  }
}
