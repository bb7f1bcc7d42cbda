package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is written is read again; a format that cannot tell something says so. */
final class WritersTest {
  @Test
  void csvLosesNothing() throws IOException {
    for (long seed = 0; seed < 10; seed++) {
      List<AccessBatch> batches = List.of(random(seed, 4, 300), random(-seed - 1, 4, 300));
      byte[] csv = Accesses.written(Accesses.reader(batches), TraceFormat.CSV);
      // The numbers of processes are those of their first appearance, which is kept.
      TraceReader again = Accesses.reader(csv, null, false);
      assertEquals(renumbered(Accesses.of(Accesses.reader(batches))), Accesses.of(again));
    }
  }

  @Test
  void lackeyLosesNothingOfOneProcess() throws IOException {
    for (long seed = 0; seed < 10; seed++) {
      List<AccessBatch> batches = List.of(random(seed, 4, 1));
      byte[] lackey = Accesses.written(Accesses.reader(batches), TraceFormat.LACKEY);
      assertEquals(
          Accesses.of(Accesses.reader(batches)), Accesses.of(Accesses.reader(lackey, null, false)));
    }
  }

  @Test
  void dinLosesNothingOfReadsWritesAndFetchesOfWords() throws IOException {
    AccessBatch batch = random(5, 3, 1);
    for (int i = 0; i < batch.size; i++) {
      int size = 4 - (int) (batch.address[i] & 3);
      batch.what[i] = AccessBatch.what(AccessBatch.kind(batch.what[i]), size, 0);
    }
    byte[] din = Accesses.written(Accesses.reader(List.of(batch)), TraceFormat.DIN);
    assertEquals(
        Accesses.of(Accesses.reader(List.of(batch))),
        Accesses.of(Accesses.reader(din, null, false)));
  }

  @Test
  void eachFormatIsWrittenAsItsToolWould() throws IOException {
    AccessBatch batch = new AccessBatch();
    batch.add(0x401080, AccessBatch.what(AccessBatch.FETCH, 3, 0));
    batch.add(-8, AccessBatch.what(AccessBatch.READ, 8, 0));
    batch.add(0, AccessBatch.what(AccessBatch.WRITE, 4096, 1));
    batch.add(0x123456789abL, AccessBatch.what(AccessBatch.MODIFY, 1, 1));
    assertEquals(
        """
        pid,op,address,size
        1000,f,0x401080,3
        1000,r,0xfffffffffffffff8,8
        1001,w,0x0,4096
        1001,m,0x123456789ab,1
        """,
        text(batch, TraceFormat.CSV));
    assertEquals(
        """
        I  00401080,3
         L fffffffffffffff8,8
         S 00000000,4096
         M 123456789ab,1
        """,
        text(batch, TraceFormat.LACKEY));
    assertEquals(
        """
        2 401080
        0 fffffffffffffff8
        1 0
        0 123456789ab
        1 123456789ab
        """,
        text(batch, TraceFormat.DIN));
  }

  @Test
  void lossesAreTold() throws IOException {
    AccessBatch batch = new AccessBatch();
    batch.add(0x1000, AccessBatch.what(AccessBatch.READ, 4, 0));
    assertEquals(List.of(), losses(batch, TraceFormat.DIN));
    assertEquals(List.of(), losses(batch, TraceFormat.LACKEY));
    batch.add(0x1000, AccessBatch.what(AccessBatch.MODIFY, 8, 1));
    assertEquals(
        List.of(
            "the sizes of accesses",
            "that a read and a write are of one instruction",
            "which process an access is of"),
        losses(batch, TraceFormat.DIN));
    assertEquals(List.of("which process an access is of"), losses(batch, TraceFormat.LACKEY));
    assertEquals(List.of(), losses(batch, TraceFormat.CSV));
    assertEquals(List.of(), losses(batch, TraceFormat.PWT));
  }

  @Test
  void formatsThatAreOnlyReadAreRefused() {
    var e = assertThrows(InputException.class, () -> text(new AccessBatch(), TraceFormat.CHAMPSIM));
    assertEquals(
        "expected a format that is written: pwt, csv, lackey or din; found champsim",
        e.getMessage());
  }

  private static List<String> losses(AccessBatch batch, TraceFormat format) throws IOException {
    try (TraceWriter writer = TraceFiles.writer(format, new ByteArrayOutputStream(), i -> i)) {
      writer.write(batch);
      return writer.losses();
    }
  }

  private static String text(AccessBatch batch, TraceFormat format) throws IOException {
    byte[] bytes = Accesses.written(Accesses.reader(List.of(batch)), format);
    return new String(bytes, StandardCharsets.US_ASCII);
  }

  private static AccessBatch random(long seed, int kinds, int processes) {
    Random random = new Random(seed);
    AccessBatch batch = new AccessBatch();
    while (!batch.isFull()) {
      int kind = random.nextInt(kinds);
      int bytes = 1 + random.nextInt(AccessBatch.MOST_BYTES);
      long address = random.nextLong() >>> random.nextInt(64);
      batch.add(address, AccessBatch.what(kind, bytes, random.nextInt(processes)));
    }
    return batch;
  }

  private static List<String> renumbered(List<String> accesses) {
    List<String> order = new ArrayList<>();
    List<String> all = new ArrayList<>();
    for (String access : accesses) {
      int space = access.lastIndexOf(' ');
      String process = access.substring(space + 1);
      if (!order.contains(process)) {
        order.add(process);
      }
      all.add(access.substring(0, space + 1) + order.indexOf(process));
    }
    return all;
  }
}
