package dev.pagewalk.trace;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;

/**
 * A trace that is written, from its first access to its last. What is closed without having been
 * finished leaves nothing behind, where it was to be a file.
 */
public interface TraceWriter extends Closeable {
  /**
   * Appends all accesses of {@code batch}.
   *
   * @throws IOException if they cannot be written
   */
  void write(AccessBatch batch) throws IOException;

  /**
   * Completes the trace; nothing may be written after it.
   *
   * @throws IOException if it cannot be
   */
  void finish() throws IOException;

  /** What the format could not tell of the accesses written so far, in words; empty if nothing. */
  default List<String> losses() {
    return List.of();
  }
}
