package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A subject's mistakes are named, from its answers alone. */
final class CausesTest {
  private static List<WalkVector> vectors;
  private static PhysicalMemory memory;

  @BeforeAll
  static void read() throws IOException {
    vectors = DeviationCatchTest.publicVectors();
    memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  }

  @AfterAll
  static void close() {
    memory.close();
  }

  private static Causes.Found find(Set<Deviation> planted) {
    DeviantEngine subject = new DeviantEngine(memory, planted);
    try (Causes causes = new Causes(true)) {
      for (WalkVector vector : vectors) {
        causes.add(
            vector,
            new VerifyReport.Place("f", 1, vector.id()),
            Answers.of(subject, vector, ModelPresets.SDM));
      }
      return causes.find();
    }
  }

  private static Set<Deviation> named(Causes.Found found) {
    return found.causes().stream()
        .map(VerifyReport.Cause::deviation)
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(Deviation.class)));
  }

  @Test
  void aSubjectThatIsRightHasNoCauses() {
    assertEquals(new Causes.Found(List.of(), 0, 0), find(Set.of()));
  }

  @Test
  void eachMistakeAloneIsNamed() {
    List<String> missed = new ArrayList<>();
    for (Deviation deviation : Deviation.values()) {
      Causes.Found found = find(EnumSet.of(deviation));
      if (!named(found).equals(EnumSet.of(deviation)) || found.unexplained() > 0) {
        missed.add(deviation + ": " + found);
      }
    }
    assertEquals(List.of(), missed);
  }

  @Test
  void bothMistakesOfNinePairsInTenAreNamed() {
    int pairs = TestSize.pick(20, 200);
    SplittableRandom random = new SplittableRandom(7);
    Deviation[] all = Deviation.values();
    List<String> missed = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      EnumSet<Deviation> pair = EnumSet.noneOf(Deviation.class);
      while (pair.size() < 2) {
        pair.add(all[random.nextInt(all.length)]);
      }
      Set<Deviation> named = named(find(pair));
      if (!named.equals(pair)) {
        missed.add(pair + " named " + named);
      }
    }
    System.out.println("[pagewalk] pairs of mistakes: " + pairs + ", not named: " + missed);
    assertTrue(missed.size() * 10 <= pairs, missed.toString());
  }
}
