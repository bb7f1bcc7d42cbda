package dev.pagewalk.kernel.policy;

/**
 * Which resident page goes when a frame is needed.
 *
 * <p>A policy is told of pages that come and go, and asked for victims. Of accesses to resident
 * pages it sees what a kernel sees: the accessed and dirty bits, through its {@link PageView}. Only
 * an {@link Oracle} is told of each access. Frames are numbered from 0; a page is a number that is
 * the same each time the page comes back, so that a policy can remember pages that have gone.
 */
public interface ReplacementPolicy {
  /** In place of a page: none, or not known. */
  long NO_PAGE = -1;

  /** In place of a frame: none. */
  int NO_FRAME = -1;

  /** A page has been brought into a frame; its first access follows. */
  void admitted(int frame, long page);

  /** The page in a frame is gone for another reason than replacement: unmapped, truncated. */
  void forgotten(int frame);

  /**
   * Chooses a resident page to go, and takes it as gone.
   *
   * @param incoming the page for which room is made, or {@link #NO_PAGE}
   * @return its frame; {@link #NO_FRAME} if nothing is resident
   */
  int victim(long incoming);

  /**
   * The frame that was chosen last cannot be given up (locked, in use, no room in swap): it is
   * resident again, in the place where the policy would look last.
   */
  void putBack(int frame);

  /**
   * The timer interrupt, in regular intervals; what is done each time costs no more than a scan.
   */
  default void tick() {}

  /** How many pages are resident. */
  int resident();

  /** A policy that is told of each access, which no kernel is: for comparison. */
  interface Oracle extends ReplacementPolicy {
    /**
     * A resident page is accessed; also right after {@link #admitted}, for the access that brought
     * it in.
     *
     * @param position of the access in the trace, from 0
     */
    void accessed(int frame, long position);
  }
}
