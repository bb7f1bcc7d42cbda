package dev.pagewalk.kernel.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the parts of Linux's policies are for. */
final class LinuxPoliciesTest {
  private static final int FRAMES = 64;

  /** Pages that are used again and again outlive a scan of pages that are used once. */
  @ParameterizedTest
  @ValueSource(strings = {"linux", "mglru"})
  void aScanDoesNotDriveOutTheWorkingSet(String policy) {
    Memory memory = new Memory(policy, frame -> false);
    int hot = FRAMES / 4;
    int hotFaults = 0;
    for (int i = 0; i < 4000; i++) {
      int faults = memory.faults;
      memory.access(i % hot);
      hotFaults += memory.faults - faults;
      memory.access(1000 + i);
    }
    assertTrue(hotFaults <= 2 * hot, hotFaults + " faults of " + hot + " pages");
  }

  /** Frames below 32 hold anonymous pages: with swappiness 0 only the others go. */
  @ParameterizedTest
  @ValueSource(strings = {"linux", "mglru"})
  void withoutSwappinessOnlyFilePagesGo(String policy) {
    Memory memory = new Memory(policy + ":swappiness=0", frame -> frame < 32);
    for (int page = 0; page < FRAMES; page++) {
      memory.access(page);
    }
    for (int page = FRAMES; page < 1000; page++) {
      memory.access(page);
    }
    for (int page = 0; page < 32; page++) {
      assertTrue(memory.frameOf.containsKey(page), "page " + page);
    }
  }

  /** The more swappiness, the more anonymous pages go. */
  @ParameterizedTest
  @CsvSource({"linux, 20, 180"})
  void swappinessChooses(String policy, int little, int much) {
    assertTrue(anonymousLeft(policy, little) > anonymousLeft(policy, much));
  }

  private static long anonymousLeft(String policy, int swappiness) {
    Memory memory = new Memory(policy + ":swappiness=" + swappiness, frame -> frame < 32);
    for (int page = 0; page < FRAMES; page++) {
      memory.access(page);
    }
    int left = 0;
    for (int i = 0; i < 16; i++) {
      int frame = memory.policy.victim(ReplacementPolicy.NO_PAGE);
      left += frame < 32 ? 0 : 1;
    }
    return left;
  }

  /**
   * A page that comes back sooner than active pages could have made room for it is active at once,
   * and stays although it is not accessed again.
   */
  @ParameterizedTest
  @ValueSource(ints = {4, 200})
  void aPageThatComesBackSoonIsActive(int evictionsBetween) {
    Memory memory = new Memory("linux", frame -> false);
    // A quarter of memory is active: found accessed twice.
    for (int i = 0; i < 1000; i++) {
      memory.access(i % (FRAMES / 4));
      memory.access(1000 + i);
    }
    memory.access(5000);
    int next = 6000;
    while (memory.frameOf.containsKey(5000)) {
      memory.access(next++);
    }
    for (int i = 0; i < evictionsBetween; i++) {
      memory.access(next++);
    }
    memory.access(5000);
    for (int i = 0; i < 3 * FRAMES; i++) {
      memory.access(next++);
    }
    boolean isSoon = evictionsBetween < FRAMES / 8;
    assertEquals(isSoon, memory.frameOf.containsKey(5000), evictionsBetween + " evictions");
  }

  /** A page that is used between two walks is young again; the first walk finds all alike. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10})
  void aPageUsedBetweenWalksStays(int distance) {
    Memory memory = new Memory("mglru", frame -> false);
    for (int i = 0; i < 3000; i++) {
      if (i % distance == 0) {
        memory.access(0);
      }
      memory.access(10 + i);
      assertTrue(i < 2 * FRAMES || memory.frameOf.containsKey(0), "access " + i);
    }
    assertFalse(memory.frameOf.containsKey(10));
  }

  /** Frames, and which of them hold anonymous pages. */
  private static final class Memory implements PageView {
    private final Map<Integer, Integer> frameOf = new HashMap<>();
    private final int[] pageIn = new int[FRAMES];
    private final BitSet accessed = new BitSet();
    private final IntPredicate anonymous;
    private final ReplacementPolicy policy;
    private int faults;

    Memory(String spec, IntPredicate anonymous) {
      this.anonymous = anonymous;
      policy = Policies.create(spec, FRAMES, this);
    }

    void access(int page) {
      Integer frame = frameOf.get(page);
      if (frame == null) {
        faults++;
        frame = frameOf.size();
        if (frame == FRAMES) {
          frame = policy.victim(page);
          frameOf.remove(pageIn[frame]);
        }
        accessed.clear(frame);
        frameOf.put(page, frame);
        pageIn[frame] = page;
        policy.admitted(frame, page);
      }
      accessed.set(frame);
    }

    @Override
    public boolean testAndClearAccessed(int frame) {
      boolean was = accessed.get(frame);
      accessed.clear(frame);
      return was;
    }

    @Override
    public boolean isAccessed(int frame) {
      return accessed.get(frame);
    }

    @Override
    public boolean isDirty(int frame) {
      return false;
    }

    @Override
    public boolean isAnonymous(int frame) {
      return anonymous.test(frame);
    }

    @Override
    public boolean writeBack(int frame) {
      return true;
    }

    @Override
    public long now() {
      return 0;
    }
  }
}
