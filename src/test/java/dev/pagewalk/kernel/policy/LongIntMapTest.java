package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table against one of the JDK. */
class LongIntMapTest {
  private static final int STEPS = 200_000;

  @ParameterizedTest
  @ValueSource(ints = {8, 100, 100_000})
  void itAnswersAsAHashMapDoes(int keys) {
    Random random = new Random(keys);
    LongIntMap tried = new LongIntMap();
    Map<Long, Integer> expected = new HashMap<>();
    for (int i = 0; i < STEPS; i++) {
      // Near each other, far from each other, negative, and 0.
      int at = random.nextInt(keys) - keys / 2;
      long key = random.nextBoolean() ? at : (long) at << 44;
      switch (random.nextInt(4)) {
        case 0 -> {
          int value = random.nextInt(1 << 20);
          tried.put(key, value);
          expected.put(key, value);
        }
        case 1 -> {
          Integer gone = expected.remove(key);
          assertEquals(gone == null ? LongIntMap.NONE : gone, tried.remove(key));
        }
        case 2 -> {
          int number = expected.computeIfAbsent(key, absent -> expected.size());
          assertEquals(number, tried.number(key));
        }
        default -> assertEquals(expected.getOrDefault(key, LongIntMap.NONE), tried.get(key));
      }
      assertEquals(expected.size(), tried.size());
    }
    expected.forEach((key, value) -> assertEquals(value, tried.get(key)));
  }
}
