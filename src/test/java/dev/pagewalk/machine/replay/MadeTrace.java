package dev.pagewalk.machine.replay;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;

/** A trace that a function makes, access by access. */
final class MadeTrace implements TraceReader {
  private final long count;
  private final Access access;
  private long done;

  /** Appends the access of a number, from 0, to a batch. */
  @FunctionalInterface
  interface Access {
    void add(AccessBatch batch, long number);
  }

  MadeTrace(long count, Access access) {
    this.count = count;
    this.access = access;
  }

  /** Reads of one process, of 8 bytes at the starts of pages. */
  static MadeTrace ofPages(long... pages) {
    return new MadeTrace(pages.length, (batch, i) -> batch.add(pages[(int) i] << 12, read(0)));
  }

  /** A read of 8 bytes. */
  static int read(int process) {
    return AccessBatch.what(AccessBatch.READ, 8, process);
  }

  /** A write of 8 bytes. */
  static int write(int process) {
    return AccessBatch.what(AccessBatch.WRITE, 8, process);
  }

  @Override
  public boolean read(AccessBatch batch) {
    batch.size = 0;
    while (done < count && !batch.isFull()) {
      access.add(batch, done++);
    }
    return batch.size > 0;
  }

  @Override
  public void close() {
    // Nothing is open.
  }
}
