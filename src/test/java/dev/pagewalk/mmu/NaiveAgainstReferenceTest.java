package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The naive MMU's answers are those of the reference walk, if software invalidates as it must. */
class NaiveAgainstReferenceTest {
  @Test
  void answersAndWordsOfTablesAreThoseOfTheReferenceWalk() {
    int streams = TestSize.pick(50, 2_500);
    List<String> differences = new ArrayList<>();
    long steps = 0;
    for (long seed = 0; seed < streams && differences.isEmpty(); seed++) {
      TwinRun.Plan plan = TwinPlans.withoutOwnStaleness(TwinPlans.small(seed, false));
      new TwinRun(plan, seed, TwinKind.NAIVE, TwinKind.REFERENCE).run().ifPresent(differences::add);
      steps += plan.steps();
    }
    assertEquals(List.of(), differences);
    System.out.printf("[pagewalk] naive MMU against reference walk: %,d steps%n", steps);
  }
}
