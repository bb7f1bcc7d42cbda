package dev.pagewalk.machine.curve;

import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceFormat;
import dev.pagewalk.trace.TraceOptions;
import dev.pagewalk.trace.TraceReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Traces written down in a test. */
final class Csv {
  private Csv() {}

  /** A trace in our CSV format. */
  static TraceReader open(String text) throws IOException {
    var bytes = new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    return TraceFiles.open("-", new TraceOptions(TraceFormat.CSV, false, bytes));
  }
}
