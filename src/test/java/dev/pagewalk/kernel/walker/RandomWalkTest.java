package dev.pagewalk.kernel.walker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.pagewalk.TestSize;
import dev.pagewalk.machine.Machine;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Three processes on four cores do anything that the kernel allows; nothing goes wrong. */
class RandomWalkTest {
  /** Settings that share the steps; the gigantic one, whose checks take long, comes on top. */
  private static final int SHARES = Setting.all().length - 1;

  static Setting[] settings() {
    return Setting.all();
  }

  @ParameterizedTest
  @MethodSource("settings")
  void aRandomWalkKeepsEveryInvariantAndAllContents(Setting setting) {
    long steps = TestSize.pick(200_000, 10_000_000) / SHARES;
    steps = setting.name().equals("gigantic") ? TestSize.pick(13_000, 200_000) : steps;
    try (World world = World.of(setting, Machine::new)) {
      RandomWalk walk = new RandomWalk(world);
      assertNull(walk.run(1, steps));
      System.out.println(
          "[pagewalk] random walk, %s: %s; %d shortages, %d pages reclaimed, %d processes killed"
              .formatted(
                  setting.name(), walk.counts(), walk.shortages(), walk.stolen(), walk.killed()));
      Set<Operation> expected = EnumSet.allOf(Operation.class);
      if (setting.pressed().isEmpty()) {
        expected.removeAll(EnumSet.of(Operation.SET_GROUP, Operation.GROUP_MAX));
      }
      if (!setting.extras().keys()) {
        expected.remove(Operation.WRPKRU);
      }
      assertEquals(expected, walk.counts().keySet());
    }
  }

  /** Walks of the full size that found something once: (setting, seed). */
  @Test
  void walksThatOnceFoundSomethingFindNothing() {
    // DONTUNMAP onto a page of the same locked mapping, or beside it; a write that failed and
    // cleared the tail.
    assertNull(walk(Setting.ROOMY, 94));
    assertNull(walk(Setting.ROOMY, 291));
    assertNull(walk(Setting.TIGHT, 215));
  }

  private static String walk(Setting setting, long seed) {
    try (World world = World.of(setting, Machine::new)) {
      return new RandomWalk(world).run(seed, 1);
    }
  }
}
