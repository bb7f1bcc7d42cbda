package dev.pagewalk.mmu;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Models of processors for random streams: drawn ones, and given shapes. */
final class TwinModels {
  private static final Set<Port> ALL = EnumSet.allOf(Port.class);
  private static final Set<Port> DATA = EnumSet.of(Port.LOAD, Port.STORE);
  private static final Set<PageSize> SIZES = EnumSet.allOf(PageSize.class);

  private TwinModels() {}

  /** Small structures of any legal arrangement, so that sets are full soon. */
  static CpuModel small(RandomGenerator random) {
    List<Set<Port>> groups =
        switch (random.nextInt(3)) {
          case 0 -> List.of(ALL);
          case 1 -> List.of(EnumSet.of(Port.FETCH), DATA);
          default -> List.of(EnumSet.of(Port.FETCH), EnumSet.of(Port.LOAD), EnumSet.of(Port.STORE));
        };
    List<TlbGeometry> first = new ArrayList<>();
    for (Set<Port> group : groups) {
      addTlbs(first, "L1 " + group, group, random);
    }
    return new CpuModel(
        "small", first, secondLevel(random), caches(random), largePages(random), random.nextLong());
  }

  /**
   * One small TLB at each level for data and mostly for code, true LRU, no paging-structure cache.
   */
  static CpuModel withShortPaths(RandomGenerator random) {
    List<TlbGeometry> first = new ArrayList<>();
    boolean split = random.nextInt(4) == 0;
    first.add(new TlbGeometry("L1", split ? DATA : ALL, SIZES, lru(random, 8)));
    if (split) {
      first.add(new TlbGeometry("L1I", EnumSet.of(Port.FETCH), SIZES, lru(random, 8)));
    }
    boolean giant = random.nextInt(4) == 0;
    Set<PageSize> sizes = giant ? EnumSet.of(PageSize.SIZE_4K, PageSize.SIZE_2M) : SIZES;
    List<TlbGeometry> second = new ArrayList<>();
    second.add(new TlbGeometry("L2", ALL, sizes, lru(random, Structure.MOST_PACKED)));
    if (giant) {
      second.add(new TlbGeometry("L2 1G", ALL, EnumSet.of(PageSize.SIZE_1G), lru(random, 4)));
    }
    return new CpuModel("short paths", first, second, Map.of(), LargePages.WHOLE, 1);
  }

  private static CacheGeometry lru(RandomGenerator random, int mostWays) {
    int ways = 1 + random.nextInt(mostWays);
    return new CacheGeometry(1 << random.nextInt(4), ways, Replacement.LRU);
  }

  /** First-level TLBs for {@code ports}: 4 KiB pages in the first, others anywhere or nowhere. */
  private static void addTlbs(
      List<TlbGeometry> tlbs, String name, Set<Port> ports, RandomGenerator random) {
    Set<PageSize> withSmallPages = EnumSet.of(PageSize.SIZE_4K);
    Set<PageSize> others = EnumSet.noneOf(PageSize.class);
    for (PageSize size : EnumSet.of(PageSize.SIZE_2M, PageSize.SIZE_1G)) {
      switch (random.nextInt(4)) {
        case 0 -> withSmallPages.add(size);
        case 1 -> others.add(size);
        case 2 -> tlbs.add(new TlbGeometry(name + size, ports, Set.of(size), shape(random)));
        default -> {}
      }
    }
    int place = random.nextInt(tlbs.size() + 1);
    tlbs.add(place, new TlbGeometry(name + "4K", ports, withSmallPages, shape(random)));
    if (!others.isEmpty()) {
      tlbs.add(new TlbGeometry(name + "other", ports, others, shape(random)));
    }
  }

  /** None, one unified, one for data, or two. */
  private static List<TlbGeometry> secondLevel(RandomGenerator random) {
    Set<PageSize> sizes = EnumSet.noneOf(PageSize.class);
    Set<PageSize> rest = EnumSet.noneOf(PageSize.class);
    for (PageSize size : PageSize.values()) {
      switch (random.nextInt(4)) {
        case 0 -> rest.add(size);
        case 1, 2 -> sizes.add(size);
        default -> {}
      }
    }
    List<TlbGeometry> second = new ArrayList<>();
    if (!sizes.isEmpty()) {
      Set<Port> ports = random.nextInt(4) == 0 ? DATA : ALL;
      second.add(new TlbGeometry("L2", ports, sizes, shape(random)));
    }
    if (!rest.isEmpty() && random.nextBoolean()) {
      Set<Port> ports = random.nextInt(4) == 0 ? EnumSet.of(Port.FETCH) : ALL;
      second.add(new TlbGeometry("L2 rest", ports, rest, shape(random)));
    }
    return random.nextInt(5) == 0 ? List.of() : second;
  }

