package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.machine.CpuModelFile.Basis;
import dev.pagewalk.machine.CpuModelFile.From;
import dev.pagewalk.machine.CpuModelFile.Source;
import dev.pagewalk.machine.CpuModelFile.Tlb;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The built-in models of processors are there, hold what is published, and say where it is. */
class BuiltInModelsTest {
  static final Path DIRECTORY = Path.of("src/main/resources/dev/pagewalk/machine/cpu");

  static List<String> names() {
    return CpuModels.names();
  }

  @Test
  void everyFileIsAModelAndEveryModelIsAFile() throws Exception {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      Set<String> found =
          files
              .map(file -> file.getFileName().toString())
              .filter(file -> !file.endsWith(".schema.json"))
              .map(file -> file.replace(".json", ""))
              .collect(Collectors.toCollection(TreeSet::new));
      assertEquals(new TreeSet<>(CpuModels.names()), found);
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void aModelIsNamedAsItsFile(String name) throws Exception {
    assertEquals(name, CpuModels.of(name).name());
    assertEquals(CpuModels.of(name), CpuModels.read(DIRECTORY.resolve(name + ".json")));
  }

  /** Entries by TLB, as the sources that the files name have them. */
  @ParameterizedTest
  @CsvSource({
    "classroom,   TLB 4",
    "limit,       L1I 4K 64; L1D 4K 64; L1D 2M 32; L1D 1G 4; L2 4K+2M 1536",
    "skylake,     L1I 4K 128; L1I 2M 8; L1D 4K 64; L1D 2M 32; L1D 1G 4; L2 4K+2M 1536; L2 1G 16",
    "ice-lake,    L1I 4K 128; L1I 2M 16; L1D 4K loads 64; L1D 2M loads 32; L1D 1G loads 8;"
        + " L1D stores 16; L2 2048",
    "golden-cove, L1I 4K 256; L1I 2M 32; L1D 4K loads 96; L1D 2M loads 32; L1D 1G loads 8;"
        + " L1D stores 16; L2 2048",
    "zen1,        L1I 64; L1D 64; L2I 4K+2M 512; L2D 4K+2M 1536",
    "zen2,        L1I 64; L1D 64; L2I 4K+2M 512; L2D 4K+2M 2048",
    "zen4,        L1I 64; L1D 72; L2I 4K+2M 512; L2D 4K+2M 3072; L2D 1G 64",
  })
  void theTlbsHoldAsManyEntriesAsPublished(String name, String entries) throws Exception {
    CpuModel model = CpuModels.of(name);
    List<String> found = new ArrayList<>();
    for (TlbGeometry tlb : tlbs(model)) {
      found.add(tlb.name() + " " + tlb.shape().entries());
    }
    assertEquals(entries, String.join("; ", found));
  }

  @ParameterizedTest
  @CsvSource({"zen1", "zen2", "zen4"})
  void thePageDirectoryCacheOfZenHas64EntriesForTheLevelsAbovePdes(String name) throws Exception {
    int entries = 0;
    for (Map.Entry<Level, CacheGeometry> cache :
        CpuModels.of(name).pagingStructureCaches().entrySet()) {
      entries += cache.getKey() == Level.PD ? 0 : cache.getValue().entries();
    }
    assertEquals(64, entries);
  }

  @ParameterizedTest
  @CsvSource({"classroom, false", "skylake, false", "ice-lake, true", "zen2, false", "zen4, true"})
  void processorsWithFiveLevelsAndNoOthersCachePml5es(String name, boolean has) throws Exception {
    assertEquals(has, CpuModels.of(name).pagingStructureCaches().containsKey(Level.PML5));
  }

  @Test
  void theClassroomHasFourEntriesInAll() throws Exception {
    CacheGeometry four = new CacheGeometry(1, 4, Replacement.LRU);
    TlbGeometry tlb = new TlbGeometry("TLB", Set.of(Port.values()), Set.of(PageSize.SIZE_4K), four);
    assertEquals(
        new CpuModel("classroom", List.of(tlb), List.of(), Map.of(), LargePages.WHOLE, 0),
        CpuModels.of("classroom"));
  }

  @Test
  void theYardsticksDataSideIsTrueLru() throws Exception {
    CpuModel model = CpuModels.of("limit");
    assertEquals(Map.of(), model.pagingStructureCaches());
    assertEquals(new CacheGeometry(16, 4, Replacement.LRU), tlb(model, "L1D 4K").shape());
    assertEquals(new CacheGeometry(128, 12, Replacement.LRU), tlb(model, "L2 4K+2M").shape());
  }

  @ParameterizedTest
  @MethodSource("names")
  void everyFigureNamesItsSourceAndEverySourceIsUsed(String name) throws Exception {
    CpuModelFile file = CpuModels.file(name);
    Set<String> used = new TreeSet<>();
    used.add(file.largePagesFrom());
    List<From> all = new ArrayList<>();
    file.firstLevel().forEach(tlb -> all.add(tlb.from()));
    file.secondLevel().forEach(tlb -> all.add(tlb.from()));
    file.pagingStructureCaches().byLevel().values().forEach(cache -> all.add(cache.from()));
    for (From from : all) {
      assertNotNull(from, "a structure of " + name + " does not say where its figures are from");
      used.addAll(List.of(from.entries(), from.ways(), from.replacement()));
    }
    assertEquals(new TreeSet<>(file.sources().keySet()), used);
    assertNotNull(file.vendor());
    assertNotNull(file.description());
  }

  @ParameterizedTest
  @MethodSource("names")
  void theEntriesOfATlbAreAGuessNowhere(String name) throws Exception {
    CpuModelFile file = CpuModels.file(name);
    Set<Basis> known = Set.of(Basis.PUBLISHED, Basis.CHOSEN);
    for (Tlb tlb :
        Stream.concat(file.firstLevel().stream(), file.secondLevel().stream()).toList()) {
      Source source = file.sources().get(tlb.from().entries());
      assertEquals(true, known.contains(source.basis()), name + ": " + tlb.name());
    }
  }

  @Test
  void anUnknownNameIsAnsweredWithThoseThereAre() {
    String message = assertThrows(InputException.class, () -> CpuModels.of("zen3")).getMessage();
    assertEquals(
        "expected a model of a processor, one of classroom, limit, skylake, ice-lake, golden-cove,"
            + " zen1, zen2, zen4; found \"zen3\"",
        message);
  }

  private static List<TlbGeometry> tlbs(CpuModel model) {
    return Stream.concat(model.firstLevel().stream(), model.secondLevel().stream()).toList();
  }

  private static TlbGeometry tlb(CpuModel model, String name) {
    return tlbs(model).stream().filter(tlb -> tlb.name().equals(name)).findFirst().orElseThrow();
  }
}
