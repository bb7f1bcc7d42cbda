package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Traces of any length are read and written in constant memory, and so are lines of any length. */
final class LongTracesTest {
  private static final long MOST_BYTES = 4 << 20;

  @Test
  void readingAllocatesNothingForAnAccess() throws IOException {
    for (Sample sample :
        List.of(
            new Sample(TraceFormat.LACKEY, "I  0401ab70,3\n"),
            new Sample(TraceFormat.CSV, "4711,write,0x7ffd1000,8\n"),
            new Sample(TraceFormat.DIN, "2 401080\n"),
            new Sample(TraceFormat.DRMEMTRACE, "1 2: 3 read 8 byte(s) @ 0x7fdf by PC 0x40\n"),
            new Sample(TraceFormat.CHAMPSIM, "abcdefgh" + "\0".repeat(56)))) {
      long times = (64L << 20) / sample.text.length();
      var in = new Repeated(sample.text.getBytes(StandardCharsets.US_ASCII), times);
      long before = allocated();
      long count = 0;
      AccessBatch batch = new AccessBatch();
      try (TraceReader reader = TraceFiles.open("-", new TraceOptions(sample.format, false, in))) {
        while (reader.read(batch)) {
          count += batch.size;
        }
      }
      long used = allocated() - before;
      assertEquals(times, count);
      assertTrue(used < MOST_BYTES, sample.format + " allocated " + used);
    }
  }

  @Test
  void writingAllocatesNothingForAnAccess() throws IOException {
    for (TraceFormat format : TraceFormat.values()) {
      if (format.isWritten()) {
        long before = allocated();
        try (TraceReader reader = TraceFiles.open("mix:count=4M+uniform+loop:process=1,write=0.5");
            TraceWriter writer =
                TraceFiles.writer(format, OutputStream.nullOutputStream(), reader::processId)) {
          AccessBatch batch = new AccessBatch();
          while (reader.read(batch)) {
            writer.write(batch);
          }
          writer.finish();
        }
        long used = allocated() - before;
        assertTrue(used < MOST_BYTES, format + " allocated " + used);
      }
    }
  }

  @Test
  void aLineOfAnyLengthIsRefusedOrCounted() throws IOException {
    for (int length : new int[] {65_537, 262_144, 262_145, 50_000_000}) {
      String expected =
          "standard input: line 2: expected a line of at most 65536 bytes; found \""
              + "x".repeat(60)
              + "…\"";
      var refused = assertThrows(TraceException.class, () -> Accesses.of(reader(length, false)));
      assertEquals(expected, refused.getMessage());
      TraceReader reader = reader(length, true);
      assertEquals(List.of("R 1000 8 0", "W 2000 8 0"), Accesses.of(reader));
      assertEquals(1, reader.skipped());
    }

    var e = assertThrows(TraceException.class, () -> Accesses.of(reader(65_536, false)));
    assertTrue(e.getMessage().startsWith("standard input: line 2: expected \"I  \""));
  }

  /** A line of {@code length} characters between two accesses. */
  private static TraceReader reader(int length, boolean skip) throws IOException {
    InputStream in =
        new SequenceInputStream(
            Collections.enumeration(
                List.of(
                    new Repeated(" L 1000,8\n".getBytes(StandardCharsets.US_ASCII), 1),
                    new Repeated(new byte[] {'x'}, length),
                    new Repeated("\n S 2000,8\n".getBytes(StandardCharsets.US_ASCII), 1))));
    return TraceFiles.open("-", new TraceOptions(TraceFormat.LACKEY, skip, in));
  }

  private record Sample(TraceFormat format, String text) {}

  private static long allocated() {
    var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    return threads.getCurrentThreadAllocatedBytes();
  }

  /** The same bytes again and again. */
  private static final class Repeated extends InputStream {
    private final byte[] bytes;
    private long left;

    Repeated(byte[] bytes, long times) {
      this.bytes = bytes;
      left = bytes.length * times;
    }

    @Override
    public int read() {
      return left == 0 ? -1 : bytes[(int) (-left-- % bytes.length + bytes.length) % bytes.length];
    }

    @Override
    public int read(byte[] to, int from, int length) {
      if (left == 0) {
        return -1;
      }
      int at = (int) ((bytes.length - (left % bytes.length)) % bytes.length);
      int count = (int) Math.min(length, left);
      for (int done = 0; done < count; ) {
        int step = Math.min(count - done, bytes.length - at);
        System.arraycopy(bytes, at, to, from + done, step);
        done += step;
        at = 0;
      }
      left -= count;
      return count;
    }
  }
}
