package dev.pagewalk.machine.curve;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Stack distances are places in a list that is searched and whose page found goes on top. */
final class StackDistancesTest {
  @ParameterizedTest
  @CsvSource({"1,1", "2,2", "3,10", "4,100", "5,700", "6,3000"})
  void aDistanceIsThePlaceInTheList(int seed, int pages) {
    Random random = new Random(seed);
    StackDistances distances = new StackDistances();
    List<Integer> stack = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      Integer page = (int) (pages * Math.pow(random.nextDouble(), 1 + seed % 3));
      assertEquals(stack.indexOf(page) + 1, distances.access(page), "access " + i);
      stack.removeIf(page::equals);
      stack.addFirst(page);
      assertEquals(stack.size(), distances.pages());
    }
  }

  @Test
  void aForgottenPageIsAsIfItHadNeverBeen() {
    Random random = new Random(7);
    StackDistances distances = new StackDistances();
    List<Integer> stack = new ArrayList<>();
    for (int i = 0; i < 30_000; i++) {
      Integer page = random.nextInt(300);
      assertEquals(stack.indexOf(page) + 1, distances.access(page));
      stack.removeIf(page::equals);
      stack.addFirst(page);
      if (random.nextInt(5) == 0) {
        Integer gone = stack.get(random.nextInt(stack.size()));
        stack.removeIf(gone::equals);
        distances.forget(gone);
      }
    }
  }
}
