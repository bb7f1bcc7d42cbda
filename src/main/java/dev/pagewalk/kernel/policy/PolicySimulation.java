package dev.pagewalk.kernel.policy;

import java.util.Arrays;
import java.util.function.Function;

/**
 * A policy alone: pages brought in on demand, some frames, and nothing else; no processor, no
 * tables, no kernel. Counts faults as textbooks do.
 *
 * <p>Pages are numbered from 0 and should be dense, since arrays have an element for each. An
 * access is a page's number if it reads, and {@link #write} of it if it writes. A hit sets bits in
 * an array, where the policy finds them through its {@link PageView}; only an oracle is called.
 * Nothing is allocated for an access.
 */
public final class PolicySimulation {
  /** Accesses between two ticks of the timer, unless something else is said. */
  public static final int TICK_EVERY = 1000;

  private static final int ABSENT = -1;
  private static final int ACCESSED = 1;
  private static final int DIRTY = 2;

  private final ReplacementPolicy policy;
  private final ReplacementPolicy.Oracle oracle;

  /** The frame of each page, or {@link #ABSENT}. */
  private int[] frameOf = new int[0];

  /** The page of each frame that has been used. */
  private final int[] pageIn;

  /** What the processor sets in the entry of each frame's page. */
  private final byte[] bits;

  private final int tickEvery;
  private int used;
  private long accesses;
  private long nextTick;
  private long faults;
  private long evictions;
  private long writeBacks;

  /**
   * A simulation without accesses, so far.
   *
   * @param frames how many, from 1
   * @param tickEvery accesses between two ticks, from 1
   * @param policy makes the policy, for frames from 0 to {@code frames - 1}
   */
  public PolicySimulation(int frames, int tickEvery, Function<PageView, ReplacementPolicy> policy) {
    if (frames < 1 || tickEvery < 1) {
      throw new IllegalArgumentException("expected a frame and an access at least");
    }
    pageIn = new int[frames];
    bits = new byte[frames];
    this.tickEvery = tickEvery;
    nextTick = tickEvery;
    this.policy = policy.apply(new Bits());
    oracle = this.policy instanceof ReplacementPolicy.Oracle told ? told : null;
  }

  /**
   * Of a policy by name.
   *
   * @param spec as {@link Policies#create} takes it
   * @param future of the trace that will run, if the policy wants it; otherwise it may be null
   */
  public static PolicySimulation of(String spec, int frames, FutureUses future) {
    return new PolicySimulation(
        frames, TICK_EVERY, view -> Policies.create(spec, frames, view, future));
  }

  /**
   * Runs a whole trace under a policy by name.
   *
   * @param spec as {@link Policies#create} takes it
   * @param accesses pages, or {@link #write} of them
   */
  public static PolicyCounts run(String spec, int frames, int... accesses) {
    FutureUses future = Policies.needsFuture(spec) ? FutureUses.of(accesses) : null;
    PolicySimulation simulation = of(spec, frames, future);
    simulation.run(accesses, accesses.length);
    return simulation.counts();
  }

  /** An access that writes a page. */
  public static int write(int page) {
    return ~page;
  }

  /** The page of an access. */
  public static int page(int access) {
    return access ^ (access >> (Integer.SIZE - 1));
  }

  /** Makes accesses, {@code batch[0]} to {@code batch[count - 1]}. */
  public void run(int[] batch, int count) {
    int from = 0;
    while (from < count) {
      int to = (int) Math.min(count, from + (nextTick - accesses));
      if (oracle == null) {
        make(batch, from, to);
      } else {
        makeTold(batch, from, to);
      }
      from = to;
      if (accesses == nextTick) {
        nextTick += tickEvery;
        policy.tick();
      }
    }
  }

  /** What has been done so far. */
  public PolicyCounts counts() {
    return new PolicyCounts(accesses, faults, evictions, writeBacks);
  }

  /** Whether a page is resident. */
  public boolean isResident(int page) {
    return page < frameOf.length && frameOf[page] != ABSENT;
  }

  /** The page in each frame that has been used. */
  public int[] residentPages() {
    return Arrays.copyOf(pageIn, used);
  }

  private void make(int[] batch, int from, int to) {
    long start = accesses - from;
    for (int i = from; i < to; i++) {
      int access = batch[i];
      int page = page(access);
      int frame = page < frameOf.length ? frameOf[page] : ABSENT;
      if (frame == ABSENT) {
        accesses = start + i;
        frame = bringIn(page);
      }
      bits[frame] |= bitsOf(access);
    }
    accesses = start + to;
  }

  private void makeTold(int[] batch, int from, int to) {
    ReplacementPolicy.Oracle told = oracle;
    long start = accesses - from;
    for (int i = from; i < to; i++) {
      int access = batch[i];
      int page = page(access);
      int frame = page < frameOf.length ? frameOf[page] : ABSENT;
      if (frame == ABSENT) {
        accesses = start + i;
        frame = bringIn(page);
      }
      bits[frame] |= bitsOf(access);
      told.accessed(frame, start + i);
    }
    accesses = start + to;
  }

  private static byte bitsOf(int access) {
    return (byte) (ACCESSED | ((access >>> (Integer.SIZE - 1)) * DIRTY));
  }

  private int bringIn(int page) {
    faults++;
    int frame;
    if (used < pageIn.length) {
      frame = used++;
    } else {
      frame = policy.victim(page);
      evictions++;
      writeBacks += (bits[frame] & DIRTY) >> 1;
      frameOf[pageIn[frame]] = ABSENT;
    }
    if (page >= frameOf.length) {
      grow(page);
    }
    frameOf[page] = frame;
    pageIn[frame] = page;
    bits[frame] = 0;
    policy.admitted(frame, page);
    return frame;
  }

  private void grow(int page) {
    int old = frameOf.length;
    frameOf = Arrays.copyOf(frameOf, Math.max(page + 1, 2 * old));
    Arrays.fill(frameOf, old, frameOf.length, ABSENT);
  }

  /** The bits as a policy sees them. All pages are anonymous, and are written in no time. */
  private final class Bits implements PageView {
    @Override
    public boolean testAndClearAccessed(int frame) {
      int old = bits[frame];
      bits[frame] = (byte) (old & ~ACCESSED);
      return (old & ACCESSED) != 0;
    }

    @Override
    public boolean isAccessed(int frame) {
      return (bits[frame] & ACCESSED) != 0;
    }

    @Override
    public boolean isDirty(int frame) {
      return (bits[frame] & DIRTY) != 0;
    }

    @Override
    public boolean isAnonymous(int frame) {
      return true;
    }

    @Override
    public boolean writeBack(int frame) {
      if (isDirty(frame)) {
        bits[frame] &= ~DIRTY;
        writeBacks++;
      }
      return true;
    }

    @Override
    public long now() {
      return accesses;
    }
  }
}
