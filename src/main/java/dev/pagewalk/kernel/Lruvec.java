package dev.pagewalk.kernel;

import dev.pagewalk.kernel.policy.PageView;
import dev.pagewalk.kernel.policy.ReplacementPolicy;
import java.util.Arrays;

/**
 * A set of pages that is replaced by one policy, and what the policy sees of them (Linux's lruvec).
 *
 * <p>The policy knows pages by places, numbered from 0; the place left last is taken first, so that
 * a page that comes for one that goes takes its place, as in the frames of the textbooks.
 */
final class Lruvec implements PageView {
  private static final int NONE = LruRecords.NONE;
  private static final int MOST_FRAMES = Integer.MAX_VALUE - 8;

  final int id;
  final LruPool pool;
  private final Pressure pressure;
  private final LruRecords records;
  private ReplacementPolicy policy;
  private ReplacementPolicy.Oracle oracle;

  /** The frame at each place below {@link #places}. */
  private long[] frameAt = new long[64];

  private int places;

  /** Places that were left, the last one on top. */
  private int[] left = new int[64];

  private int leftSize;

  /** The frame that the policy has given up and that is not free yet, or -1. */
  private long chosen = Folios.NONE;

  Lruvec(Pressure pressure, LruPool pool, int id) {
    this.pressure = pressure;
    this.records = pressure.lists().records();
    this.pool = pool;
    this.id = id;
  }

  /** How many pages the policy could give up. */
  int resident() {
    return policy == null ? 0 : policy.resident();
  }

  /** A page has come into the frame. */
  void admit(long pfn, long page) {
    if (policy == null) {
      policy = make();
    }
    int place = enter(pfn, page);
    policy.admitted(place, page);
  }

  /** Whether the policy is an oracle. */
  boolean wantsAccesses() {
    if (policy == null) {
      policy = make();
    }
    return oracle != null;
  }

  private ReplacementPolicy make() {
    long most = Math.min(pool.group.bound(), pressure.frames().frames());
    // What is above a limit that was lowered, and cannot go, is there all the same.
    long capacity = Math.max(most, Math.max(pool.group.current(), places));
    ReplacementPolicy made =
        pressure.options().policies().make(Math.clamp(capacity, 1, MOST_FRAMES), this);
    oracle = made instanceof ReplacementPolicy.Oracle told ? told : null;
    return made;
  }

  private int enter(long pfn, long page) {
    int place = leftSize > 0 ? left[--leftSize] : places++;
    if (place == frameAt.length) {
      frameAt = Arrays.copyOf(frameAt, 2 * place);
    }
    frameAt[place] = pfn;
    records.setList(pfn, id);
    records.setPlace(pfn, place);
    records.setPage(pfn, page);
    return place;
  }

  /** The page of a frame is gone, and not by choice of the policy. */
  void forget(long pfn) {
    if (pfn != chosen) {
      policy.forgotten(records.place(pfn));
    }
    leave(pfn);
  }

  /** Has the policy choose; the frame, or -1. The choice must be taken or put back. */
  long victim(long incoming) {
    int place = policy == null ? NONE : policy.victim(incoming);
    chosen = place == ReplacementPolicy.NO_FRAME ? Folios.NONE : frameAt[place];
    return chosen;
  }

  /** What was put back, or never chosen, counts as chosen. */
  void choose(long pfn) {
    policy.forgotten(records.place(pfn));
    chosen = pfn;
  }

  /** What was chosen stays. */
  void putBack(long pfn) {
    policy.putBack(records.place(pfn));
    chosen = Folios.NONE;
  }

  /** What was chosen goes: its place is free, if it is not already. */
  void leave(long pfn) {
    chosen = Folios.NONE;
    if (records.place(pfn) == NONE) {
      return;
    }
    if (leftSize == left.length) {
      left = Arrays.copyOf(left, 2 * leftSize);
    }
    left[leftSize++] = records.place(pfn);
    records.setPlace(pfn, NONE);
  }

  /**
   * The number of pages that it can have has changed: the pages go to a new policy, oldest first.
   */
  void resize() {
    if (policy == null) {
      return;
    }
    int count = policy.resident();
    int[] order = new int[count];
    for (int i = 0; i < count; i++) {
      order[i] = policy.victim(ReplacementPolicy.NO_PAGE);
    }
    policy = make();
    for (int place : order) {
      policy.admitted(place, records.page(frameAt[place]));
    }
  }

  /** Gives up the policy, which has no pages. */
  void drop() {
    policy = null;
    oracle = null;
  }

  void tick() {
    if (policy != null) {
      policy.tick();
    }
  }

  /** The page of a frame is accessed: for oracles. */
  void accessed(long pfn, long position) {
    if (oracle != null) {
      oracle.accessed(records.place(pfn), position);
    }
  }

  // --- what the policy sees ---

  @Override
  public boolean testAndClearAccessed(int frame) {
    return pressure.use().testAndClearAccessed(frameAt[frame]);
  }

  @Override
  public boolean isAccessed(int frame) {
    return pressure.use().isAccessed(frameAt[frame]);
  }

  @Override
  public boolean isDirty(int frame) {
    return pressure.use().isDirty(frameAt[frame]);
  }

  @Override
  public boolean isAnonymous(int frame) {
    return pressure.use().isAnonymous(frameAt[frame]);
  }

  @Override
  public boolean writeBack(int frame) {
    return pressure.use().writeBack(frameAt[frame]);
  }

  @Override
  public long now() {
    return pressure.now();
  }
}
