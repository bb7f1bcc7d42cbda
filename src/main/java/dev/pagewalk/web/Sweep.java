package dev.pagewalk.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The statements of a session on machines with 1, 2, ... frames: the working-set cliff. */
final class Sweep {
  private static final int MOST_FRAMES = 16;
  private static final int MOST_STATEMENTS = 1000;

  private Sweep() {}

  /** A point for each number of frames. */
  static Map<String, Object> of(Session session) throws ScenarioException {
    List<Scenario.Step> steps = session.steps();
    if (steps.size() > MOST_STATEMENTS) {
      throw new ScenarioException("expected at most " + MOST_STATEMENTS + " statements to sweep");
    }
    List<Object> points = new ArrayList<>();
    for (int frames = 1; frames <= MOST_FRAMES; frames++) {
      points.add(point(session.scenario().machine().withFrames(frames), frames, steps));
    }
    return new Doc().put("points", points).map();
  }

  private static Object point(MachineLine machine, int frames, List<Scenario.Step> steps) {
    try (Classroom room = new Classroom(machine)) {
      for (Scenario.Step step : steps) {
        if (!(step.statement() instanceof Statement.Expect) && room.panic().isEmpty()) {
          perform(room, step);
        }
      }
      Figures figures = room.figures();
      return new Doc()
          .put("frames", frames)
          .put("minor", figures.minor())
          .put("major", figures.major())
          .put("evictions", figures.evictions())
          .put("accesses", figures.accesses())
          .put("nanoseconds", figures.nanoseconds())
          .map();
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
