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
 * <p>The resident pages are the leaves of a tree in which the one that is accessed later wins at
 * each node, as in a tournament: the winner is at the root.
 */
final class Opt implements ReplacementPolicy.Oracle {
  /** A leaf's word is its next access, and below that its own number; 0 if it has no page. */
  private static final int LEAF_BITS = 24;

  private static final int LEAF_MASK = (1 << LEAF_BITS) - 1;
  private static final long NEVER = (1L << (Long.SIZE - 1 - LEAF_BITS)) - 1;

  /** The next access is now: as for a page that has just come, or that cannot be given up. */
  private static final long NOW = 1;

  private static final int NOWHERE = -1;

  private final FutureUses future;

  /** Leaves are the upper half; node i is the greater of 2i and 2i + 1. */
  private long[] tree = new long[2 * 16];

  /** The frame at each leaf; of free leaves, the next free one. */
  private int[] frameAt = new int[16];

  /** The leaf of each frame. */
  private final int[] place;

  /** Leaves that have been used, and of these the first free one. */
  private int leaves;

  private int free = NOWHERE;
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
    play(place[frame], future.after(position));
  }

  @Override
  public void admitted(int frame, long page) {
    settle();
    enter(frame);
    fresh = frame;
  }

  @Override
  public void forgotten(int frame) {
    int leaf = place[frame];
    if (leaf == NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is not resident");
    }
    if (frame == fresh) {
      fresh = NO_FRAME;
    }
    place[frame] = NOWHERE;
    frameAt[leaf] = free;
    free = leaf;
    size--;
    set(leaf, 0);
  }

  @Override
  public int victim(long incoming) {
    settle();
    if (size == 0) {
      return NO_FRAME;
    }
    int frame = frameAt[(int) tree[1] & LEAF_MASK];
    forgotten(frame);
    return frame;
  }

  @Override
  public void putBack(int frame) {
    enter(frame);
    play(place[frame], NOW);
  }

  @Override
  public int resident() {
    return size;
  }

  /** MODEL: a page that was brought in and not accessed counts as one that never will be. */
  private void settle() {
    if (fresh != NO_FRAME) {
      play(place[fresh], NEVER);
      fresh = NO_FRAME;
    }
  }

  /** Gives a page a leaf; it has no word yet. */
  private void enter(int frame) {
    if (place[frame] != NOWHERE) {
      throw new IllegalStateException("frame " + frame + " is resident already");
    }
    int leaf = free;
    if (leaf == NOWHERE) {
      leaf = leaves++;
      if (leaf == frameAt.length) {
        grow();
      }
    } else {
      free = frameAt[leaf];
    }
    frameAt[leaf] = frame;
    place[frame] = leaf;
    size++;
  }

  private void play(int leaf, long next) {
    set(leaf, (Math.min(next, NEVER) << LEAF_BITS) | leaf);
  }

  private void set(int leaf, long word) {
    long[] nodes = tree;
    int node = leaf + (nodes.length >>> 1);
    long winner = word;
    nodes[node] = winner;
    while (node > 1) {
      winner = Math.max(winner, nodes[node ^ 1]);
      node >>>= 1;
      nodes[node] = winner;
    }
  }

  /** Twice as many leaves. */
  private void grow() {
    int old = frameAt.length;
    if (old > LEAF_MASK) {
      throw new IllegalStateException("opt: more than " + old + " resident pages");
    }
    long[] nodes = new long[4 * old];
    System.arraycopy(tree, old, nodes, 2 * old, old);
    for (int node = 2 * old - 1; node > 0; node--) {
      nodes[node] = Math.max(nodes[2 * node], nodes[2 * node + 1]);
    }
    tree = nodes;
    frameAt = Arrays.copyOf(frameAt, 2 * old);
  }
}
