package dev.pagewalk.vectors;

import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.HashMap;
import java.util.Map;

/**
 * Accessed and dirty bits of which the manual does not say, at this point of a sequence, whether
 * they are set: those of a walk that faulted, and those of an access that a TLB may have served.
 */
final class OpenMarks {
  private final Map<Long, Long> bits = new HashMap<>();

  /** Whether anything was open after the step before: it may have been marked then, or now. */
  private boolean wasOpen;

  /** A sequence begins: every bit is as memory has it. */
  void clear() {
    bits.clear();
    wasOpen = false;
  }

  /** Nobody knows any more whether {@code probe} has set what it would set. */
  void add(WalkResult probe) {
    for (WalkStep step : probe.steps()) {
      if (step instanceof WalkStep.Marked(long pa, long before, long after)) {
        bits.merge(pa, after & ~before, (old, more) -> old | more);
      }
    }
  }

  /** These bits of the word at {@code pa} are as memory has them now. */
  void settle(long pa, long settled) {
    bits.computeIfPresent(pa, (_, open) -> (open & ~settled) == 0 ? null : open & ~settled);
  }

  /**
   * What a step says of the words: those that changed, if nothing is or was open; else all of them,
   * under masks. {@code now} becomes as memory is.
   */
  Words after(PhysicalMemory memory, Words words, long[] now) {
    boolean exact = bits.isEmpty() && !wasOpen;
    wasOpen = !bits.isEmpty();
    if (exact) {
      return Answers.changed(memory, words, now);
    }
    long[] tuples = new long[3 * words.size()];
    for (int i = 0; i < words.size(); i++) {
      long pa = words.address(i);
      long care = ~bits.getOrDefault(pa, 0L);
      now[i] = memory.read64(pa);
      tuples[3 * i] = pa;
      tuples[3 * i + 1] = now[i] & care;
      tuples[3 * i + 2] = care;
    }
    return new Words(tuples, 3);
  }
}
