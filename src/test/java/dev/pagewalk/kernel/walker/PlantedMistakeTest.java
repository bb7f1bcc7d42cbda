package dev.pagewalk.kernel.walker;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.Mistake;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The walk finds what is wrong with a kernel or a machine. */
class PlantedMistakeTest {
  private static final int STEPS = 4000;

  @ParameterizedTest
  @EnumSource
  void aMistakeOfTheKernelIsFound(Mistake mistake) {
    Setting setting = Setting.all()[0];
    try (World world = World.of(setting, kernel -> new SpoiledMachine(kernel, mistake))) {
      Episode.Failure failure = new Episode(world).random(1, STEPS);
      assertNotNull(failure, "nothing was found");
      assertTrue(failure.steps().size() < STEPS, "it was found at the end only");
    }
  }

  @Test
  void forgottenInvalidationsAreFoundAndShrunkToAFewSteps() {
    try (World world = World.of(Setting.ROOMY, ForgetfulMachine::new)) {
      String report = new RandomWalk(world).run(1, STEPS);
      assertNotNull(report, "nothing was found");
      assertTrue(report.contains("seed 1"), report);
      assertTrue(report.lines().count() < 40, report);
    }
  }

  /** Without the invariants, the values that are loaded must show it. */
  @Test
  void forgottenInvalidationsAreFoundByLoadsAlone() {
    try (World world = World.of(Setting.ROOMY, ForgetfulMachine::new)) {
      assertNotNull(wrongByContents(world), "nothing was found");
    }
  }

  private static Throwable wrongByContents(World world) {
    for (long seed = 1; seed < 20; seed++) {
      try (Walk walk = new Walk(world)) {
        StepMaker steps = new StepMaker(walk, seed);
        for (int i = 0; i < STEPS; i++) {
          walk.perform(steps.next());
        }
      } catch (AssertionError | RuntimeException e) {
        return e;
      }
    }
    return null;
  }

  @Test
  void theShrinkerKeepsWhatIsNeeded() {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      steps.add(new Step(Operation.LOAD, 0, 0, i, 1, 0, 0));
    }
    Shrinker shrinker =
        new Shrinker(rest -> {
          boolean both =
              rest.stream().anyMatch(step -> step.a() == 17)
                  && rest.stream().anyMatch(step -> step.a() == 701);
          return both ? new Episode.Failure(rest, new AssertionError("both")) : null;
        });
    Episode.Failure least = shrinker.shrink(new Episode.Failure(steps, new AssertionError("both")));
    assertTrue(least.steps().size() == 2, least.steps().toString());
    assertNull(least.cause().getCause());
  }
}
