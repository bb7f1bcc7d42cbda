package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Expands a gzipped file into a mapped temporary file, checking all of it: {@code GZIPInputStream}
 * would pass over what follows the last member, and knows no offsets.
 *
 * <p>Source: RFC 1952, "Member header and trailer". Runs of zeroes become holes of the temporary
 * file, so that a gzipped sparse image takes no more room than it had.
 */
final class GzipFile {
  private static final int CHUNK = 1 << 16;
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int DEFLATE = 8;
  private static final int FHCRC = 1 << 1;
  private static final int FEXTRA = 1 << 2;
  private static final int FNAME = 1 << 3;
  private static final int FCOMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;
  private static final int MAGIC = 0x8b1f;
  private static final byte[] ZEROES = new byte[CHUNK];

  private final ImageFile file;
  private final FileChannel out;
  private final ByteBuffer chunk = ByteBuffer.allocate(CHUNK);

  /** Where the next byte is read. */
  private long at;

  private long written;

  private GzipFile(ImageFile file, FileChannel out) {
    this.file = file;
    this.out = out;
  }

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
            StandardOpenOption.DELETE_ON_CLOSE)) {
      // DELETE_ON_CLOSE unlinks the file at once where the system lets it, even if we crash.
      GzipFile gzip = new GzipFile(file, out);
      do {
        gzip.expandMember();
      } while (gzip.at < file.size());
      return out.map(MapMode.READ_ONLY, 0, gzip.finish(), arena);
    }
  }

  private void expandMember() throws IOException {
    skipHeader();
    CRC32 crc = new CRC32();
    Inflater inflater = new Inflater(true);
    try {
      long start = written;
      while (!inflater.finished()) {
        inflate(inflater, crc);
      }
      checkTrailer(crc.getValue(), (written - start) & 0xffff_ffffL);
    } finally {
      inflater.end();
    }
  }

  private void inflate(Inflater inflater, CRC32 crc) throws IOException {
    if (inflater.needsInput()) {
      long bytes = Math.min(CHUNK, file.size() - at);
      if (bytes == 0) {
        throw file.truncated(at, "more compressed data");
      }
      inflater.setInput(file.bytes().asSlice(at, bytes).asByteBuffer());
    }
    chunk.clear();
    int before = inflater.getRemaining();
    try {
      inflater.inflate(chunk);
    } catch (DataFormatException e) {
      at += before - inflater.getRemaining();
      throw file.refusal(at, "compressed data", "corrupt data: " + e.getMessage());
    }
    at += before - inflater.getRemaining();
    chunk.flip();
    crc.update(chunk.array(), 0, chunk.limit());
    write();
  }

  private void write() throws IOException {
    boolean zero = Arrays.equals(chunk.array(), 0, chunk.limit(), ZEROES, 0, chunk.limit());
    long from = written;
    written += chunk.limit();
    if (!zero) {
      while (chunk.hasRemaining()) {
        out.write(chunk, from + chunk.position());
      }
    }
  }

  /** Gives the temporary file its full length, which holes at its end do not; its length. */
  private long finish() throws IOException {
    if (out.size() < written) {
      out.write(ByteBuffer.allocate(1), written - 1);
    }
    return written;
  }

  private void skipHeader() throws InputException {
    if (!file.has(at, 2) || file.u16(at) != MAGIC) {
      throw file.refusal(at, "the end of the file or another gzip member", "other data");
    }
    need(HEADER_BYTES, "a gzip header of 10 bytes");
    if (file.u8(at + 2) != DEFLATE) {
      throw file.refusal(at + 2, "8 (deflate)", Integer.toString(file.u8(at + 2)));
    }
    int flags = file.u8(at + 3);
    if ((flags & RESERVED) != 0) {
      throw file.refusal(at + 3, "flags below 0x20", "0x%x".formatted(flags));
    }
    at += HEADER_BYTES;
    if ((flags & FEXTRA) != 0) {
      need(2, "a length of extra fields");
      int extra = 2 + file.u16(at);
      need(extra, "extra fields of %d bytes".formatted(extra));
      at += extra;
    }
    skipText(flags & FNAME);
    skipText(flags & FCOMMENT);
    if ((flags & FHCRC) != 0) {
      need(2, "a checksum of the header");
      at += 2;
    }
  }

  private void skipText(int present) throws InputException {
    if (present != 0) {
      long start = at;
      do {
        if (at == file.size()) {
          throw file.truncated(start, "a text that ends with a zero byte");
        }
      } while (file.u8(at++) != 0);
    }
  }

  private void checkTrailer(long crc, long length) throws InputException {
    need(TRAILER_BYTES, "a gzip trailer of 8 bytes");
    if (file.u32(at) != crc) {
      throw file.refusal(at, "CRC-32 0x%08x".formatted(crc), "0x%08x".formatted(file.u32(at)));
    }
    if (file.u32(at + 4) != length) {
      throw file.refusal(
          at + 4, "the length 0x%x".formatted(length), "0x%x".formatted(file.u32(at + 4)));
    }
    at += TRAILER_BYTES;
  }

  private void need(int bytes, String what) throws InputException {
    if (!file.has(at, bytes)) {
      throw file.truncated(at, what);
    }
  }
}
