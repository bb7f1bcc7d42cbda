package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A damaged Pagewalk trace is refused: whatever is missing, changed, added or moved. */
final class PwtDamageTest {
  private static final int HEADER = 16;
  private final byte[] sound = sound();

  @Test
  void aFileCutOffAnywhereIsRefused() {
    for (int length = 1; length < sound.length; length++) {
      String message = refusal(Arrays.copyOf(sound, length));
      assertTrue(message.endsWith("found the end of the file"), length + ": " + message);
    }
  }

  @Test
  void anyChangedBitIsFound() {
    for (int at = 0; at < sound.length; at++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] damaged = sound.clone();
        damaged[at] ^= (byte) (1 << bit);
        refusal(damaged);
      }
    }
  }

  @Test
  void anyBytesSetToZeroOrOnesAreFound() {
    for (int at = 0; at + 8 <= sound.length; at++) {
      for (byte value : new byte[] {0, -1}) {
        byte[] damaged = sound.clone();
        Arrays.fill(damaged, at, at + 8, value);
        if (!Arrays.equals(damaged, sound)) {
          refusal(damaged);
        }
      }
    }
  }

  @Test
  void whatFollowsTheEndIsRefused() {
    byte[] longer = Arrays.copyOf(sound, sound.length + 1);
    assertEquals(
        "standard input: byte "
            + sound.length
            + ": expected the end of the file after the end block; found more",
        refusal(longer));
  }

  @Test
  void blocksThatAreMissingOrTwiceThereOrMovedAreFound() {
    List<byte[]> blocks = blocks();
    assertEquals(5, blocks.size());
    for (int i = 0; i < blocks.size(); i++) {
      List<byte[]> without = new ArrayList<>(blocks);
      without.remove(i);
      refusal(join(without));
      List<byte[]> twice = new ArrayList<>(blocks);
      twice.add(i, blocks.get(i));
      refusal(join(twice));
      for (int j = 0; j < i; j++) {
        List<byte[]> moved = new ArrayList<>(blocks);
        moved.set(i, blocks.get(j));
        moved.set(j, blocks.get(i));
        refusal(join(moved));
      }
    }
  }

  @Test
  void aBlockWithASoundChecksumThatBreaksTheFormatIsRefused() {
    // The second block of accesses: of its payload, a byte of its dictionary or an entry's number.
    List<byte[]> blocks = blocks();
    byte[] block = blocks.get(3);
    int entries = Pwt.u16(block, 2);
    String dictionary = "expected a dictionary entry of block 3 that follows the format";
    String lengths = "expected as many bytes as the accesses of block 3 have";
    assertRefused(with(block, HEADER + 3, 0x7f), dictionary);
    assertRefused(with(block, HEADER + 4, 8), dictionary);
    assertRefused(with(block, HEADER + 4, 0xff), dictionary);
    assertRefused(with(block, HEADER + 5, 9), dictionary);
    assertRefused(with(block, HEADER + (entries * Pwt.ENTRY_BYTES), entries), lengths);
    assertRefused(with(block, HEADER + 5, 8), lengths);
  }

  @Test
  void malformedBlocksAreNotPassedOver() throws IOException {
    byte[] damaged = sound.clone();
    damaged[HEADER + HEADER + 5] ^= 1;
    TraceReader reader = Accesses.reader(damaged, null, true);
    assertThrows(TraceException.class, () -> Accesses.of(reader));
  }

  private void assertRefused(byte[] block, String expected) {
    CRC32C crc = new CRC32C();
    byte[] number = new byte[8];
    number[0] = 3;
    crc.update(number);
    crc.update(block, 0, 12);
    crc.update(block, HEADER, block.length - HEADER);
    Pwt.u32(block, 12, (int) crc.getValue());
    List<byte[]> blocks = blocks();
    int offset = HEADER + blocks.get(0).length + blocks.get(1).length + blocks.get(2).length;
    blocks.set(3, block);
    assertEquals("standard input: byte " + offset + ": " + expected, refusal(join(blocks)));
  }

  private static byte[] with(byte[] block, int at, int value) {
    byte[] changed = block.clone();
    changed[at] = (byte) value;
    return changed;
  }

  private static String refusal(byte[] bytes) {
    return assertThrows(
            TraceException.class, () -> Accesses.of(Accesses.reader(bytes, TraceFormat.PWT, false)))
        .getMessage();
  }

  /** Two processes, each introduced before a block of its accesses. */
  private static byte[] sound() {
    AccessBatch batch = new AccessBatch();
    for (int i = 0; i < 40; i++) {
      batch.add(0x1000 + (i * 3L), AccessBatch.what(AccessBatch.FETCH, 3, i / 20));
      batch.add(i * 0x1234_5678_9abcL, AccessBatch.what(i & 1, 8, i / 20));
    }
    try {
      return Accesses.written(Accesses.reader(List.of(batch)), TraceFormat.PWT);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private List<byte[]> blocks() {
    List<byte[]> blocks = new ArrayList<>();
    for (int at = HEADER; at < sound.length; ) {
      int end = at + HEADER + Pwt.u32(sound, at + 8);
      blocks.add(Arrays.copyOfRange(sound, at, end));
      at = end;
    }
    return blocks;
  }

  private byte[] join(List<byte[]> blocks) {
    var out = new ByteArrayOutputStream();
    out.write(sound, 0, HEADER);
    blocks.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
