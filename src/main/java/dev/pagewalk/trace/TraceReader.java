package dev.pagewalk.trace;

import java.io.Closeable;
import java.io.IOException;

/** A trace that is read, or generated, from its first access to its last. */
public interface TraceReader extends Closeable {
  /**
   * Replaces the contents of {@code batch} by the next accesses, as many as fit.
   *
   * @return whether there were any; if not, the trace has ended
   * @throws TraceException if the trace is malformed: where, and what was expected
   * @throws IOException if it cannot be read
   */
  boolean read(AccessBatch batch) throws IOException;

  /**
   * The id that a process had in the system that was traced; by default its number.
   *
   * @param process as in {@link AccessBatch#process}
   */
  default long processId(int process) {
    return process;
  }

  /** The format that is read; null if the trace is generated. */
  default TraceFormat format() {
    return null;
  }

  /** Malformed lines or records that were passed over so far; 0 unless that was asked for. */
  default long skipped() {
    return 0;
  }

  /** How much of the trace has been read, from 0 to 1; negative if nobody knows. */
  default double progress() {
    return -1;
  }
}
