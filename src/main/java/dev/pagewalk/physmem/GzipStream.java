package dev.pagewalk.physmem;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * What a gzipped file expands to, all of its members one after another, checked to the last byte:
 * {@code java.util.zip.GZIPInputStream} would pass over what follows the last member, and over a
 * damaged header of a later one, and knows no offsets.
 *
 * <p>Source: RFC 1952, "Member header and trailer". Bytes are handed out before the checksum behind
 * them is known: only a reader that sees the end of the stream has seen a sound file. A damaged
 * file is refused with an {@link InputException} that names the offset in the compressed file, and
 * every later read is refused again. Not for use by several threads.
 */
public final class GzipStream extends InputStream {
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
  private static final long LOW_32 = 0xffff_ffffL;

  private final InputStream source;
  private final String file;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] single = new byte[1];

  /** What is taken from the source and not used yet; the inflater moves its position. */
  private final ByteBuffer input =
      ByteBuffer.allocate(CHUNK).order(ByteOrder.LITTLE_ENDIAN).limit(0);

  /** How many bytes are taken from the source. */
  private long taken;

  private boolean inMember;

  /** Why nothing more can be read, if that is so. */
  private IOException refused;

  /**
   * Expands {@code source}, which needs no buffer of its own and is closed with this stream.
   *
   * @param source the compressed bytes, from the first one of the file
   * @param file the file's name as the user gave it, for refusals
   */
  public GzipStream(InputStream source, String file) {
    this.source = source;
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
  }

  /**
   * Reads expanded bytes.
   *
   * @return how many, at least one unless {@code length} is 0; -1 at the end of a sound file
   * @throws InputException if the file is damaged, cut off or followed by anything else
   */
  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    Objects.checkFromIndexSize(from, length, bytes.length);
    if (refused != null) {
      throw refused;
    }
    try {
      return length == 0 ? 0 : expand(bytes, from, length);
    } catch (IOException e) {
      refused = e;
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    refused = new IOException("the stream is closed");
    inflater.end();
    source.close();
  }

  private int expand(byte[] bytes, int from, int length) throws IOException {
    while (inMember || startMember()) {
      int count = inflate(bytes, from, length);
      if (count > 0) {
        crc.update(bytes, from, count);
        return count;
      }
      // Asked only now: an inflater without input may still have had output.
      if (inflater.finished()) {
        checkTrailer();
        inMember = false;
      } else {
        need(1, "more compressed data");
      }
    }
    return -1;
  }

  private int inflate(byte[] bytes, int from, int length) throws InputException {
    try {
      return inflater.inflate(bytes, from, length);
    } catch (DataFormatException e) {
      throw refusal(at(), "compressed data", "corrupt data: " + e.getMessage());
    }
  }

  /** Reads a member's header; false at the end of the file. */
  private boolean startMember() throws IOException {
    if (taken > 0 && !has(1)) {
      return false;
    }
    skipHeader();
    inflater.reset();
    inflater.setInput(input);
    crc.reset();
    inMember = true;
    return true;
  }

  private void skipHeader() throws IOException {
    if (!has(2) || u16(0) != MAGIC) {
      String expected = at() == 0 ? "a gzip member" : "the end of the file or another gzip member";
      throw refusal(at(), expected, "other data");
    }
    need(HEADER_BYTES, "a gzip header of 10 bytes");
    int method = input.get(input.position() + 2) & 0xff;
    if (method != DEFLATE) {
      throw refusal(at() + 2, "8 (deflate)", Integer.toString(method));
    }
    int flags = input.get(input.position() + 3) & 0xff;
    if ((flags & RESERVED) != 0) {
      throw refusal(at() + 3, "flags below 0x20", "0x%x".formatted(flags));
    }
    skip(HEADER_BYTES);
    if ((flags & FEXTRA) != 0) {
      skipExtraFields();
    }
    skipText(flags & FNAME);
    skipText(flags & FCOMMENT);
    if ((flags & FHCRC) != 0) {
      need(2, "a checksum of the header");
      skip(2);
    }
  }

  private void skipExtraFields() throws IOException {
    long start = at();
    need(2, "a length of extra fields");
    int extra = 2 + u16(0);
    int left = extra;
    while (left > 0) {
      if (!has(1)) {
        throw truncated(start, "extra fields of %d bytes".formatted(extra));
      }
      int step = Math.min(left, input.remaining());
      skip(step);
      left -= step;
    }
  }

  private void skipText(int present) throws IOException {
    if (present != 0) {
      long start = at();
      do {
        if (!has(1)) {
          throw truncated(start, "a text that ends with a zero byte");
        }
      } while (input.get() != 0);
    }
  }

  private void checkTrailer() throws IOException {
    need(TRAILER_BYTES, "a gzip trailer of 8 bytes");
    if (u32(0) != crc.getValue()) {
      throw refusal(at(), "CRC-32 0x%08x".formatted(crc.getValue()), "0x%08x".formatted(u32(0)));
    }
    long length = inflater.getBytesWritten() & LOW_32;
    if (u32(4) != length) {
      throw refusal(at() + 4, "the length 0x%x".formatted(length), "0x%x".formatted(u32(4)));
    }
    skip(TRAILER_BYTES);
  }

  /** Where in the compressed file the next byte is. */
  private long at() {
    return taken - input.remaining();
  }

  private int u16(int ahead) {
    return input.getShort(input.position() + ahead) & 0xffff;
  }

  private long u32(int ahead) {
    return input.getInt(input.position() + ahead) & LOW_32;
  }

  private void skip(int bytes) {
    input.position(input.position() + bytes);
  }

  private void need(int bytes, String what) throws IOException {
    if (!has(bytes)) {
      throw truncated(at(), what);
    }
  }

  /** Whether {@code bytes} more bytes follow; if so, they are in the buffer. */
  private boolean has(int bytes) throws IOException {
    while (input.remaining() < bytes) {
      input.compact();
      int count = source.read(input.array(), input.position(), input.remaining());
      input.position(input.position() + Math.max(0, count)).flip();
      if (count < 0) {
        return false;
      }
      taken += count;
    }
    return true;
  }

  /** A refusal of a file that has ended before {@code expected} did. */
  private InputException truncated(long offset, String expected) {
    return refusal(offset, expected, "the end of the file at 0x%x".formatted(taken));
  }

  private InputException refusal(long offset, String expected, String found) {
    return new InputException(
        file, "offset 0x%x".formatted(offset), "expected " + expected + ", found " + found);
  }
}
