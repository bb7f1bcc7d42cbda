package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;

/**
 * The files that a verification runs: vectors, and snapshots of real page tables.
 *
 * <p>In a directory, {@code NAME.registers.json} is a snapshot together with all {@code NAME.*},
 * and every other {@code *.jsonl} and {@code *.jsonl.gz} holds vectors. Other files are passed
 * over. Symbolic links are followed.
 *
 * @param vectors files of vectors, in order of their names
 * @param snapshots the {@code registers.json} files of snapshots, in order of their names
 */
record TestFiles(List<Path> vectors, List<Path> snapshots) {
  private static final String REGISTERS = ".registers.json";

  /** Finds the files below {@code paths}, each a file or a directory. */
  static TestFiles below(List<Path> paths) throws InputException {
    TestFiles found = new TestFiles(new ArrayList<>(), new ArrayList<>());
    for (Path path : paths) {
      if (!Files.exists(path)) {
        throw new InputException(path.toString(), "", "no such file or directory");
      }
      if (Files.isDirectory(path)) {
        found.addDirectory(path);
      } else if (path.toString().endsWith(REGISTERS)) {
        found.snapshots.add(path);
      } else {
        found.vectors.add(path);
      }
    }
    return found;
  }

  /** Sizes of all vector files together, in bytes. */
  long vectorBytes() {
    long bytes = 0;
    for (Path path : vectors) {
      bytes += path.toFile().length();
    }
    return bytes;
  }

  private void addDirectory(Path directory) throws InputException {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          directory,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new Collector(files));
    } catch (IOException e) {
      throw InputException.of(directory.toString(), e);
    }
    files.sort(null);
    List<String> snapshotNames = new ArrayList<>();
    for (Path file : files) {
      String name = file.toString();
      if (name.endsWith(REGISTERS)) {
        snapshots.add(file);
        snapshotNames.add(name.substring(0, name.length() - REGISTERS.length()) + ".");
      }
    }
    int before = vectors.size();
    for (Path file : files) {
      String name = file.toString();
      boolean lines = name.endsWith(".jsonl") || name.endsWith(".jsonl.gz");
      if (lines && snapshotNames.stream().noneMatch(name::startsWith)) {
        vectors.add(file);
      }
    }
    if (vectors.size() == before && snapshotNames.isEmpty()) {
      throw new InputException(
          directory.toString(), "", "expected *.jsonl, *.jsonl.gz or *.registers.json below it");
    }
  }

  /** Collects files, and names the file or directory that cannot be visited. */
  static final class Collector extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    Collector(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      files.add(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws InputException {
      throw refused(file, e);
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, IOException e) throws InputException {
      if (e != null) {
        throw refused(directory, e);
      }
      return FileVisitResult.CONTINUE;
    }

    private static InputException refused(Path path, IOException e) {
      if (e instanceof FileSystemLoopException) {
        return new InputException(
            path.toString(), "", "expected no loop, found a link to a directory above it");
      }
      return InputException.of(path.toString(), e);
    }
  }
}
