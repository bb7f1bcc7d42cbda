package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/**
 * Expands a gzipped file into a mapped temporary file, checking all of it.
 *
 * <p>Runs of zeroes become holes of the temporary file, so that a gzipped sparse image takes no
 * more room than it had.
 */
final class GzipFile {
  private static final int CHUNK = 1 << 16;
  private static final byte[] ZEROES = new byte[CHUNK];

  private GzipFile() {}

  /**
   * The expanded bytes of {@code file}, mapped into {@code arena}.
   *
   * @throws InputException if the file is damaged, cut off or followed by anything else
   * @throws IOException if the temporary file cannot be written
   */
  static MemorySegment expand(ImageFile file, Arena arena) throws IOException {
    Path temporary = Files.createTempFile("pagewalk-expanded-", ".image");
    try (FileChannel out =
            FileChannel.open(
                temporary,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
        InputStream in = new GzipStream(new MappedInput(file.bytes()), file.name())) {
      // DELETE_ON_CLOSE unlinks the file at once where the system lets it, even if we crash.
      return out.map(MapMode.READ_ONLY, 0, write(in, out), arena);
    }
  }

  /** Writes all of {@code in} but for the zeroes; its length. */
  private static long write(InputStream in, FileChannel out) throws IOException {
    byte[] chunk = new byte[CHUNK];
    long written = 0;
    int count = in.readNBytes(chunk, 0, CHUNK);
    while (count > 0) {
      if (!Arrays.equals(chunk, 0, count, ZEROES, 0, count)) {
        ByteBuffer bytes = ByteBuffer.wrap(chunk, 0, count);
        while (bytes.hasRemaining()) {
          out.write(bytes, written + bytes.position());
        }
      }
      written += count;
      count = in.readNBytes(chunk, 0, CHUNK);
    }
    if (out.size() < written) {
      // Holes at its end do not give the file its full length.
      out.write(ByteBuffer.allocate(1), written - 1);
    }
    return written;
  }

  /** The bytes of a mapped file. */
  private static final class MappedInput extends InputStream {
    private final MemorySegment bytes;
    private long at;

    MappedInput(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return at == bytes.byteSize() ? -1 : bytes.get(ValueLayout.JAVA_BYTE, at++) & 0xff;
    }

    @Override
    public int read(byte[] to, int from, int length) {
      int count = (int) Math.min(length, bytes.byteSize() - at);
      if (count == 0 && length > 0) {
        return -1;
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, at, to, from, count);
      at += count;
      return count;
    }
  }
}
