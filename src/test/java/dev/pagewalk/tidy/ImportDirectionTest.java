package dev.pagewalk.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Packages refer to each other only as the design's table allows. */
final class ImportDirectionTest {
  private static final String PROJECT = "dev.pagewalk.";

  private static final Set<String> BELOW_MACHINE =
      Set.of("arch", "physmem", "spec", "mmu", "kernel");
  private static final Set<String> BELOW_MACHINE_AND_TRACE =
      Set.of("arch", "physmem", "spec", "mmu", "kernel", "trace");
  private static final Set<String> BELOW_VECTORS =
      Set.of("arch", "physmem", "spec", "mmu", "kernel", "machine", "kvm");
  private static final Set<String> BELOW_EDGES =
      Set.of("arch", "physmem", "spec", "mmu", "kernel", "machine", "trace", "vectors", "explain");

  /** Which packages a package may refer to. Nobody refers to the edges, cli and web. */
  private static final Map<String, Set<String>> TABLE =
      Map.ofEntries(
          Map.entry("arch", Set.of()),
          Map.entry("physmem", Set.of("arch")),
          Map.entry("spec", Set.of("arch", "physmem")),
          Map.entry("mmu", Set.of("arch", "physmem")),
          Map.entry("kernel", Set.of("arch", "physmem")),
          Map.entry("machine", BELOW_MACHINE_AND_TRACE),
          Map.entry("trace", Set.of("arch")),
          Map.entry("kvm", Set.of("arch", "physmem")),
          Map.entry("vectors", BELOW_VECTORS),
          Map.entry("explain", Set.of("arch")),
          Map.entry("cli", BELOW_EDGES),
          Map.entry("web", BELOW_EDGES));

  /** The one reference between the edges: the command that starts the server. */
  private static final Map<String, String> BETWEEN_EDGES =
      Map.of("dev.pagewalk.cli.ServeCommand", "dev.pagewalk.web.Server");

  /** These refer to nothing but the JDK and the packages above. */
  private static final Set<String> CORE = BELOW_MACHINE;

  @Test
  void packagesReferToEachOtherAsTheTableAllows() throws IOException {
    Path classes = Path.of("target/classes");
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files = Files.walk(classes)) {
      for (Path path : files.filter(ImportDirectionTest::isClassOfAPackage).toList()) {
        String name = classes.relativize(path).toString().replace('/', '.');
        check(name, Files.readAllBytes(path), found);
      }
    }
    assertEquals(Set.of(), found);
  }

  @Test
  void theClassroomsMachineNeedsNoLibrary() throws IOException {
    Set<String> found = new TreeSet<>();
    try (Stream<Path> files =
        Files.list(Path.of("target/classes/dev/pagewalk/machine/classroom"))) {
      for (Path path : files.filter(ImportDirectionTest::isClassOfAPackage).toList()) {
        for (String reference : ClassReferences.of(Files.readAllBytes(path))) {
          if (!reference.startsWith(PROJECT) && !isOfTheJdk(reference)) {
            found.add(path.getFileName() + " refers to " + reference);
          }
        }
      }
    }
    assertEquals(Set.of(), found);
  }

  @Test
  void forbiddenReferencesAreFound() throws IOException {
    // This class itself, as if it were one of physmem: it refers to tidy and to JUnit.
    Set<String> found = new TreeSet<>();
    check("dev.pagewalk.physmem.Sample", classFile("ImportDirectionTest"), found);
    assertEquals(
        Set.of(
            "dev.pagewalk.physmem.Sample: physmem refers to tidy",
            "dev.pagewalk.physmem.Sample: physmem refers to org.junit.jupiter.api.Assertions",
            "dev.pagewalk.physmem.Sample: physmem refers to org.junit.jupiter.api.Test"),
        found);
  }

  @Test
  void aPackageThatIsNotInTheTableIsFound() throws IOException {
    Set<String> found = new TreeSet<>();
    check("dev.pagewalk.other.Sample", classFile("ImportDirectionTest"), found);
    assertEquals(Set.of("dev.pagewalk.other.Sample: other is not in the table"), found);
  }

  @Test
  void referencesInSignaturesAndAnnotationsAreSeen() throws IOException {
    Set<String> seen = ClassReferences.of(classFile("ImportDirectionTest$OnlyInSignature"));
    assertTrue(seen.contains("java.util.UUID"), "in a type argument");
    assertTrue(seen.contains("java.util.Currency"), "in a descriptor");
    assertTrue(seen.contains("java.lang.Deprecated"), "as an annotation");
  }

  /** Names UUID as a type argument, Currency in a descriptor, Deprecated as an annotation. */
  abstract static class OnlyInSignature {
    @Deprecated
    abstract void accept(List<Map<String, ? extends java.util.UUID[]>> ids);

    abstract void accept(java.util.Currency[] currency);
  }

  private static byte[] classFile(String testClass) throws IOException {
    return Files.readAllBytes(
        Path.of("target/test-classes/dev/pagewalk/tidy", testClass + ".class"));
  }

  private static boolean isClassOfAPackage(Path path) {
    return path.toString().endsWith(".class") && !path.endsWith("module-info.class");
  }

  private static void check(String name, byte[] classFile, Set<String> found) {
    String from = room(name);
    Set<String> allowed = TABLE.get(from);
    if (allowed == null) {
      found.add(name + ": " + from + " is not in the table");
      return;
    }
    for (String reference : ClassReferences.of(classFile)) {
      if (reference.startsWith(PROJECT)) {
        String to = room(reference);
        boolean between =
            name.startsWith("dev.pagewalk.cli.ServeCommand")
                && reference.equals(BETWEEN_EDGES.get("dev.pagewalk.cli.ServeCommand"));
        if (!to.equals(from) && !allowed.contains(to) && !between) {
          found.add(name + ": " + from + " refers to " + to);
        }
      } else if (CORE.contains(from) && !isOfTheJdk(reference)) {
        found.add(name + ": " + from + " refers to " + reference);
      }
    }
  }

  private static boolean isOfTheJdk(String reference) {
    return reference.startsWith("java.") || reference.startsWith("jdk.");
  }

  /** The part of a class's name after {@code dev.pagewalk.}, "arch" say. */
  private static String room(String name) {
    String rest = name.startsWith(PROJECT) ? name.substring(PROJECT.length()) : name;
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }
}
