package dev.pagewalk.machine.sweep;

import dev.pagewalk.arch.InputException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The file that a sweep fills, and goes on with if it was stopped. A row is there whole or not at
 * all: what a killed sweep has left of one is cut off when the file is opened again. When all rows
 * are there, they are put in the order of their cells.
 */
public final class SweepFile implements Closeable {
  private final Path path;
  private final FileChannel channel;
  private final Map<Integer, String> rows = new TreeMap<>();

  private SweepFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /**
   * Opens a file, or begins it.
   *
   * @param sweep the id of the sweep whose rows it has
   * @param cells how many cells that has
   * @throws InputException if it has something else, or somebody else is writing it
   */
  public static SweepFile open(Path path, String sweep, int cells) throws IOException {
    FileChannel channel;
    try {
      channel =
          FileChannel.open(
              path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    } catch (IOException e) {
      throw new InputException(path.toString(), "", "cannot be written: " + e.getMessage());
    }
    try {
      lock(path, channel);
      SweepFile file = new SweepFile(path, channel);
      file.readOn(sweep, cells);
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** Whether a cell has its row. */
  public boolean has(int cell) {
    return rows.containsKey(cell);
  }

  /** Writes a row; it is on its device when this returns. */
  public void append(int cell, String row) throws IOException {
    write(row + "\n");
    rows.put(cell, row);
  }

  /** Puts the rows in order. */
  public void finish() throws IOException {
    writeWhole(path, List.copyOf(rows.values()));
  }

  /**
   * Writes a file of rows in place of what is there, which stays until all are written.
   *
   * @param rows in the order of their cells
   */
  static void writeWhole(Path path, List<String> rows) throws IOException {
    Path fresh = path.resolveSibling(path.getFileName() + ".new");
    String text =
        rows.stream()
            .map(row -> row + "\n")
            .collect(Collectors.joining("", SweepCsv.HEADER + "\n", ""));
    try (FileChannel out =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    try {
      Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException _) {
      Files.move(fresh, path, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static void lock(Path path, FileChannel channel) throws IOException {
    boolean isOurs;
    try {
      isOurs = channel.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      isOurs = false;
    } catch (IOException _) {
      return; // Some file systems of clusters have no locks.
    }
    if (!isOurs) {
      throw new InputException(path.toString(), "", "another sweep is writing this file");
    }
  }

  private void readOn(String sweep, int cells) throws IOException {
    String text = Files.readString(path, StandardCharsets.UTF_8);
    int end = text.lastIndexOf('\n') + 1;
    String whole = text.substring(0, end);
    if (whole.isEmpty() && !SweepCsv.HEADER.startsWith(text)) {
      throw new InputException(path.toString(), "line 1", "expected a file of this sweep");
    }
    for (SweepRows.Row row : SweepRows.parse(path.toString(), whole)) {
      if (!row.place().sweep().equals(sweep) || row.place().cells() != cells) {
        throw new InputException(
            path.toString(),
            "line " + row.line(),
            "expected a row of this sweep, " + sweep + "; found one of " + row.place().sweep());
      }
      rows.put(row.place().cell(), row.text());
    }
    channel.truncate(whole.getBytes(StandardCharsets.UTF_8).length);
    channel.position(channel.size());
    if (whole.isEmpty()) {
      write(SweepCsv.HEADER + "\n");
    }
  }

  private void write(String text) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
    channel.force(false);
  }
}
