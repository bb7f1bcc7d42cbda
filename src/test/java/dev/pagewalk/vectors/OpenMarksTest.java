package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What the manual leaves open is left open in generated vectors, and nothing else is. */
final class OpenMarksTest {
  private static final RightsSetting READ = new RightsSetting(AccessKind.READ, 0);
  private static final RightsSetting WRITE = new RightsSetting(AccessKind.WRITE, 0);
  private static final RightsSetting USER_WRITE =
      new RightsSetting(AccessKind.WRITE, RightsSetting.USER);

  private final GenSketch sketch = new GenSketch(new SplittableRandom(1), Set.of(), false);
  private final long address = sketch.address();
  private final List<Long> path = sketch.map(sketch.state().root(), address, Level.PT);

  private WalkVector vector() {
    try (FuzzOracle oracle = new FuzzOracle(true)) {
      return oracle.vector("test/1", sketch.draft()).orElseThrow();
    }
  }

  /** The bits of the word at {@code at} that a step says anything of. */
  private static long care(WalkVector vector, int step, long at) {
    Words after = vector.steps().get(step).memoryAfter().orElseThrow();
    int index = after.indexOf(at);
    return index < 0 ? -1 : after.care(index);
  }

  private static Verdict with(WalkVector vector, Deviation deviation) {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      return new VectorRunner(new DeviantEngine(memory, EnumSet.of(deviation)), ModelPresets.SDM)
          .run(vector);
    }
  }

  @Test
  void theMarksOfAWalkThatFaultsAreOpenAndSettledByOneThatDoesNot() {
    sketch.clear(path.getFirst(), Entry.A);
    sketch.clear(path.getLast(), Entry.RW);
    sketch.touch(USER_WRITE, address, 1);
    sketch.touch(READ, address, 1);
    sketch.touch(READ, address, 1);
    WalkVector vector = vector();
    assertEquals(~Entry.A, care(vector, 0, path.getFirst()));
    assertEquals(-1, care(vector, 0, path.getLast()));
    assertEquals(-1, care(vector, 1, path.getFirst()));
    assertEquals(0, vector.steps().get(2).memoryAfter().orElseThrow().size());
    assertInstanceOf(Verdict.Passed.class, with(vector, Deviation.A_BITS_ON_FAULT));
    assertInstanceOf(Verdict.Failed.class, with(vector, Deviation.A_NEVER));
  }

  @Test
  void aWriteThatATlbMayServeLeavesTheDirtyFlagOpenUntilItIsInvalidated() {
    sketch.touch(WRITE, address, 1);
    sketch.add(new Action.Store(path.getLast(), sketch.get(path.getLast()) & ~Entry.D));
    sketch.touch(WRITE, address, 1);
    sketch.add(new Action.Invlpg(address));
    sketch.touch(WRITE, address, 1);
    WalkVector vector = vector();
    assertEquals(~Entry.D, care(vector, 2, path.getLast()));
    assertEquals(-1, care(vector, 4, path.getLast()));
    assertInstanceOf(Verdict.Passed.class, with(vector, Deviation.NX_IGNORED_ON_HIT), "a TLB");
    assertInstanceOf(Verdict.Failed.class, with(vector, Deviation.STALE_AFTER_INVLPG));
  }

  @Test
  void aProcessorWithoutAnyFeatureIsWritten() {
    sketch.touch(READ, address, 1);
    VectorText text = new VectorText();
    text.vector(vector(), "");
    String line = new String(text.take(), StandardCharsets.UTF_8);
    assertTrue(line.contains("\"features\":[]"), line);
  }

  @Test
  void ofTwoPagesThatRefuseEitherMayBeNamed() {
    sketch.draft().words().clear();
    sketch.touch(READ, (address & -4096) + 4095, 2);
    List<Outcome> allowed = vector().steps().getFirst().allowed();
    assertEquals(2, allowed.size());
    assertTrue(allowed.contains(new Outcome.PageFault(0, (address & -4096) + 4096)));
  }
}
