package dev.pagewalk.kernel;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;

/**
 * A file of the host as the device of a file: what is written back lands there, to the byte.
 *
 * <p>The last page may be part of one; the file never gets bytes behind its size. A hole that
 * {@link #resize} makes takes no room where the host has sparse files. Nobody else should change
 * the file meanwhile: if it has become shorter, what is missing is an I/O error to read, and
 * nothing is written, so that no hole takes the place of what was lost. The thread that uses it
 * must not be interrupted, or the host closes the file, and every access is an I/O error then. One
 * thread at a time.
 *
 * <p>MODEL: what is discarded in the middle of a file is overwritten with zeroes; the JDK cannot
 * give the room back.
 */
public final class HostFileStore implements FileStore, AutoCloseable {
  private final FileChannel file;

  /** To ask how much room is left; null if nobody knows. */
  private final Path path;

  private final boolean writable;
  private final byte[] scratch = new byte[(int) PageTables.PAGE_BYTES];

  /** Size that the file has by what this was told. */
  private long size;

  /** A store over {@code file}, which becomes its own. */
  HostFileStore(FileChannel file, Path path, boolean writable) throws IOException {
    this.file = file;
    this.path = path;
    this.writable = writable;
    this.size = file.size();
  }

  /**
   * Opens a file, which exists.
   *
   * @param writable whether it may be written and its size changed
   * @throws InputException if it cannot be opened like that
   */
  public static HostFileStore open(Path path, boolean writable) throws InputException {
    if (Files.exists(path) && !Files.isRegularFile(path)) {
      throw new InputException(path.toString(), "", "is no regular file");
    }
    try {
      FileChannel channel =
          writable
              ? FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
              : FileChannel.open(path, StandardOpenOption.READ);
      return new HostFileStore(channel, path, writable);
    } catch (AccessDeniedException _) {
      String wanted = writable ? "may not be read and written" : "may not be read";
      throw new InputException(path.toString(), "", wanted);
    } catch (IOException e) {
      throw InputException.of(path.toString(), e);
    }
  }

  /** Size of the file, in bytes. */
  public long size() {
    return size;
  }

  @Override
  public boolean isWritable() {
    return writable;
  }

  @Override
  public boolean contains(long index) {
    return index < pages();
  }

  private long pages() {
    return (size + PageTables.PAGE_BYTES - 1) >>> 12;
  }

  /** How many bytes of the page lie before the end of the file. */
  private int bytesOf(long index) {
    return (int) Math.clamp(size - (index << 12), 0, PageTables.PAGE_BYTES);
  }

  @Override
  public boolean read(long index, byte[] page) {
    int bytes = contains(index) ? bytesOf(index) : 0;
    Arrays.fill(page, bytes, page.length, (byte) 0);
    ByteBuffer buffer = ByteBuffer.wrap(page, 0, bytes);
    try {
      while (buffer.hasRemaining()) {
        if (file.read(buffer, (index << 12) + buffer.position()) < 0) {
          return false;
        }
      }
      return true;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public long write(long index, byte[] page) {
    return contains(index) ? put(index, page) : 0;
  }

  private long put(long index, byte[] page) {
    return change(() -> writeAll(ByteBuffer.wrap(page, 0, bytesOf(index)), index << 12));
  }

  @Override
  public long discard(long first, long end) {
    long last = Math.min(end, pages());
    if (first >= last) {
      return 0;
    }
    if (last == pages()) {
      return change(() -> {
        file.truncate(first << 12);
        extend(size);
      });
    }
    long result = 0;
    byte[] zeroes = new byte[scratch.length];
    for (long index = first; index < last && result == 0; index++) {
      // A hole stays one.
      boolean isZero = read(index, scratch) && Arrays.equals(scratch, zeroes);
      result = isZero ? 0 : put(index, zeroes);
    }
    return result;
  }

  @Override
  public long resize(long bytes) {
    if (bytes == size) {
      return 0;
    }
    long result =
        change(() -> {
          file.truncate(bytes);
          extend(bytes);
        });
    size = result == 0 ? bytes : size;
    return result;
  }

  /** Makes the file {@code bytes} bytes long if it is shorter. */
  private void extend(long bytes) throws IOException {
    if (file.size() < bytes) {
      writeAll(ByteBuffer.allocate(1), bytes - 1);
    }
  }

  private void writeAll(ByteBuffer buffer, long offset) throws IOException {
    while (buffer.hasRemaining()) {
      file.write(buffer, offset + buffer.position());
    }
  }

  /** What changes the file. */
  private interface Change {
    void run() throws IOException;
  }

  private long change(Change change) {
    if (!writable) {
      return Errno.EBADF.result();
    }
    try {
      if (file.size() < size) {
        return Errno.EIO.result();
      }
      change.run();
      return 0;
    } catch (IOException e) {
      return (isFull(e) ? Errno.ENOSPC : Errno.EIO).result();
    }
  }

  /** Whether the file system has no room: it says so, or has less than a page. */
  private boolean isFull(IOException e) {
    String text = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space left") || path == null) {
      return text.contains("no space left");
    }
    try {
      return file.isOpen() && Files.getFileStore(path).getUsableSpace() < PageTables.PAGE_BYTES;
    } catch (IOException _) {
      return false;
    }
  }

  /** Closes the file; what is read and written from then on is an I/O error. */
  @Override
  public void close() {
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
