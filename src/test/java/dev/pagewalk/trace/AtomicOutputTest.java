package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that is written is there as a whole or not at all. */
final class AtomicOutputTest {
  @TempDir private Path folder;

  @Test
  void aFileIsThereWhenItIsFinishedAndNotBefore() throws IOException {
    Path file = folder.resolve("a.csv");
    try (TraceWriter writer = TraceFiles.create(file.toString(), null, i -> 7)) {
      writer.write(batch());
      assertTrue(Files.notExists(file));
      writer.finish();
      assertEquals("pid,op,address,size\n7,r,0x1000,8\n", Files.readString(file));
    }
    assertEquals(List.of("a.csv"), names());
  }

  @Test
  void whatWasThereStaysUntilThen() throws IOException {
    Path file = Files.writeString(folder.resolve("a.lackey"), "before");
    try (TraceWriter writer = TraceFiles.create(file.toString(), null, i -> 7)) {
      writer.write(batch());
      assertEquals("before", Files.readString(file));
      writer.finish();
    }
    assertEquals(" L 00001000,8\n", Files.readString(file));
    assertEquals(List.of("a.lackey"), names());
  }

  @Test
  void whatIsNotFinishedLeavesNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("a.pwt.gz"), "before");
    for (String suffix : List.of("pwt.gz", "csv", "din.xz", "lackey.zst")) {
      try (TraceWriter writer =
          TraceFiles.create(folder.resolve("a." + suffix).toString(), null, i -> 7)) {
        writer.write(batch());
      }
    }
    assertEquals("before", Files.readString(file));
    assertEquals(List.of("a.pwt.gz"), names());
  }

  @Test
  void aLinkStaysOne() throws IOException {
    Path file = Files.writeString(folder.resolve("target"), "before");
    Path link = Files.createSymbolicLink(folder.resolve("link.csv"), file);
    try (TraceWriter writer = TraceFiles.create(link.toString(), null, i -> 7)) {
      writer.finish();
    }
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("pid,op,address,size\n", Files.readString(file));
  }

  @Test
  void aTraceMayReplaceItself() throws IOException {
    Path file = folder.resolve("a.csv");
    Files.writeString(file, "1,r,0x1000,8\n".repeat(100_000));
    try (TraceReader reader = TraceFiles.open(file.toString());
        TraceWriter writer =
            TraceFiles.create(file.toString(), TraceFormat.PWT, reader::processId)) {
      AccessBatch batch = new AccessBatch();
      while (reader.read(batch)) {
        writer.write(batch);
      }
      writer.finish();
    }
    assertEquals(100_000, Accesses.of(TraceFiles.open(file.toString())).size());
  }

  @Test
  void whatCannotBeWrittenIsTold() {
    refused("a.txt", "expected a name that ends with .pwt, .csv, .lackey or .din, or a format");
    refused("a.gz", "expected a name that ends with .pwt, .csv, .lackey or .din, or a format");
    refused("none/a.pwt", "expected its folder to be there");
    var e =
        assertThrows(
            InputException.class,
            () -> TraceFiles.create(folder.toString(), TraceFormat.CSV, i -> i).close());
    assertEquals(folder + ": expected a file to write; found a directory", e.getMessage());
  }

  private void refused(String name, String expected) {
    String path = folder.resolve(name).toString();
    var e = assertThrows(InputException.class, () -> TraceFiles.create(path, null, i -> i).close());
    assertEquals(path + ": " + expected, e.getMessage());
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static AccessBatch batch() {
    AccessBatch batch = new AccessBatch();
    batch.add(0x1000, AccessBatch.what(AccessBatch.READ, 8, 0));
    return batch;
  }
}
