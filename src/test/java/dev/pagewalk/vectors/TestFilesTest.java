package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which files below a folder hold vectors and snapshots. */
class TestFilesTest {
  @TempDir Path folder;

  @Test
  void filesAreFoundInSubfoldersInTheOrderOfTheirNames() throws Exception {
    Path last = write("z.jsonl");
    Path inner = write("m/n/b.jsonl.gz");
    Path first = write("a.jsonl");
    Path second = write("m/a.jsonl");
    assertEquals(List.of(first, second, inner, last), below(folder).vectors());
  }

  @Test
  void namedFilesAreTakenInTheOrderGivenWhateverTheirNames() throws Exception {
    Path second = write("b.txt");
    Path first = write("a.jsonl");
    Path registers = write("c.registers.json");
    TestFiles found = TestFiles.below(List.of(second, registers, first));
    assertEquals(List.of(second, first), found.vectors());
    assertEquals(List.of(registers), found.snapshots());
  }

  @Test
  void otherFilesArePassedOver() throws Exception {
    Path vectors = write("a.jsonl");
    write("README.md");
    write("a.json");
    write("a.jsonl.xz");
    Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("missing"));
    assertEquals(new TestFiles(List.of(vectors), List.of()), below(folder));
  }

  @Test
  void whatLiesBesideASnapshotUnderItsNameIsNoFileOfVectors() throws Exception {
    Path registers = write("guest.registers.json");
    write("guest.walks.jsonl.gz");
    write("guest.image.gz");
    Path vectors = write("guests.jsonl");
    Path other = write("other/guest.walks.jsonl");
    assertEquals(new TestFiles(List.of(vectors, other), List.of(registers)), below(folder));
  }

  @Test
  void aLinkToAFolderIsFollowed() throws Exception {
    write("real/a.jsonl");
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("real"));
    assertEquals(List.of(link.resolve("a.jsonl")), below(link).vectors());
  }

  @Test
  void linksBelowAFolderAreFollowed() throws Exception {
    write("real/a.jsonl");
    write("real/guest.registers.json");
    write("real/guest.walks.jsonl");
    Path top = Files.createDirectory(folder.resolve("top"));
    Path sub = Files.createSymbolicLink(top.resolve("sub"), folder.resolve("real"));
    Path file = Files.createSymbolicLink(top.resolve("z.jsonl"), folder.resolve("real/a.jsonl"));
    assertEquals(
        new TestFiles(
            List.of(sub.resolve("a.jsonl"), file), List.of(sub.resolve("guest.registers.json"))),
        below(top));
  }

  @Test
  void aLoopOfLinksIsRefusedByName() throws Exception {
    write("sub/a.jsonl");
    Path loop = Files.createSymbolicLink(folder.resolve("sub/loop"), folder);
    assertEquals(
        loop + ": expected no loop, found a link to a directory above it", refusalOf(folder));
  }

  @Test
  void aFolderThatCannotBeReadIsRefusedByItsOwnName() {
    // A privileged user may read any folder, so the refusal is asked for directly.
    TestFiles.Collector collector = new TestFiles.Collector(new ArrayList<>());
    Path closed = folder.resolve("closed");
    IOException denied = new AccessDeniedException(closed.toString());
    String expected = closed + ": may not be read";
    assertEquals(
        expected,
        assertThrows(InputException.class, () -> collector.visitFileFailed(closed, denied))
            .getMessage());
    assertEquals(
        expected,
        assertThrows(InputException.class, () -> collector.postVisitDirectory(closed, denied))
            .getMessage());
  }

  @Test
  void aFolderWithNothingToRunIsRefused() throws Exception {
    write("README.md");
    assertEquals(
        folder + ": expected *.jsonl, *.jsonl.gz or *.registers.json below it", refusalOf(folder));
  }

  private static String refusalOf(Path path) {
    return assertThrows(InputException.class, () -> below(path)).getMessage();
  }

  private static TestFiles below(Path path) throws InputException {
    return TestFiles.below(List.of(path));
  }

  private Path write(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "");
  }
}
