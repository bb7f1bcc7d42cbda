package dev.pagewalk.arch;

import dev.pagewalk.arch.ModelChoices.LargePages;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The structures between a linear and a physical address in one model of processor.
 *
 * <p>At each level, every pair of a port and a size of page belongs to at most one TLB; each port
 * has a first-level TLB for 4 KiB pages. At the first level loads and stores share all their TLBs
 * or none, and fetches share all of those or none. A page that no TLB of a port can hold whole is
 * held there in the largest pieces that one can hold.
 *
 * @param name the model's name; those of its TLBs differ from each other
 * @param firstLevel TLBs that are looked into first, all at once
 * @param secondLevel TLBs that are looked into after a miss in those
 * @param pagingStructureCaches caches of entries that reference a table, by level PML5 to PD; a
 *     level without one is left out
 * @param largePages how large pages are held
 * @param seed of the random draws of {@link Replacement#NMRU} and {@link Replacement#RANDOM}
 */
public record CpuModel(
    String name,
    List<TlbGeometry> firstLevel,
    List<TlbGeometry> secondLevel,
    Map<Level, CacheGeometry> pagingStructureCaches,
    LargePages largePages,
    long seed) {
  /** Most entries of all first-level TLBs together. */
  public static final int MAX_FIRST_LEVEL = 4000;

  /** Most entries of all second-level TLBs together. */
  public static final int MAX_SECOND_LEVEL = 65_536;

  /**
   * Checks the above.
   *
   * @throws IllegalArgumentException which says what is wrong
   */
  public CpuModel {
    firstLevel = List.copyOf(firstLevel);
    secondLevel = List.copyOf(secondLevel);
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    caches.putAll(pagingStructureCaches);
    if (caches.containsKey(Level.PT)) {
      throw new IllegalArgumentException("a PTE references no table and is held in TLBs only");
    }
    pagingStructureCaches = Collections.unmodifiableMap(caches);
    checkNamesAndSizes(firstLevel, secondLevel);
    checkServedOnce(firstLevel);
    checkServedOnce(secondLevel);
    checkPorts(firstLevel);
  }

  private static void checkNamesAndSizes(List<TlbGeometry> first, List<TlbGeometry> second) {
    Set<String> names = new HashSet<>();
    Stream.concat(first.stream(), second.stream())
        .filter(tlb -> !names.add(tlb.name()))
        .findFirst()
        .ifPresent(tlb -> {
          throw new IllegalArgumentException(tlb.name() + ": another TLB has that name");
        });
    if (entries(first) > MAX_FIRST_LEVEL) {
      throw new IllegalArgumentException("first-level TLBs have at most 4000 entries in all");
    }
    if (entries(second) > MAX_SECOND_LEVEL) {
      throw new IllegalArgumentException("second-level TLBs have at most 65536 entries in all");
    }
  }

  private static int entries(List<TlbGeometry> tlbs) {
    return tlbs.stream().mapToInt(tlb -> tlb.shape().entries()).sum();
  }

  private static void checkServedOnce(List<TlbGeometry> tlbs) {
    Set<String> seen = new HashSet<>();
    for (TlbGeometry tlb : tlbs) {
      for (Port port : tlb.ports()) {
        for (PageSize size : tlb.sizes()) {
          if (!seen.add(port + " " + size)) {
            throw new IllegalArgumentException(
                tlb.name() + ": another TLB of its level holds " + words(size, port));
          }
        }
      }
    }
  }

  /** As a file of a model has them, {@code 4K for fetch}. */
  private static String words(PageSize size, Port port) {
    return size.shortName() + " for " + port.name().toLowerCase(Locale.ROOT);
  }

  private static void checkPorts(List<TlbGeometry> tlbs) {
    for (Port port : Port.values()) {
      boolean served = false;
      for (TlbGeometry tlb : tlbs) {
        served |= tlb.ports().contains(port) && tlb.sizes().contains(PageSize.SIZE_4K);
      }
      if (!served) {
        throw new IllegalArgumentException(
            "no first-level TLB holds " + words(PageSize.SIZE_4K, port));
      }
    }
    for (TlbGeometry one : tlbs) {
      for (TlbGeometry other : tlbs) {
        boolean overlap = one.ports().stream().anyMatch(other.ports()::contains);
        if (overlap && !one.ports().equals(other.ports())) {
          throw new IllegalArgumentException(
              one.name() + " and " + other.name() + ": ports share all first-level TLBs or none");
        }
      }
      if (one.ports().contains(Port.FETCH) && one.ports().size() == 2) {
        throw new IllegalArgumentException(
            one.name() + ": fetches share first-level TLBs with loads and stores or with none");
      }
    }
  }
}
