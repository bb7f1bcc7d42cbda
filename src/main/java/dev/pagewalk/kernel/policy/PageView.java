package dev.pagewalk.kernel.policy;

/**
 * What a kernel can see of the page in a frame, and ask of it: the bits that the processor sets in
 * the entries that map the frame, combined over all of them.
 */
public interface PageView {
  /** Whether the page was accessed since this was last asked; clears the accessed bits. */
  boolean testAndClearAccessed(int frame);

  /** Whether the page was accessed since its accessed bits were last cleared; changes nothing. */
  boolean isAccessed(int frame);

  /** Whether the page must be written before its frame can be used for something else. */
  boolean isDirty(int frame);

  /** Whether the page is anonymous memory, which goes to swap, and not a page of a file. */
  boolean isAnonymous(int frame);

  /**
   * Starts to write a dirty page back, so that it is clean when it is wanted later.
   *
   * @return whether it could be started
   */
  boolean writeBack(int frame);

  /** The time now, in accesses made by all cores since the machine started. */
  long now();
}
