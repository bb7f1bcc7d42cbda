package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever a kernel asks of a policy in whatever order, each resident page is known exactly once,
 * each victim is resident, and nothing is lost.
 */
final class InterleavingTest {
  private static final int FRAMES = 40;
  private static final int STEPS = 3000;
  private static final int PAGES = 90;

  static Stream<Arguments> policies() {
    return IntStream.range(0, 10)
        .boxed()
        .flatMap(seed -> Policies.names().stream().map(name -> Arguments.of(name, seed)));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void nothingIsLostAndNothingTwice(String name, int seed) {
    Kernel kernel = new Kernel(name, new Random(seed));
    for (int step = 0; step < STEPS; step++) {
      kernel.step();
      assertEquals(kernel.pageIn.size(), kernel.policy.resident());
    }
    kernel.drain();
  }

  /** The frames of a kernel, used in no order and with no sense. */
  private static final class Kernel implements PageView {
    private final Random random;
    private final ReplacementPolicy policy;
    private final Map<Integer, Long> pageIn = new HashMap<>();
    private final BitSet accessed = new BitSet();
    private final BitSet dirty = new BitSet();
    private long now;

    Kernel(String name, Random random) {
      this.random = random;
      FutureUses future = new FutureUses();
      for (int i = 0; i < STEPS; i++) {
        future.append(random.nextInt(PAGES));
      }
      policy = Policies.create(name, FRAMES, this, future);
    }

    void step() {
      switch (random.nextInt(10)) {
        case 0 -> forget();
        case 1 -> evict(NO_PAGE, 1 + random.nextInt(4));
        case 2 -> policy.tick();
        case 3, 4 -> admit();
        default -> access();
      }
    }

    /** Brings a page in, if need be in the place of another. */
    private void admit() {
      long page = random.nextInt(PAGES);
      if (pageIn.containsValue(page)) {
        return;
      }
      if (pageIn.size() == FRAMES) {
        evict(page, 1);
      }
      int frame = random.nextInt(FRAMES);
      while (pageIn.containsKey(frame)) {
        frame = (frame + 1) % FRAMES;
      }
      accessed.clear(frame);
      dirty.clear(frame);
      pageIn.put(frame, page);
      policy.admitted(frame, page);
      if (random.nextInt(8) != 0) {
        touch(frame);
      }
    }

    private void access() {
      List<Integer> frames = List.copyOf(pageIn.keySet());
      for (int i = random.nextInt(20); i > 0 && !frames.isEmpty(); i--) {
        touch(frames.get(random.nextInt(frames.size())));
      }
    }

    private void touch(int frame) {
      accessed.set(frame);
      if (random.nextInt(3) == 0) {
        dirty.set(frame);
      }
      if (policy instanceof ReplacementPolicy.Oracle oracle) {
        oracle.accessed(frame, now);
      }
      now++;
    }

    private void forget() {
      if (!pageIn.isEmpty()) {
        List<Integer> frames = List.copyOf(pageIn.keySet());
        int frame = frames.get(random.nextInt(frames.size()));
        pageIn.remove(frame);
        policy.forgotten(frame);
      }
    }

    /** Some victims at once; some of them cannot go. */
    private void evict(long incoming, int count) {
      for (int i = 0; i < count; i++) {
        int frame = policy.victim(incoming);
        if (pageIn.isEmpty()) {
          assertEquals(ReplacementPolicy.NO_FRAME, frame);
          return;
        }
        assertTrue(pageIn.containsKey(frame), "frame " + frame + " is not resident");
        if (incoming == NO_PAGE && random.nextInt(3) == 0) {
          policy.putBack(frame);
        } else {
          pageIn.remove(frame);
        }
      }
    }

    /** Every page that is resident comes out, once. */
    void drain() {
      Set<Integer> left = new TreeSet<>(pageIn.keySet());
      while (!left.isEmpty()) {
        int frame = policy.victim(NO_PAGE);
        assertTrue(left.remove(frame), "frame " + frame);
      }
      assertEquals(ReplacementPolicy.NO_FRAME, policy.victim(NO_PAGE));
      assertEquals(0, policy.resident());
    }

    @Override
    public boolean testAndClearAccessed(int frame) {
      boolean was = isAccessed(frame);
      accessed.clear(frame);
      return was;
    }

    @Override
    public boolean isAccessed(int frame) {
      assertTrue(pageIn.containsKey(frame), "asks for frame " + frame + ", which is not resident");
      return accessed.get(frame);
    }

    @Override
    public boolean isDirty(int frame) {
      assertTrue(pageIn.containsKey(frame), "asks for frame " + frame + ", which is not resident");
      return dirty.get(frame);
    }

    @Override
    public boolean isAnonymous(int frame) {
      return frame % 3 != 0;
    }

    @Override
    public boolean writeBack(int frame) {
      boolean can = random.nextInt(4) != 0;
      if (can) {
        dirty.clear(frame);
      }
      return can;
    }

    @Override
    public long now() {
      return now;
    }
  }

  private static final long NO_PAGE = ReplacementPolicy.NO_PAGE;
}
