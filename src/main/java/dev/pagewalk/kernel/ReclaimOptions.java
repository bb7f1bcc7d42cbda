package dev.pagewalk.kernel;

import dev.pagewalk.kernel.policy.PageView;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.kernel.policy.ReplacementPolicy;
import java.util.Objects;

/**
 * How a kernel reclaims memory: {@link Kernel#useReclaim}.
 *
 * @param policies makes the policies, one for each set of pages that is replaced by itself
 * @param scope over which pages a policy chooses
 * @param exactAccessed whether the kernel drops TLB entries when it clears an accessed bit, so that
 *     the next access sets it again; Linux on x86 does not
 * @param minPages below so many free pages a process reclaims before it gets one; {@link #DEFAULT}
 *     for Linux's value
 * @param lowPages below so many the background reclaim starts; or {@link #DEFAULT}
 * @param highPages so many free pages are enough for it; or {@link #DEFAULT}
 * @param swappiness 0 to 200: how readily anonymous pages go in place of those of files, as {@code
 *     vm.swappiness}; {@link #ONE_LIST} if one policy has both kinds and decides alone
 */
public record ReclaimOptions(
    PolicyMaker policies,
    Scope scope,
    boolean exactAccessed,
    long minPages,
    long lowPages,
    long highPages,
    int swappiness) {
  /** In place of a number: what Linux would work out. */
  public static final long DEFAULT = -1;

  /** In place of a swappiness: anonymous pages and those of files are in one policy. */
  public static final int ONE_LIST = -1;

  /** Over which pages a policy chooses. */
  public enum Scope {
    /** Those of all processes of a group. */
    GLOBAL,
    /** Those of one process: who needs a page gives up one of its own, if it has any. */
    PER_PROCESS
  }

  /** Makes policies. */
  @FunctionalInterface
  public interface PolicyMaker {
    /**
     * A new policy, without pages.
     *
     * @param frames how many pages it can have at most; its frames are numbered below this
     * @param view what it may look at
     */
    ReplacementPolicy make(int frames, PageView view);
  }

  /** Checks the numbers. */
  public ReclaimOptions {
    Objects.requireNonNull(policies);
    Objects.requireNonNull(scope);
    if (swappiness < ONE_LIST || swappiness > 200) {
      throw new IllegalArgumentException("swappiness is 0 to 200: " + swappiness);
    }
  }

  /** Global scope, exact accessed bits, Linux's watermarks, one list for all pages. */
  public static ReclaimOptions of(PolicyMaker policies) {
    return new ReclaimOptions(policies, Scope.GLOBAL, true, DEFAULT, DEFAULT, DEFAULT, ONE_LIST);
  }

  /**
   * The same with a policy by name.
   *
   * @param spec as {@link Policies#create} takes it; none that needs the future
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static ReclaimOptions of(String spec) {
    if (Policies.needsFuture(spec)) {
      throw new IllegalArgumentException("policy " + spec + " needs the whole trace");
    }
    return of((frames, view) -> Policies.create(spec, frames, view));
  }

  /** These with another scope. */
  public ReclaimOptions withScope(Scope other) {
    return new ReclaimOptions(
        policies, other, exactAccessed, minPages, lowPages, highPages, swappiness);
  }

  /** These with TLBs flushed when accessed bits are cleared, or not. */
  public ReclaimOptions withExactAccessed(boolean exact) {
    return new ReclaimOptions(policies, scope, exact, minPages, lowPages, highPages, swappiness);
  }

  /** These with other watermarks, in pages. */
  public ReclaimOptions withWatermarks(long min, long low, long high) {
    return new ReclaimOptions(policies, scope, exactAccessed, min, low, high, swappiness);
  }

  /** These with another swappiness. */
  public ReclaimOptions withSwappiness(int value) {
    return new ReclaimOptions(policies, scope, exactAccessed, minPages, lowPages, highPages, value);
  }
}