  private static Map<Level, CacheGeometry> caches(RandomGenerator random) {
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    boolean none = random.nextInt(4) == 0;
    for (Level level : EnumSet.range(Level.PML5, Level.PD)) {
      if (!none && random.nextInt(3) != 0) {
        caches.put(level, shape(random));
      }
    }
    return caches;
  }

  private static CacheGeometry shape(RandomGenerator random) {
    return new CacheGeometry(1 << random.nextInt(4), 1 + random.nextInt(7), replacement(random));
  }

  static Replacement replacement(RandomGenerator random) {
    return Replacement.values()[random.nextInt(Replacement.values().length)];
  }

  private static LargePages largePages(RandomGenerator random) {
    return switch (random.nextInt(5)) {
      case 0 -> LargePages.FRACTURED;
      case 1 -> LargePages.SMASHED_1G;
      default -> LargePages.WHOLE;
    };
  }

  /** The yardstick's shape: 64 entries in 4 ways, 1536 in 12, for everything. */
  static CpuModel yardstick(Replacement replacement) {
    return unified("yardstick", new CacheGeometry(16, 4, replacement))
        .withSecond(new CacheGeometry(128, 12, replacement))
        .model();
  }

  /** One fully associative TLB at each level, of {@code ways} entries. */
  static CpuModel fullyAssociative(int ways, Replacement replacement) {
    return unified("fully associative " + ways, new CacheGeometry(1, ways, replacement))
        .withSecond(new CacheGeometry(1, Math.min(128, ways + 24), replacement))
        .model();
  }

  /** A fully associative first level of {@code ways} entries for each port, the second shared. */
  static CpuModel apart(int ways, Replacement replacement) {
    List<TlbGeometry> first = new ArrayList<>();
    for (Port port : Port.values()) {
      CacheGeometry shape = new CacheGeometry(1, ways, replacement);
      first.add(new TlbGeometry("L1 " + port, EnumSet.of(port), SIZES, shape));
    }
    CacheGeometry shape = new CacheGeometry(16, 8, replacement);
    List<TlbGeometry> second = List.of(new TlbGeometry("L2", ALL, SIZES, shape));
    return new CpuModel("ports apart " + replacement, first, second, Map.of(), LargePages.WHOLE, 7);
  }

  /** 24 ways at the first level, 128 direct-mapped sets at the second. */
  static CpuModel wide(Replacement replacement) {
    return unified("24 ways", new CacheGeometry(4, 24, replacement))
        .withSecond(new CacheGeometry(128, 1, replacement))
        .model();
  }

  /** What a desktop processor has: split first level, load and store apart, second level shared. */
  static CpuModel desktop(RandomGenerator random, Set<Level> cached) {
    Replacement replacement = replacement(random);
    List<TlbGeometry> first = new ArrayList<>();
    for (Port port : Port.values()) {
      String name = "L1 " + port;
      Set<Port> ports = EnumSet.of(port);
      Set<PageSize> large = EnumSet.of(PageSize.SIZE_2M, PageSize.SIZE_1G);
      first.add(
          new TlbGeometry(
              name + " 4K",
              ports,
              EnumSet.of(PageSize.SIZE_4K),
              new CacheGeometry(16, 6, replacement)));
      first.add(
          new TlbGeometry(name + " large", ports, large, new CacheGeometry(8, 4, replacement)));
    }
    List<TlbGeometry> second =
        List.of(
            new TlbGeometry(
                "L2",
                ALL,
                EnumSet.of(PageSize.SIZE_4K, PageSize.SIZE_2M),
                new CacheGeometry(128, 8, replacement)),
            new TlbGeometry(
                "L2 1G", ALL, EnumSet.of(PageSize.SIZE_1G), new CacheGeometry(4, 4, replacement)));
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    cached.forEach(level -> caches.put(level, new CacheGeometry(1, 24, replacement)));
    return new CpuModel("desktop", first, second, caches, LargePages.WHOLE, random.nextLong());
  }

  private static Unified unified(String name, CacheGeometry first) {
    return new Unified(name, first, first);
  }

  /** Two unified levels without paging-structure caches. */
  private record Unified(String name, CacheGeometry first, CacheGeometry second) {
    Unified withSecond(CacheGeometry shape) {
      return new Unified(name, first, shape);
    }

    CpuModel model() {
      return new CpuModel(
          name + " " + first.replacement(),
          List.of(new TlbGeometry("L1", ALL, SIZES, first)),
          List.of(new TlbGeometry("L2", ALL, SIZES, second)),
          Map.of(),
          LargePages.WHOLE,
          7);
    }
  }
}
