package dev.pagewalk.mmu.streams;

import dev.pagewalk.TestSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Draws streams and plays them, each move drawn when those before have been played. */
final class StreamPlayer {
  private StreamPlayer() {}

  /**
   * Plays {@code steps} moves of the stream of {@code seed}, on a run that has just begun.
   *
   * @return the moves up to the one that went wrong, or nothing
   */
  static Optional<List<Move>> play(Run run, Habits habits, int steps) {
    MoveGenerator moves = new MoveGenerator(run.pair.scenario(), habits);
    List<Move> played = new ArrayList<>(steps);
    for (int step = 0; step < steps; step++) {
      Move move = moves.next(run.pair);
      played.add(move);
      if (run.play(move).isPresent()) {
        return Optional.of(played);
      }
    }
    return run.pair.tablesAgree() ? Optional.empty() : Optional.of(played);
  }

  /**
   * What is told of a stream that went wrong in runs of {@code runs}, a machine of which may have
   * been used before.
   *
   * <p>Nothing but the seed where nobody reads it: in the profile {@code mutation}.
   *
   * @param fresh runs of machines that are new for each stream
   */
  static String tell(Stream failed, Run.Maker fresh, Memories memories) {
    if (TestSize.get() == TestSize.MUTATION) {
      return "seed " + failed.scenario().seed();
    }
    Run again = fresh.begin(failed.scenario(), memories);
    if (Run.play(again, failed).isEmpty()) {
      return "seed "
          + failed.scenario().seed()
          + ": right on a new machine; the one that failed had been reset";
    }
    return Diagnosis.of(failed, fresh, memories).text();
  }
}
