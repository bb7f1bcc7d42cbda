package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The bytes of a Pagewalk trace are those that docs/traces.md says, put together here by hand. */
final class PwtLayoutTest {
  private final ByteBuffer file = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
  private long block;

  @Test
  void aFilePutTogetherByHandIsRead() throws IOException {
    header();
    block(2, 0, 2, payload -> payload.putInt(0).putLong(4711).putInt(1).putLong(-1));
    block(
        1,
        3,
        4,
        payload -> {
          // A fetch of 3 bytes by process 0, slot 0, no difference; a write of 8 by process 1 in
          // slot 7, eight bytes; the same with one.
          payload.putInt(2 | (2 << 2)).put((byte) 0).put((byte) 0);
          payload.putInt(1 | (7 << 2) | (1 << 14)).put((byte) 7).put((byte) 8);
          payload.putInt(1 | (7 << 2) | (1 << 14)).put((byte) 7).put((byte) 1);
          payload.put((byte) 0).put((byte) 1).put((byte) 0).put((byte) 2);
          // 0x7fff00001000 from 0; -8 from the end of that.
          payload.putLong(2 * 0x7fff_0000_1000L).put((byte) 15);
        });
    block(3, 0, 0, payload -> payload.putLong(4).putLong(2));
    TraceReader reader = Accesses.reader(bytes(), null, false);
    assertEquals(
        List.of("F 0 3 0", "W 7fff00001000 8 1", "F 3 3 0", "W 7fff00001000 8 1"),
        Accesses.of(reader));
    assertEquals(4711, reader.processId(0));
    assertEquals(-1, reader.processId(1));
  }

  @Test
  void aTraceIsWrittenSo() throws IOException {
    AccessBatch batch = new AccessBatch();
    batch.add(0x1000, AccessBatch.what(AccessBatch.FETCH, 3, 0));
    batch.add(0x1003, AccessBatch.what(AccessBatch.FETCH, 3, 0));
    header();
    block(2, 0, 1, payload -> payload.putInt(0).putLong(1000));
    block(
        1,
        2,
        2,
        payload -> {
          payload.putInt(2 | (2 << 2)).put((byte) 0).put((byte) 2);
          payload.putInt(2 | (2 << 2)).put((byte) 0).put((byte) 0);
          payload.put((byte) 0).put((byte) 1).putShort((short) 0x2000);
        });
    block(3, 0, 0, payload -> payload.putLong(2).putLong(1));
    byte[] written = Accesses.written(Accesses.reader(List.of(batch)), TraceFormat.PWT);
    assertArrayEquals(bytes(), written);
  }

  private void header() {
    file.put(new byte[] {(byte) 0x89, 'P', 'W', 'T', '\r', '\n', 0x1a, '\n'});
    file.putShort((short) 1).putShort((short) 0);
    CRC32C crc = new CRC32C();
    crc.update(file.array(), 0, 12);
    file.putInt((int) crc.getValue());
  }

  private void block(int type, int entries, int records, Consumer<ByteBuffer> of) {
    ByteBuffer payload = ByteBuffer.allocate(500).order(ByteOrder.LITTLE_ENDIAN);
    of.accept(payload);
    int start = file.position();
    file.put((byte) type).put((byte) 0).putShort((short) entries).putInt(records);
    file.putInt(payload.position());
    CRC32C crc = new CRC32C();
    ByteBuffer number = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(block++);
    crc.update(number.array());
    crc.update(file.array(), start, 12);
    crc.update(payload.array(), 0, payload.position());
    file.putInt((int) crc.getValue());
    file.put(payload.array(), 0, payload.position());
  }

  private byte[] bytes() {
    return Arrays.copyOf(file.array(), file.position());
  }
}
