package dev.pagewalk.kernel.policy;

import java.util.Arrays;

/**
 * Optimal replacement: the page whose next access is farthest away goes.
 *
 * <p>L. A. Belady, "A study of replacement algorithms for a virtual-storage computer", IBM Systems
 * Journal 5(2), 1966 ("MIN"). That it is optimal: R. L. Mattson et al., "Evaluation techniques for
 * storage hierarchies", IBM Systems Journal 9(2), 1970. An oracle with two passes: {@link
 * FutureUses} comes from the first. No policy that fetches on demand has fewer faults; it does not
 * care how many dirty pages must be written.
 *
 * <p>The resident pages are in a heap, farthest next access on top. An access makes its page's next
 * access later, and so moves it up.
 */
final class Opt implements ReplacementPolicy.Oracle {
  /** The next access is now: as for a page that has just come, or that cannot be given up. */
  private static final long NOW = 0;

  private static final int NOWHERE = -1;

  private final FutureUses future;

  /** Next accesses: that at i is not before those at 2i + 1 and 2i + 2. */
  private long[] key = new long[16];

  /** The frame at each place of the heap. */
  private int[] frameAt = new int[16];

  /** The place of each frame in the heap. */
  private final int[] place;

  private int size;

  /** The page that came last and has not been accessed since. */
  private int fresh = NO_FRAME;

  Opt(int frames, FutureUses future) {
    this.future = future;
    place = new int[frames];
    Arrays.fill(place, NOWHERE);
  }

  @Override
  public void accessed(int frame, long position) {
    if (frame == fresh) {
      fresh = NO_FRAME;
    }
    change(frame, future.after(position));
  }

  @Override
  public void admitted(int frame, long page) {
    settle();
    insert(frame);
    fresh = frame;
  }

  @Override
  public void forgotten(int frame) {
    int hole = place[frame];
    if (hole == NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    place[frame] = NOWHERE;
    if (frame == fresh) {
      fresh = NO_FRAME;
    }
    size--;
    if (hole == size) {
      return;
    }
    // The later child moves up, down to the leaves; what was last takes the place that is left.
    long[] keys = key;
    int child = 2 * hole + 1;
    while (child < size) {
      if (child + 1 < size && keys[child + 1] > keys[child]) {
        child++;
      }
      put(hole, keys[child], frameAt[child]);
      hole = child;
      child = 2 * hole + 1;
    }
    up(hole, keys[size], frameAt[size]);
  }

  @Override
  public int victim(long incoming) {
    settle();
    if (size == 0) {
      return NO_FRAME;
    }
    int frame = frameAt[0];
    forgotten(frame);
    return frame;
  }

  @Override
  public void putBack(int frame) {
    insert(frame);
  }

  @Override
  public int resident() {
    return size;
  }

  /** MODEL: a page that was brought in and not accessed counts as one that never will be. */
  private void settle() {
    if (fresh != NO_FRAME) {
      change(fresh, FutureUses.NEVER);
      fresh = NO_FRAME;
    }
  }

  private void insert(int frame) {
    if (place[frame] != NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    if (size == key.length) {
      key = Arrays.copyOf(key, 2 * size);
      frameAt = Arrays.copyOf(frameAt, 2 * size);
    }
    put(size++, NOW, frame);
  }

  private void change(int frame, long newKey) {
    int at = place[frame];
    if (newKey >= key[at]) {
      up(at, newKey, frame);
    } else {
      // Its frame was not given up, or it was accessed before this policy was told of it.
      forgotten(frame);
      insert(frame);
      up(size - 1, newKey, frame);
    }
  }

  /** Puts a page at {@code at} or, above those that are accessed sooner, higher up. */
  private void up(int at, long newKey, int frame) {
    while (at > 0) {
      int parent = (at - 1) >>> 1;
      if (key[parent] >= newKey) {
        break;
      }
      put(at, key[parent], frameAt[parent]);
      at = parent;
    }
    put(at, newKey, frame);
  }

  private void put(int at, long newKey, int frame) {
    key[at] = newKey;
    frameAt[at] = frame;
    place[frame] = at;
  }
}
