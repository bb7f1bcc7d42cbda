package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.machine.CpuModels;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws models of processors with small structures, so that entries are given up often. */
final class ModelGenerator {
  private final SplittableRandom random;

  ModelGenerator(SplittableRandom random) {
    this.random = random;
  }

  CpuModel draw() {
    List<TlbGeometry> first = new ArrayList<>();
    switch (random.nextInt(4)) {
      case 0 -> addTlbs(first, "L1", EnumSet.allOf(Port.class), true);
      case 1 -> {
        addTlbs(first, "L1I", EnumSet.of(Port.FETCH), true);
        addTlbs(first, "L1L", EnumSet.of(Port.LOAD), true);
        addTlbs(first, "L1S", EnumSet.of(Port.STORE), true);
      }
      default -> {
        addTlbs(first, "L1I", EnumSet.of(Port.FETCH), true);
        addTlbs(first, "L1D", EnumSet.of(Port.LOAD, Port.STORE), true);
      }
    }
    List<TlbGeometry> second = new ArrayList<>();
    switch (random.nextInt(5)) {
      case 0 -> {}
      case 1 -> {
        addTlbs(second, "L2I", EnumSet.of(Port.FETCH), false);
        addTlbs(second, "L2D", EnumSet.of(Port.LOAD, Port.STORE), false);
      }
      case 2 -> addTlbs(second, "L2D", EnumSet.of(Port.LOAD, Port.STORE), false);
      default -> addTlbs(second, "L2", EnumSet.allOf(Port.class), false);
    }
    return new CpuModel(
        "drawn", first, second, caches(), pick(LargePages.values()), random.nextLong());
  }

  /** One of the models that the MMU comes with. */
  CpuModel published() {
    List<String> names = CpuModels.names();
    try {
      return CpuModels.of(names.get(random.nextInt(names.size())));
    } catch (InputException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A model as most processors have it: true LRU, a unified second level, and little else. */
  CpuModel plain() {
    List<TlbGeometry> first = new ArrayList<>();
    Set<PageSize> all = EnumSet.allOf(PageSize.class);
    if (random.nextBoolean()) {
      first.add(new TlbGeometry("L1I", EnumSet.of(Port.FETCH), all, lru(4)));
      first.add(new TlbGeometry("L1D", EnumSet.of(Port.LOAD, Port.STORE), all, lru(4)));
    } else {
      first.add(new TlbGeometry("L1", EnumSet.allOf(Port.class), all, lru(4)));
    }
    List<TlbGeometry> second =
        List.of(new TlbGeometry("L2", EnumSet.allOf(Port.class), all, lru(6)));
    boolean cached = random.nextInt(4) == 0;
    LargePages largePages = LargePages.WHOLE;
    return new CpuModel(
        "plain", first, second, cached ? caches() : Map.of(), largePages, random.nextLong());
  }

  private CacheGeometry lru(int mostWays) {
    return new CacheGeometry(
        1 << random.nextInt(4), random.nextInt(1, mostWays + 1), Replacement.LRU);
  }

  /** TLBs of one level for {@code ports}: one for all sizes, one for each, or fewer. */
  private void addTlbs(List<TlbGeometry> tlbs, String name, Set<Port> ports, boolean first) {
    Set<PageSize> all = EnumSet.allOf(PageSize.class);
    switch (random.nextInt(6)) {
      case 0 -> tlbs.add(new TlbGeometry(name, ports, all, shape()));
      case 1 -> tlbs.add(new TlbGeometry(name, ports, EnumSet.of(PageSize.SIZE_4K), shape()));
      case 2 -> {
        Set<PageSize> small = EnumSet.of(PageSize.SIZE_4K, PageSize.SIZE_2M);
        tlbs.add(new TlbGeometry(name, ports, small, shape()));
        if (random.nextBoolean()) {
          Set<PageSize> huge = EnumSet.of(PageSize.SIZE_1G);
          tlbs.add(new TlbGeometry(name + " 1G", ports, huge, shape()));
        }
      }
      case 3 -> {
        // A second level may hold large pages only.
        Set<PageSize> large = EnumSet.of(PageSize.SIZE_2M, PageSize.SIZE_1G);
        tlbs.add(new TlbGeometry(name + " large", ports, large, shape()));
        if (first) {
          Set<PageSize> small = EnumSet.of(PageSize.SIZE_4K);
          tlbs.add(new TlbGeometry(name, ports, small, shape()));
        }
      }
      default -> {
        for (PageSize size : all) {
          tlbs.add(new TlbGeometry(name + " " + size, ports, EnumSet.of(size), shape()));
        }
      }
    }
  }

  private Map<Level, CacheGeometry> caches() {
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      if (level != Level.PT && random.nextInt(3) != 0) {
        caches.put(level, shape());
      }
    }
    return caches;
  }

  /** One to four sets of one to four ways; now and then fully associative or direct-mapped. */
  private CacheGeometry shape() {
    Replacement replacement = pick(Replacement.values());
    return switch (random.nextInt(8)) {
      case 0 -> new CacheGeometry(1, random.nextInt(1, 17), replacement);
      case 1 -> new CacheGeometry(1 << random.nextInt(7), 1, replacement);
      default -> new CacheGeometry(1 << random.nextInt(3), random.nextInt(1, 5), replacement);
    };
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
