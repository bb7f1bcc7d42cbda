package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The repository holds what it should, and nothing of the machine it was written on. */
final class RepositoryTest {
  private static final Set<String> TOP_LEVEL =
      Set.of(
          "pom.xml",
          "README.md",
          "src",
          "test-vectors",
          "benchmarks",
          "docs",
          "pagewalk",
          "target");

  /** Put together here, so that this file does not name them. */
  private static final List<String> MACHINE_PATHS =
      List.of("/" + "work/", "/" + "farm/", "/" + "tmp/lab", "/" + "root/", "/" + "home/");

  private static final String JDKS = "/" + "usr/lib/jvm";

  @Test
  void theTopLevelHoldsOnlyWhatIsKnown() throws IOException {
    List<String> unknown = new ArrayList<>();
    // A user's own files may lie about; what counts is what git keeps.
    Process git = new ProcessBuilder("git", "ls-files").redirectErrorStream(true).start();
    String files = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assumeTrue(files.contains("pom.xml"), "this is no git checkout: " + files.strip());
    for (String file : files.split("\n", -1)) {
      String name = file.isEmpty() ? "pom.xml" : Path.of(file).getName(0).toString();
      if (!name.startsWith(".") && !TOP_LEVEL.contains(name) && !unknown.contains(name)) {
        unknown.add(name);
      }
    }
    assertEquals(List.of(), unknown);
  }

  @Test
  void noFileNamesAPathOfAMachine() throws IOException {
    List<String> found = new ArrayList<>();
    for (Path path : textFiles()) {
      String text = Files.readString(path, StandardCharsets.ISO_8859_1);
      MACHINE_PATHS.stream().filter(text::contains).forEach(name -> found.add(path + ": " + name));
      if (text.contains(JDKS) && !path.toString().equals("pagewalk")) {
        found.add(path + ": " + JDKS);
      }
    }
    assertEquals(List.of(), found);
  }

  @Test
  void everyDependencyAndPluginIsExplained() throws Exception {
    String explained = Files.readString(Path.of("docs/dependencies.md"));
    Document pom =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of("pom.xml").toFile());
    NodeList artifacts = pom.getElementsByTagName("artifactId");
    Set<String> missing = new TreeSet<>();
    for (int i = 0; i < artifacts.getLength(); i++) {
      String artifact = artifacts.item(i).getTextContent().strip();
      if (!artifact.equals("pagewalk") && !explained.contains("| `" + artifact + "` |")) {
        missing.add(artifact);
      }
    }
    assertEquals(Set.of(), missing, "each needs a line in the table of docs/dependencies.md");
  }

  /** What is kept in the repository and can be read; compressed data and pictures cannot. */
  private static List<Path> textFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    for (Path top : list(Path.of(""))) {
      String name = top.getFileName().toString();
      boolean isOurs = TOP_LEVEL.contains(name) || name.equals(".ci") || name.startsWith(".git");
      if (!isOurs || name.equals("target") || name.equals(".git")) {
        continue;
      }
      try (Stream<Path> below = Files.walk(top)) {
        below.filter(Files::isRegularFile).filter(RepositoryTest::isText).forEach(files::add);
      }
    }
    return files;
  }

  private static boolean isText(Path path) {
    String name = path.getFileName().toString();
    return Stream.of(".gz", ".png", ".jar", ".class").noneMatch(name::endsWith);
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> paths = Files.list(directory)) {
      return paths.sorted().toList();
    }
  }
}
