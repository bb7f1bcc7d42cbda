package dev.pagewalk.machine.classroom;

import java.util.ArrayList;
import java.util.List;

/** Statements on machines with 1, 2, ... frames: the working-set cliff. */
public final class Sweep {
  private static final int MOST_FRAMES = 16;
  private static final int MOST_STATEMENTS = 1000;

  private Sweep() {}

  /**
   * What comes of the statements on one machine.
   *
   * @param frames that the machine has
   * @param figures at the end
   */
  public record Point(int frames, Figures figures) {}

  /**
   * A point for each number of frames.
   *
   * @param line what the machines are like otherwise
   * @throws ScenarioException if the statements are too many
   */
  public static List<Point> of(MachineLine line, List<Scenario.Step> steps)
      throws ScenarioException {
    if (steps.size() > MOST_STATEMENTS) {
      throw new ScenarioException("expected at most " + MOST_STATEMENTS + " statements to sweep");
    }
    List<Point> points = new ArrayList<>();
    for (int frames = 1; frames <= MOST_FRAMES; frames++) {
      points.add(point(line.withFrames(frames), frames, steps));
    }
    return points;
  }

  private static Point point(MachineLine machine, int frames, List<Scenario.Step> steps) {
    try (Classroom room = new Classroom(machine)) {
      for (Scenario.Step step : steps) {
        if (!(step.statement() instanceof Statement.Expect) && room.panic().isEmpty()) {
          perform(room, step);
        }
      }
      return new Point(frames, room.figures());
    }
  }

  private static void perform(Classroom room, Scenario.Step step) {
    try {
      room.perform(step);
    } catch (ScenarioException _) {
      // With fewer frames a process may be dead by now; what it would have done is left out.
    }
  }
}
