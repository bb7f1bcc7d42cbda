package dev.pagewalk.trace;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Accesses of a trace as values, for tests. */
final class Accesses {
  private static final String KINDS = "RWFM";

  private Accesses() {}

  /** All accesses of {@code reader}, which is closed, as {@code F 401000 3 0}. */
  static List<String> of(TraceReader reader) throws IOException {
    List<String> all = new ArrayList<>();
    try (reader) {
      AccessBatch batch = new AccessBatch();
      while (reader.read(batch)) {
        for (int i = 0; i < batch.size; i++) {
          all.add(text(batch, i));
        }
      }
    }
    return all;
  }

  /** One access: kind, address in hexadecimal, bytes, process. */
  static String text(AccessBatch batch, int i) {
    int what = batch.what[i];
    return KINDS.charAt(AccessBatch.kind(what))
        + " "
        + Long.toHexString(batch.address[i])
        + " "
        + AccessBatch.bytes(what)
        + " "
        + AccessBatch.process(what);
  }

  /** A reader of {@code bytes} in {@code format}, recognised if that is null. */
  static TraceReader reader(byte[] bytes, TraceFormat format, boolean skipMalformed)
      throws IOException {
    var options = new TraceOptions(format, skipMalformed, new ByteArrayInputStream(bytes));
    return TraceFiles.open("-", options);
  }

  /** A reader of text in {@code format}. */
  static TraceReader reader(String text, TraceFormat format) throws IOException {
    return reader(text.getBytes(StandardCharsets.UTF_8), format, false);
  }

  /** All of {@code reader} in {@code format}. */
  static byte[] written(TraceReader reader, TraceFormat format) throws IOException {
    var out = new ByteArrayOutputStream();
    try (reader;
        TraceWriter writer = TraceFiles.writer(format, out, reader::processId)) {
      AccessBatch batch = new AccessBatch();
      while (reader.read(batch)) {
        writer.write(batch);
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  /** A reader of these batches. */
  static TraceReader reader(List<AccessBatch> batches) {
    var rest = batches.iterator();
    return new TraceReader() {
      @Override
      public boolean read(AccessBatch batch) {
        batch.size = 0;
        if (!rest.hasNext()) {
          return false;
        }
        AccessBatch next = rest.next();
        for (int i = 0; i < next.size; i++) {
          batch.add(next.address[i], next.what[i]);
        }
        return true;
      }

      @Override
      public long processId(int process) {
        return 1000L + process;
      }

      @Override
      public void close() {}
    };
  }
}
