package dev.pagewalk.machine;

import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.machine.CpuModelFile.Basis;
import dev.pagewalk.machine.CpuModelFile.Cache;
import dev.pagewalk.machine.CpuModelFile.Caches;
import dev.pagewalk.machine.CpuModelFile.From;
import dev.pagewalk.machine.CpuModelFile.Source;
import dev.pagewalk.machine.CpuModelFile.Tlb;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Models of processors with everything that is optional there or not, from a seed. */
final class RandomModels {
  private static final long SEED = 20260101;
  private static final int COUNT = 60;
  private static final List<String> TEXTS =
      List.of("mine", "L1 \"4K\"", "a\\b", "Größe", "页表", "a/b: {}", " padded ", "😀");

  /** Ports that share their first-level TLBs: all, data apart, or each alone. */
  private static final List<List<List<Port>>> FIRST =
      List.of(
          List.of(List.of(Port.FETCH, Port.LOAD, Port.STORE)),
          List.of(List.of(Port.FETCH), List.of(Port.STORE, Port.LOAD)),
          List.of(List.of(Port.FETCH), List.of(Port.LOAD), List.of(Port.STORE)));

  private final SplittableRandom random;
  private int names;

  private RandomModels(SplittableRandom random) {
    this.random = random;
  }

  /** As many as a test wants. */
  static List<CpuModelFile> files() {
    SplittableRandom random = new SplittableRandom(SEED);
    List<CpuModelFile> files = new ArrayList<>();
    for (int i = 0; i < COUNT; i++) {
      files.add(new RandomModels(random.split()).file());
    }
    return files;
  }

  private CpuModelFile file() {
    Map<String, Source> sources = new LinkedHashMap<>();
    if (random.nextBoolean()) {
      for (Basis basis : Basis.values()) {
        sources.put("from " + basis, new Source(basis, text()));
      }
    }
    List<String> keys = List.copyOf(sources.keySet());
    List<List<Port>> groups = pick(FIRST);
    return new CpuModelFile(
        text(),
        maybe(text()),
        maybe(text()),
        pick(List.of(LargePages.values())),
        keys.isEmpty() ? null : maybe(pick(keys)),
        maybe(random.nextLong()),
        level(groups, keys),
        random.nextBoolean() ? List.of() : level(pick(FIRST), keys),
        new Caches(cache(keys), cache(keys), cache(keys), cache(keys)),
        sources,
        random.nextBoolean() ? List.of() : List.of(text(), text()));
  }

  private List<Tlb> level(List<List<Port>> groups, List<String> keys) {
    List<Tlb> tlbs = new ArrayList<>();
    for (List<Port> ports : groups) {
      int split = random.nextInt(3);
      if (split == 0) {
        tlbs.add(tlb(ports, List.of(PageSize.SIZE_2M, PageSize.SIZE_4K), keys));
      } else if (split == 1) {
        tlbs.add(tlb(ports, List.of(PageSize.values()), keys));
      } else {
        tlbs.add(tlb(ports, List.of(PageSize.SIZE_4K), keys));
        tlbs.add(tlb(ports, List.of(PageSize.SIZE_1G), keys));
      }
    }
    return tlbs;
  }

  private Tlb tlb(List<Port> ports, List<PageSize> sizes, List<String> keys) {
    Cache cache = someCache(keys, 3, 100);
    return new Tlb(
        text() + names++,
        ports,
        sizes,
        cache.sets(),
        cache.ways(),
        cache.replacement(),
        cache.from(),
        cache.note());
  }

  private Cache cache(List<String> keys) {
    return maybe(someCache(keys, 13, 128));
  }

  /** A shape of fewer than 2^{@code setBits} sets; TLBs have a bound on all entries together. */
  private Cache someCache(List<String> keys, int setBits, int mostWays) {
    From from = keys.isEmpty() ? null : maybe(new From(pick(keys), pick(keys), pick(keys)));
    return new Cache(
        1 << random.nextInt(setBits),
        random.nextInt(1, mostWays + 1),
        pick(List.of(Replacement.values())),
        from,
        maybe(text()));
  }

  private String text() {
    return pick(TEXTS);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private <T> T maybe(T value) {
    return random.nextBoolean() ? value : null;
  }
}
