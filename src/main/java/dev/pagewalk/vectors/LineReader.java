package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.physmem.GzipStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.LongConsumer;

/**
 * The lines of a text file, gzipped or not, one at a time as bytes in a buffer that is reused.
 *
 * <p>Memory does not grow with the file, only with its longest line, which may have 16 MiB.
 */
final class LineReader implements AutoCloseable {
  private static final int LONGEST_LINE = 1 << 24;

  private final String file;
  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;
  private int length;
  private long line;
  private boolean ended;

  /** Opens {@code path}; a gzipped file is recognised by its first bytes. */
  LineReader(Path path) throws InputException {
    this(path, bytes -> {});
  }

  /** The same, and tells {@code progress} how many bytes of the file it takes. */
  LineReader(Path path, LongConsumer progress) throws InputException {
    file = path.toString();
    try {
      in = open(path, progress);
    } catch (IOException e) {
      throw InputException.of(file, e);
    }
  }

  /** The lines of what {@code in} gives, plain text, under the name {@code file}. */
  LineReader(String file, InputStream in) {
    this.file = file;
    this.in = in;
  }

  private static InputStream open(Path path, LongConsumer progress) throws IOException {
    InputStream opened = Files.newInputStream(path);
    try {
      PushbackInputStream raw = new PushbackInputStream(new CountedInput(opened, progress), 2);
      byte[] magic = new byte[2];
      int count = raw.readNBytes(magic, 0, 2);
      raw.unread(magic, 0, count);
      boolean gzipped = count == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
      return gzipped ? new GzipStream(raw, path.toString()) : raw;
    } catch (IOException | RuntimeException e) {
      try (opened) {
        throw e;
      }
    }
  }

  /** The file's name as it was given. */
  String file() {
    return file;
  }

  /** Moves to the next line that is not empty; false at the end of the file. */
  boolean next() throws InputException {
    do {
      from += length;
      if (!findLine()) {
        return false;
      }
      line++;
    } while (isBlank());
    return true;
  }

  /** Whether there is more in the buffer behind this line, a part of a line at least. */
  boolean hasNext() {
    return from + length < to;
  }

  /** Number of the line, from 1. */
  long line() {
    return line;
  }

  /** Bytes of the line, with its end. */
  int length() {
    return length;
  }

  /** Whether the line begins with {@code bytes}. */
  boolean startsWith(byte[] bytes) {
    return length >= bytes.length
        && Arrays.equals(buffer, from, from + bytes.length, bytes, 0, bytes.length);
  }

  /** The line as text, without its end. */
  String text() {
    return new String(buffer, from, length, StandardCharsets.UTF_8).stripTrailing();
  }

  /** A cursor over the line, valid until {@link #next}. */
  Cursor cursor() {
    return new Cursor(new Cursor.Line(file, line, buffer, from, length));
  }

  @Override
  public void close() throws InputException {
    try {
      in.close();
    } catch (IOException e) {
      throw InputException.of(file, e);
    }
  }

  /** Puts the bytes of the next line, with its end, at {@code from}. */
  private boolean findLine() throws InputException {
    int scanned = from;
    while (true) {
      for (int i = scanned; i < to; i++) {
        if (buffer[i] == '\n') {
          length = i + 1 - from;
          return true;
        }
      }
      scanned = to;
      if (ended) {
        length = to - from;
        return length > 0;
      }
      scanned -= makeRoom();
      fill();
    }
  }

  /** Moves the unfinished line to the front, or makes the buffer larger; returns the shift. */
  private int makeRoom() throws InputException {
    int shift = from;
    if (shift > 0) {
      System.arraycopy(buffer, from, buffer, 0, to - from);
      to -= shift;
      from = 0;
    } else if (to == buffer.length) {
      if (to >= LONGEST_LINE) {
        throw new InputException(
            file, "line " + (line + 1), "expected a line of at most 16 MiB, found a longer one");
      }
      buffer = Arrays.copyOf(buffer, to * 2);
    }
    return shift;
  }

  private void fill() throws InputException {
    try {
      int count = in.read(buffer, to, buffer.length - to);
      if (count < 0) {
        ended = true;
      } else {
        to += count;
      }
    } catch (IOException e) {
      throw InputException.of(file, e);
    }
  }

  private boolean isBlank() {
    for (int i = from; i < from + length; i++) {
      if (buffer[i] != '\n' && buffer[i] != '\r' && buffer[i] != ' ') {
        return false;
      }
    }
    return true;
  }

  /** Tells how many bytes are taken from a stream. */
  private static final class CountedInput extends FilterInputStream {
    private final LongConsumer progress;

    CountedInput(InputStream in, LongConsumer progress) {
      super(in);
      this.progress = progress;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int count = super.read(bytes, from, length);
      progress.accept(Math.max(0, count));
      return count;
    }
  }
}
