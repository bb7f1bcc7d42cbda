package dev.pagewalk.machine;

import dev.pagewalk.kernel.policy.ReplacementPolicy;
import java.util.Arrays;

/**
 * A policy of which somebody is told the victims, each once it has not been put back before the
 * next thing happened.
 */
class WatchedPolicy implements ReplacementPolicy {
  private final ReplacementPolicy policy;
  private final EvictionListener listener;

  /** The page in each frame. */
  private final long[] pages;

  private int chosen = NO_FRAME;
  private long incoming;

  WatchedPolicy(ReplacementPolicy policy, int frames, EvictionListener listener) {
    this.policy = policy;
    this.listener = listener;
    this.pages = new long[frames];
    Arrays.fill(pages, NO_PAGE);
  }

  /** {@code policy}, watched; an oracle if it is one. */
  static ReplacementPolicy of(ReplacementPolicy policy, int frames, EvictionListener listener) {
    return policy instanceof Oracle oracle
        ? new WatchedOracle(oracle, frames, listener)
        : new WatchedPolicy(policy, frames, listener);
  }

  private static final class WatchedOracle extends WatchedPolicy implements Oracle {
    private final Oracle oracle;

    WatchedOracle(Oracle oracle, int frames, EvictionListener listener) {
      super(oracle, frames, listener);
      this.oracle = oracle;
    }

    @Override
    public void accessed(int frame, long position) {
      oracle.accessed(frame, position);
    }
  }

  @Override
  public void admitted(int frame, long page) {
    tell();
    pages[frame] = page;
    policy.admitted(frame, page);
  }

  @Override
  public void forgotten(int frame) {
    policy.forgotten(frame);
  }

  @Override
  public int victim(long newIncoming) {
    tell();
    chosen = policy.victim(newIncoming);
    incoming = newIncoming;
    return chosen;
  }

  @Override
  public void putBack(int frame) {
    chosen = NO_FRAME;
    policy.putBack(frame);
  }

  @Override
  public void tick() {
    policy.tick();
  }

  @Override
  public int resident() {
    return policy.resident();
  }

  /** Once something else happens, the last victim has gone. */
  private void tell() {
    if (chosen != NO_FRAME) {
      listener.evicted(pages[chosen], incoming);
      chosen = NO_FRAME;
    }
  }
}
