package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** The recording of a real program in test-vectors is read to its end. */
final class RecordingTest {
  private static final String RECORDING = "test-vectors/traces/wordcount.lackey.gz";

  @Test
  void theCountsAreThoseOfItsLines() throws IOException {
    var summary = new TraceSummary();
    double progress = 0;
    AccessBatch batch = new AccessBatch();
    try (TraceReader reader = TraceFiles.open(RECORDING)) {
      assertEquals(TraceFormat.LACKEY, reader.format());
      while (reader.read(batch)) {
        summary.add(batch);
        assertTrue(reader.progress() >= progress);
        progress = reader.progress();
      }
    }
    assertEquals(1, progress);
    // zgrep -c '^I  ', '^ L ', '^ S ', '^ M ' of the recording.
    assertEquals(570_177, summary.ofKind(AccessBatch.FETCH));
    assertEquals(168_191, summary.ofKind(AccessBatch.READ));
    assertEquals(57_962, summary.ofKind(AccessBatch.WRITE));
    assertEquals(2_545, summary.ofKind(AccessBatch.MODIFY));
  }

  @Test
  void itIsTheSameInOurOwnFormat() throws IOException {
    byte[] pwt = Accesses.written(TraceFiles.open(RECORDING), TraceFormat.PWT);
    assertEquals(
        Accesses.of(TraceFiles.open(RECORDING)), Accesses.of(Accesses.reader(pwt, null, false)));
    assertTrue(pwt.length < 2 * 798_875, "two bytes an access are enough: " + pwt.length);
  }
}
