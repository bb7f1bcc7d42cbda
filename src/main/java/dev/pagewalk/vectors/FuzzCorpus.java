package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * A folder in which random tests are kept: {@code corpus.jsonl}, the vectors that were the first in
 * some situation; {@code failures.jsonl}, the small ones that show a difference; {@code state}, the
 * seed and the number of the next vector, so that a run goes on where one ended.
 */
final class FuzzCorpus {
  private final Path folder;
  private final long seed;
  private final List<WalkVector> vectors = new ArrayList<>();
  private final VectorText text = new VectorText();
  private long next;

  /**
   * Reads what is there, and makes the folder if nothing is.
   *
   * @throws InputException if it cannot be read, or its run has another seed
   */
  FuzzCorpus(Path folder, long seed) throws InputException {
    this.folder = folder;
    this.seed = seed;
    try {
      Files.createDirectories(folder);
      readState();
      dropHalfLine(folder.resolve("corpus.jsonl"));
      dropHalfLine(folder.resolve("failures.jsonl"));
    } catch (IOException e) {
      throw InputException.of(folder.toString(), e);
    }
    Path file = folder.resolve("corpus.jsonl");
    if (Files.exists(file)) {
      VectorParser parser = new VectorParser();
      try (LineReader lines = new LineReader(file)) {
        while (lines.next()) {
          try (Cursor cursor = lines.cursor()) {
            vectors.add(parser.parse(cursor));
          }
        }
      }
    }
  }

  /** A run that was killed while it wrote leaves a line without an end. */
  private static void dropHalfLine(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      long end = channel.size();
      for (; end > 0; end--) {
        last.clear();
        channel.read(last, end - 1);
        if (last.get(0) == '\n') {
          break;
        }
      }
      channel.truncate(end);
    }
  }

  private void readState() throws IOException {
    Path file = folder.resolve("state");
    try {
      String[] words = Files.readString(file).strip().split(" ", -1);
      if (words.length != 4 || !words[0].equals("seed") || !words[2].equals("next")) {
        throw new InputException(file.toString(), "", "expected: seed N next N");
      }
      if (!words[1].equals(Long.toString(seed))) {
        throw new InputException(
            file.toString(), "", "its run has --seed " + words[1] + ", not " + seed);
      }
      next = Long.parseLong(words[3]);
    } catch (NoSuchFileException e) {
      next = 0;
    } catch (NumberFormatException e) {
      throw new InputException(file.toString(), "", "expected: seed N next N");
    }
  }

  /** Number of the next vector. */
  long next() {
    return next;
  }

  /** What was kept. */
  List<WalkVector> vectors() {
    return vectors;
  }

  /** Keeps a vector that was the first in some situation. */
  void add(WalkVector vector) {
    text.vector(vector, "");
  }

  /** Keeps a vector that shows a difference: a line of format 1. */
  void failure(String line) throws InputException {
    append("failures.jsonl", line.getBytes(StandardCharsets.UTF_8));
  }

  /** Writes what was added, and where to go on. */
  void save(long number) throws InputException {
    append("corpus.jsonl", text.take());
    Path file = folder.resolve("state");
    Path written = folder.resolve("state.new");
    try {
      Files.writeString(written, "seed " + seed + " next " + number + "\n");
      Files.move(written, file, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw InputException.of(file.toString(), e);
    }
  }

  private void append(String name, byte[] lines) throws InputException {
    try {
      Files.write(
          folder.resolve(name), lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw InputException.of(folder.resolve(name).toString(), e);
    }
  }
}
