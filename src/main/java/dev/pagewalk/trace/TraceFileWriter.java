package dev.pagewalk.trace;

import java.io.IOException;
import java.util.List;

/** A trace that becomes a file when it is finished, and leaves nothing behind if it is not. */
final class TraceFileWriter implements TraceWriter {
  private final AtomicOutput file;
  private final TraceWriter writer;
  private boolean finished;

  TraceFileWriter(AtomicOutput file, TraceWriter writer) {
    this.file = file;
    this.writer = writer;
  }

  @Override
  public void write(AccessBatch batch) throws IOException {
    writer.write(batch);
  }

  @Override
  public void finish() throws IOException {
    writer.finish();
    writer.close();
    file.commit();
    finished = true;
  }

  @Override
  public List<String> losses() {
    return writer.losses();
  }

  @Override
  public void close() throws IOException {
    if (!finished) {
      try {
        writer.close();
      } finally {
        file.discard();
      }
    }
  }
}
