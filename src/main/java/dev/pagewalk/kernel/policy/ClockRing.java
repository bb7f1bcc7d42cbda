package dev.pagewalk.kernel.policy;

import java.util.Arrays;

/** Pages in a circle, resident or not, each with a state: what the hands of a clock go over. */
final class ClockRing {
  /** In place of a node or frame: none. */
  static final int NONE = -1;

  private int[] next = new int[16];
  private int[] prev = new int[16];
  private int[] frame = new int[16];
  private long[] page = new long[16];
  private byte[] state = new byte[16];
  private int used;

  /** The first node that is free again, linked by {@link #next}. */
  private int free = NONE;

  /** A node by itself, a circle of one. */
  int make(long itsPage, int itsFrame, int itsState) {
    int node = free;
    if (node != NONE) {
      free = next[node];
    } else {
      node = used++;
      if (node == next.length) {
        grow();
      }
    }
    page[node] = itsPage;
    frame[node] = itsFrame;
    state[node] = (byte) itsState;
    next[node] = node;
    prev[node] = node;
    return node;
  }

  /** Puts a node, which is by itself, before another. */
  void insertBefore(int other, int node) {
    int before = prev[other];
    next[before] = node;
    prev[node] = before;
    next[node] = other;
    prev[other] = node;
  }

  /** Takes a node out of its circle; it is by itself then. */
  void unlink(int node) {
    next[prev[node]] = next[node];
    prev[next[node]] = prev[node];
    next[node] = node;
    prev[node] = node;
  }

  /** Gives back a node that is by itself. */
  void release(int node) {
    next[node] = free;
    free = node;
  }

  /** The node after one; itself if it is alone. */
  int next(int node) {
    return next[node];
  }

  /** The page of a node. */
  long page(int node) {
    return page[node];
  }

  /** The frame of a node; {@link #NONE} if its page is not resident. */
  int frame(int node) {
    return frame[node];
  }

  /** The state of a node. */
  int state(int node) {
    return state[node];
  }

  /** Changes the state of a node. */
  void setState(int node, int newState) {
    state[node] = (byte) newState;
  }

  /** The page of a node has gone. */
  void setGone(int node, int newState) {
    frame[node] = NONE;
    state[node] = (byte) newState;
  }

  private void grow() {
    int room = 2 * next.length;
    next = Arrays.copyOf(next, room);
    prev = Arrays.copyOf(prev, room);
    frame = Arrays.copyOf(frame, room);
    page = Arrays.copyOf(page, room);
    state = Arrays.copyOf(state, room);
  }
}
