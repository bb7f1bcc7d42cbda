package dev.pagewalk.trace;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The JDK's gzip stream, made to see the end of its file: it would pass over whatever follows the
 * last member, and over a later member whose header is damaged. Several members are one text.
 *
 * <p>Source: RFC 1952, "File format": a file is a series of members.
 */
final class StrictGzip extends GZIPInputStream {
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int TRAILER_BYTES = 8;

  private final Counted source;

  /** What had been taken from the source when the inflater last got input. */
  private long takenAtFill;

  StrictGzip(InputStream source) throws IOException {
    this(new Counted(source));
  }

  private StrictGzip(Counted source) throws IOException {
    super(source, BUFFER_BYTES);
    this.source = source;
    takenAtFill = source.taken;
  }

  @Override
  protected void fill() throws IOException {
    super.fill();
    takenAtFill = source.taken;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    int read = super.read(bytes, from, length);
    if (read < 0) {
      // The inflater stopped before the trailer; some of what it left, and all that was taken
      // since,
      // is the trailer, and nothing else.
      long left = inf.getRemaining() + (source.taken - takenAtFill);
      if (left != TRAILER_BYTES || source.read() >= 0) {
        throw new ZipException("something else after the last member");
      }
    }
    return read;
  }

  /** Counts what is taken. */
  private static final class Counted extends FilterInputStream {
    private long taken;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      taken += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      taken += Math.max(0, read);
      return read;
    }
  }
}
