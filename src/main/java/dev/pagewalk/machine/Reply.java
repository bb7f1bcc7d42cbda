package dev.pagewalk.machine;

/** How an access of a process ended. */
public sealed interface Reply {
  /**
   * The access was made.
   *
   * @param value what was loaded, zero-extended, or the old value of a locked operation; else 0
   */
  record Done(long value) implements Reply {}

  /** The process gets a signal; nothing was stored. */
  record Signalled(Signal signal) implements Reply {}
}
