package dev.pagewalk.trace;

import dev.pagewalk.arch.InputException;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The expanded bytes of a trace, and how far its file has been read. */
final class TraceInput implements Closeable {
  /** Bytes at the beginning by which a format is recognised. */
  static final int HEAD_BYTES = 1 << 16;

  private final String name;
  private final Counted source;
  private final PushbackInputStream expanded;

  /** Bytes of the file, compressed if it is; 0 if nobody knows. */
  private final long fileBytes;

  private TraceInput(String name, InputStream raw, long fileBytes) throws IOException {
    this.name = name;
    this.source = new Counted(raw);
    this.fileBytes = fileBytes;
    this.expanded = new PushbackInputStream(Compression.expand(source, name), HEAD_BYTES);
  }

  /**
   * Opens a file.
   *
   * @throws InputException if the system does not let us
   */
  static TraceInput file(String name) throws IOException {
    Path path = Path.of(name);
    if (Files.isDirectory(path)) {
      throw new InputException(name, "", "expected a trace; found a directory");
    }
    InputStream raw;
    long bytes;
    try {
      raw = Files.newInputStream(path);
      bytes = Files.isRegularFile(path) ? Files.size(path) : 0;
    } catch (IOException e) {
      throw InputException.of(name, e);
    }
    try {
      return new TraceInput(name, raw, bytes);
    } catch (IOException e) {
      raw.close();
      throw e;
    }
  }

  /** Reads from a stream. */
  static TraceInput stream(String name, InputStream stream) throws IOException {
    return new TraceInput(name, stream, 0);
  }

  /** The name that messages use. */
  String name() {
    return name;
  }

  /** The expanded bytes. */
  InputStream bytes() {
    return expanded;
  }

  /** The first expanded bytes, which stay to be read. */
  byte[] head() throws IOException {
    byte[] head = expanded.readNBytes(HEAD_BYTES);
    expanded.unread(head);
    return head;
  }

  /** How much of the file has been read, from 0 to 1; negative if nobody knows. */
  double progress() {
    return fileBytes == 0 ? -1 : Math.min(1, (double) source.count / fileBytes);
  }

  @Override
  public void close() throws IOException {
    expanded.close();
  }

  /** Counts what is read. */
  private static final class Counted extends FilterInputStream {
    private long count;

    Counted(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      int value = in.read();
      count += value < 0 ? 0 : 1;
      return value;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = in.read(bytes, from, length);
      count += Math.max(0, read);
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      long skipped = in.skip(bytes);
      count += skipped;
      return skipped;
    }
  }
}
