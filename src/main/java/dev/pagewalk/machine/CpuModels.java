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
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The models of processor, by name: two until their data files are here. */
public final class CpuModels {
  private static final Set<Port> DATA = Set.of(Port.LOAD, Port.STORE);
  private static final Set<Port> ALL = Set.of(Port.FETCH, Port.LOAD, Port.STORE);
  private static final Set<PageSize> SIZES =
      Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M, PageSize.SIZE_1G);

  private static final CpuModel CLASSROOM =
      new CpuModel(
          "classroom",
          List.of(tlb("TLB", ALL, SIZES, new CacheGeometry(1, 4, Replacement.LRU))),
          List.of(),
          Map.of(Level.PD, new CacheGeometry(1, 2, Replacement.LRU)),
          LargePages.WHOLE,
          1);

  private static final CpuModel SKYLAKE =
      new CpuModel(
          "skylake",
          List.of(
              tlb("L1I 4K", Set.of(Port.FETCH), Set.of(PageSize.SIZE_4K), lru(16, 8)),
              tlb(
                  "L1I 2M",
                  Set.of(Port.FETCH),
                  Set.of(PageSize.SIZE_2M, PageSize.SIZE_1G),
                  lru(1, 8)),
              tlb("L1D 4K", DATA, Set.of(PageSize.SIZE_4K), lru(16, 4)),
              tlb("L1D 2M", DATA, Set.of(PageSize.SIZE_2M), lru(8, 4)),
              tlb("L1D 1G", DATA, Set.of(PageSize.SIZE_1G), lru(1, 4))),
          List.of(
              tlb("L2", ALL, Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M), lru(128, 12)),
              tlb("L2 1G", ALL, Set.of(PageSize.SIZE_1G), lru(4, 4))),
          Map.of(
              Level.PD,
              lru(8, 4),
              Level.PDPT,
              lru(1, 4),
              Level.PML4,
              lru(1, 2),
              Level.PML5,
              lru(1, 2)),
          LargePages.WHOLE,
          1);

  private CpuModels() {}

  /** The names of all models. */
  public static List<String> names() {
    return List.of("skylake", "classroom");
  }

  /** The model of that name. */
  public static CpuModel of(String name) throws InputException {
    return switch (name) {
      case "skylake" -> SKYLAKE;
      case "classroom" -> CLASSROOM;
      default -> throw new InputException(name, "", "no such model");
    };
  }

  /** The model in a file. */
  public static CpuModel read(java.nio.file.Path path) throws InputException {
    return of(path.toString());
  }

  private static CacheGeometry lru(int sets, int ways) {
    return new CacheGeometry(sets, ways, Replacement.LRU);
  }

  private static TlbGeometry tlb(
      String name, Set<Port> ports, Set<PageSize> sizes, CacheGeometry shape) {
    return new TlbGeometry(name, ports, sizes, shape);
  }
}
