package dev.pagewalk.trace;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * An expanded stream that tells in one line where its file is damaged: how many bytes could be
 * expanded, and what the library says. After that, every read is refused again.
 */
final class ExpandedInput extends FilterInputStream {
  private final String file;
  private final String compression;
  private long expanded;
  private TraceException refused;

  ExpandedInput(InputStream in, String file, String compression) {
    super(in);
    this.file = file;
    this.compression = compression;
  }

  /** A message about a damaged file of which nothing could be expanded. */
  static TraceException damaged(String file, String compression, IOException e) {
    return damaged(file, compression, 0, e);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    if (refused != null) {
      throw refused;
    }
    try {
      int read = in.read(bytes, from, length);
      expanded += Math.max(0, read);
      return read;
    } catch (IOException e) {
      refused = damaged(file, compression, expanded, e);
      throw refused;
    }
  }

  private static TraceException damaged(
      String file, String compression, long after, IOException e) {
    String found =
        e instanceof EOFException
            ? "the end of the file"
            : Quote.of(String.valueOf(e.getMessage()));
    return new TraceException(
        file,
        "byte " + after + " of what it expands to",
        "expected sound " + compression + " data; found " + found);
  }
}
