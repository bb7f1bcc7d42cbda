package dev.pagewalk.mmu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The order of use in one word is a list of ways, whose moves are those of a list. */
class OrderTest {
  private static final int MOVES = 200;

  static List<Integer> ways() {
    List<Integer> ways = new ArrayList<>();
    for (int n = 1; n <= Structure.MOST_PACKED; n++) {
      ways.add(n);
    }
    return ways;
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theWayUsedNowGoesToTheFrontAndTheOthersKeepTheirOrder(int ways) {
    Random random = new Random(ways);
    List<Integer> list = new ArrayList<>(ways().subList(0, ways));
    list.replaceAll(way -> way - 1);
    for (int move = 0; move < MOVES; move++) {
      int way = random.nextInt(ways);
      long after = Order.front(word(list), way, ways);
      list.removeIf(other -> other == way);
      list.addFirst(way);
      assertEquals(word(list), after, ways + " ways, way " + way);
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theWayUsedLongestAgoIsTheLastAndCanBeBroughtToTheFront(int ways) {
    Random random = new Random(ways);
    List<Integer> list = new ArrayList<>(ways().subList(0, ways));
    list.replaceAll(way -> way - 1);
    for (int move = 0; move < MOVES; move++) {
      Collections.shuffle(list, random);
      assertEquals(list.getLast(), (int) Order.last(word(list), ways) & 15);
      long after = Order.rotate(word(list), ways);
      list.addFirst(list.removeLast());
      assertEquals(word(list), after, ways + " ways");
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void aWayIsFoundByItsPlaceAndTheLastUsedOfSomeByTheirNumbers(int ways) {
    Random random = new Random(ways);
    List<Integer> list = new ArrayList<>(ways().subList(0, ways));
    list.replaceAll(way -> way - 1);
    for (int move = 0; move < MOVES; move++) {
      Collections.shuffle(list, random);
      for (int way = 0; way < ways; way++) {
        assertEquals(list.indexOf(way), Order.place(word(list), way));
      }
      int from = random.nextInt(ways);
      int to = from + 1 + random.nextInt(ways - from);
      int first = list.stream().filter(way -> way >= from && way < to).findFirst().orElseThrow();
      assertEquals(first, Order.firstWithin(word(list), from, to));
    }
  }

  private static long word(List<Integer> list) {
    long word = 0;
    for (int place = 0; place < list.size(); place++) {
      word |= (long) list.get(place) << (4 * place);
    }
    return word;
  }
}
