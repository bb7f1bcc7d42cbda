package dev.pagewalk.machine;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a file says that describes a model of a processor: {@link CpuModel}, and where each figure
 * is from. {@code docs/cpu-models.md} has the format.
 *
 * <p>All constructors throw IllegalArgumentException, which says what is wrong.
 *
 * @param name the model's name
 * @param vendor the processor's maker; null if not told
 * @param description one sentence for people; null if not told
 * @param largePages how large pages are held
 * @param largePagesFrom where that is from, a key of {@code sources}; null if not told
 * @param seed of the random draws; 0 if not told
 * @param firstLevel TLBs that are looked into first
 * @param secondLevel TLBs that are looked into after a miss in those
 * @param pagingStructureCaches caches of entries that reference a table
 * @param sources where figures are from, by the keys that {@link From} uses; may be empty
 * @param notes what the model leaves out; may be empty
 */
public record CpuModelFile(
    String name,
    String vendor,
    String description,
    LargePages largePages,
    String largePagesFrom,
    Long seed,
    List<Tlb> firstLevel,
    List<Tlb> secondLevel,
    Caches pagingStructureCaches,
    Map<String, Source> sources,
    List<String> notes) {

  /** How far a figure can be trusted. */
  public enum Basis {
    /** The maker's manual says so, or the processor itself by CPUID. */
    PUBLISHED,
    /** Somebody else has measured it. */
    MEASURED,
    /** A guess, for the reason that the source gives. */
    ESTIMATED,
    /** Made up: there is no such processor. */
    CHOSEN
  }

  /**
   * Where a figure is from.
   *
   * @param basis how far it can be trusted
   * @param title the document and the table or section in it
   */
  public record Source(Basis basis, String title) {
    public Source {
      Checks.need(basis, "basis");
      Checks.needText(title, "title");
    }
  }

  /**
   * The sources of a structure's figures, as keys of the file's {@code sources}.
   *
   * @param entries of the number of entries, the ports and the sizes of page
   * @param ways of their arrangement in sets and ways
   * @param replacement of the replacement policy
   */
  public record From(String entries, String ways, String replacement) {
    public From {
      Checks.need(entries, "entries");
      Checks.need(ways, "ways");
      Checks.need(replacement, "replacement");
    }
  }

  /**
   * A TLB.
   *
   * @param name as it is shown
   * @param ports the accesses that look into it
   * @param sizes the sizes of page that it holds
   * @param sets number of sets
   * @param ways entries of a set
   * @param replacement which way of a full set is given up
   * @param from where the figures are from; null if not told
   * @param note where the real one differs; null if nothing is told
   */
  public record Tlb(
      String name,
      List<Port> ports,
      List<PageSize> sizes,
      Integer sets,
      Integer ways,
      Replacement replacement,
      From from,
      String note) {
    public Tlb {
      Checks.needText(name, "name");
      Checks.checkText(note, "note");
      ports = eachOnce(ports, "ports");
      sizes = eachOnce(sizes, "sizes");
      shape(sets, ways, replacement);
    }

    /** The TLB for {@link CpuModel}. */
    public TlbGeometry geometry() {
      return new TlbGeometry(
          name, Set.copyOf(ports), Set.copyOf(sizes), shape(sets, ways, replacement));
    }
  }

  /**
   * A paging-structure cache.
   *
   * @param sets number of sets
   * @param ways entries of a set
   * @param replacement which way of a full set is given up
   * @param from where the figures are from; null if not told
   * @param note where the real one differs; null if nothing is told
   */
  public record Cache(Integer sets, Integer ways, Replacement replacement, From from, String note) {
    public Cache {
      Checks.checkText(note, "note");
      shape(sets, ways, replacement);
    }

    /** The cache for {@link CpuModel}. */
    public CacheGeometry geometry() {
      return shape(sets, ways, replacement);
    }
  }

  /**
   * The paging-structure caches; null where the processor has none.
   *
   * @param pml5 of PML5Es
   * @param pml4 of PML4Es
   * @param pdpt of PDPTEs
   * @param pd of PDEs
   */
  public record Caches(Cache pml5, Cache pml4, Cache pdpt, Cache pd) {
    /** Those that are there, from the root downwards. */
    public Map<Level, Cache> byLevel() {
      Map<Level, Cache> caches = new EnumMap<>(Level.class);
      caches.put(Level.PML5, pml5);
      caches.put(Level.PML4, pml4);
      caches.put(Level.PDPT, pdpt);
      caches.put(Level.PD, pd);
      caches.values().removeIf(cache -> cache == null);
      return caches;
    }
  }

  public CpuModelFile {
    Checks.needText(name, "name");
    Checks.checkText(vendor, "vendor");
    Checks.checkText(description, "description");
    Checks.need(largePages, "largePages");
    seed = seed == null ? 0 : seed;
    firstLevel = List.copyOf(Checks.need(firstLevel, "firstLevel"));
    secondLevel = List.copyOf(Checks.need(secondLevel, "secondLevel"));
    Checks.need(pagingStructureCaches, "pagingStructureCaches");
    sources = sources == null ? Map.of() : ordered(sources);
    sources.keySet().forEach(key -> Checks.checkText(key, "sources"));
    notes = notes == null ? List.of() : List.copyOf(notes);
    notes.forEach(note -> Checks.checkText(note, "notes"));
    checkTlbs("firstLevel", firstLevel, sources);
    checkTlbs("secondLevel", secondLevel, sources);
    checkNames(Stream.concat(firstLevel.stream(), secondLevel.stream()).map(Tlb::name).toList());
    for (Map.Entry<Level, Cache> cache : pagingStructureCaches.byLevel().entrySet()) {
      String key = cache.getKey().name().toLowerCase(Locale.ROOT);
      checkFrom("pagingStructureCaches." + key, cache.getValue().from, sources);
    }
    if (largePagesFrom != null) {
      checkSource("largePagesFrom", largePagesFrom, sources);
    }
    // The rest is the model's to check.
    new CpuModel(
        name,
        geometries(firstLevel),
        geometries(secondLevel),
        geometries(pagingStructureCaches),
        largePages,
        seed);
  }

  /**
   * Reads {@code path}.
   *
   * @throws InputException if it cannot be read or is no model of a processor
   */
  public static CpuModelFile read(Path path) throws InputException {
    return JsonRecords.read(path, CpuModelFile.class);
  }

  /**
   * Reads all of {@code in}.
   *
   * @param file the name for messages
   * @throws InputException if it is no model of a processor
   */
  static CpuModelFile read(String file, InputStream in) throws InputException {
    return JsonRecords.read(file, in, CpuModelFile.class);
  }

  /** This as JSON, in a form that {@link #read(Path)} reads. */
  public String json() {
    return JsonRecords.write(this);
  }

  /** The model. */
  public CpuModel model() {
    return new CpuModel(
        name,
        geometries(firstLevel),
        geometries(secondLevel),
        geometries(pagingStructureCaches),
        largePages,
        seed);
  }

  private static List<TlbGeometry> geometries(List<Tlb> tlbs) {
    return tlbs.stream().map(Tlb::geometry).toList();
  }

  private static Map<Level, CacheGeometry> geometries(Caches caches) {
    Map<Level, CacheGeometry> geometries = new EnumMap<>(Level.class);
    caches.byLevel().forEach((level, cache) -> geometries.put(level, cache.geometry()));
    return geometries;
  }

  private static <T> Map<String, T> ordered(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  private static <T> List<T> eachOnce(List<T> values, String key) {
    Checks.need(values, key);
    boolean once = !values.isEmpty() && new HashSet<>(values).size() == values.size();
    Checks.expect(once, key + ": expected at least one, and each once");
    return List.copyOf(values);
  }

  private static CacheGeometry shape(Integer sets, Integer ways, Replacement replacement) {
    return new CacheGeometry(
        Checks.need(sets, "sets"),
        Checks.need(ways, "ways"),
        Checks.need(replacement, "replacement"));
  }

  private static void checkNames(List<String> names) {
    Set<String> seen = new HashSet<>();
    for (String name : names) {
      Checks.expect(seen.add(name), "expected TLBs of different names, found two " + name);
    }
  }

  private static void checkTlbs(String level, List<Tlb> tlbs, Map<String, Source> sources) {
    for (int i = 0; i < tlbs.size(); i++) {
      checkFrom(level + '[' + i + ']', tlbs.get(i).from, sources);
    }
  }

  private static void checkFrom(String path, From from, Map<String, Source> sources) {
    if (from != null) {
      checkSource(path + ".from.entries", from.entries, sources);
      checkSource(path + ".from.ways", from.ways, sources);
      checkSource(path + ".from.replacement", from.replacement, sources);
    }
  }

  private static void checkSource(String path, String key, Map<String, Source> sources) {
    Checks.expect(
        sources.containsKey(key), path + ": expected a key of sources, found \"" + key + '"');
  }
}
