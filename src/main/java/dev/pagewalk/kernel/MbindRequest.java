package dev.pagewalk.kernel;

/**
 * What mbind(2) is asked beside the range.
 *
 * @param policy the policy; {@link Mempolicy#NONE} takes it away
 * @param flags of the numbers here, which are Linux's
 */
public record MbindRequest(Mempolicy policy, int flags) {
  /** What lies on other nodes, and stays there, is EIO. */
  public static final int STRICT = 1;

  /** Pages that only this process maps are moved to where the policy wants them. */
  public static final int MOVE = 2;

  /** Pages that others map too are moved. */
  public static final int MOVE_ALL = 4;

  /** A policy for pages to come. */
  public static MbindRequest of(Mempolicy policy) {
    return new MbindRequest(policy, 0);
  }
}
