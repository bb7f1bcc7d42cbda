package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A Pagewalk trace gives back what was written, whatever it was. */
final class PwtRoundTripTest {
  @Test
  void anyAccessesComeBack() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      List<AccessBatch> batches = batches(seed);
      byte[] bytes = Accesses.written(Accesses.reader(batches), TraceFormat.PWT);
      List<String> expected = Accesses.of(Accesses.reader(batches));
      TraceReader reader = Accesses.reader(bytes, null, false);
      assertEquals(expected, Accesses.of(reader), "seed " + seed);
      for (int process = 0; process < 5; process++) {
        if (expected.stream().anyMatch(access -> access.endsWith(" 4"))) {
          assertEquals(1000 + process, reader.processId(process));
        }
      }
    }
  }

  @Test
  void anEmptyTraceComesBack() throws IOException {
    byte[] bytes = Accesses.written(Accesses.reader(List.of()), TraceFormat.PWT);
    assertEquals(List.of(), Accesses.of(Accesses.reader(bytes, null, false)));
  }

  @Test
  void theLastProcessAndTheLongestAccessComeBack() throws IOException {
    AccessBatch batch = new AccessBatch();
    batch.add(-1, AccessBatch.what(AccessBatch.MODIFY, 4096, AccessBatch.LAST_PROCESS));
    batch.add(Long.MIN_VALUE, AccessBatch.what(AccessBatch.FETCH, 15, 0));
    byte[] bytes = Accesses.written(Accesses.reader(List.of(batch)), TraceFormat.PWT);
    assertEquals(
        List.of("M ffffffffffffffff 4096 262143", "F 8000000000000000 15 0"),
        Accesses.of(Accesses.reader(bytes, null, false)));
  }

  /** Batches of which some are like a program's, and some like nothing. */
  private static List<AccessBatch> batches(long seed) {
    Random random = new Random(seed);
    List<AccessBatch> batches = new ArrayList<>();
    int kinds = 1 + random.nextInt(4);
    int sizes = seed % 3 == 0 ? 4096 : 16;
    int processes = 1 + random.nextInt(5);
    int bits = 1 + random.nextInt(64);
    for (int i = random.nextInt(5); i >= 0; i--) {
      AccessBatch batch = new AccessBatch();
      long near = random.nextLong();
      int size = random.nextBoolean() ? AccessBatch.CAPACITY : random.nextInt(AccessBatch.CAPACITY);
      while (batch.size < size) {
        long address = near + (random.nextLong() >> (64 - bits));
        int bytes = 1 + random.nextInt(sizes);
        batch.add(
            address, AccessBatch.what(random.nextInt(kinds), bytes, random.nextInt(processes)));
      }
      batches.add(batch);
    }
    return batches;
  }
}
