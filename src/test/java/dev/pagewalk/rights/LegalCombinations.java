package dev.pagewalk.rights;

import static dev.pagewalk.rights.RightsBit.*;

import dev.pagewalk.arch.Level;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/**
 * Counts over named bits and leaves out what is illegal or says nothing new, each with its reason.
 *
 * <p>The counter has two halves that meet in NXE: bits of entries, and bits of registers and
 * access. Both halves are counted in full; a combination is a legal word of each with the same NXE.
 */
public final class LegalCombinations {
  /**
   * Why a combination is dropped: where all of {@code when} and none of {@code unless} hold, the
   * bits {@code only} must be {@code value}.
   */
  record Drop(String reason, long when, long unless, long only, long value) {
    boolean drops(long word) {
      return (word & when) == when && (word & unless) == 0 && (word & only) != value;
    }
  }

  /** Bits of entries that the counter of a 4-level walk runs over. */
  static final long FOUR_LEVELS = range(PML4E_P, PTE_XD);

  /** Bits of entries that the counter of a 5-level walk runs over. */
  static final long FIVE_LEVELS = range(PML5E_P, PTE_XD);

  /** Bits of registers and access that the counter of ordinary accesses runs over. */
  static final long ORDINARY = range(WP, FETCH);

  /** An entry that allows everything, in bits. */
  static final long PERMISSIVE =
      mask(
          PML5E_P, PML5E_RW, PML5E_US, PML4E_P, PML4E_RW, PML4E_US, PDPTE_P, PDPTE_RW, PDPTE_US,
          PDE_P, PDE_RW, PDE_US, PTE_P, PTE_RW, PTE_US);

  /**
   * One half of the counter.
   *
   * @param legal the words that remain
   * @param dropped how many words were dropped, by reason; the first reason that fits counts
   */
  public record Half(List<Long> legal, Map<String, Long> dropped) {
    /** The legal words with that NXE. */
    public List<Long> withNxe(boolean nxe) {
      return legal.stream().filter(word -> NXE.in(word) == nxe).toList();
    }

    /** At most {@code most} of the legal words, spread over all of them. */
    Half thinned(int most) {
      int stride = Math.max(1, legal.size() / most);
      // An odd stride meets both values of every bit.
      int odd = stride | 1;
      List<Long> some =
          IntStream.iterate(0, i -> i < legal.size(), i -> i + odd).mapToObj(legal::get).toList();
      return new Half(some, dropped);
    }

    /** How many words the counter ran over. */
    public long counted() {
      return legal.size() + dropped.values().stream().mapToLong(Long::longValue).sum();
    }
  }

  /** Counts that were asked for before. */
  private static final Map<Count, Half> COUNTED = new ConcurrentHashMap<>();

  private LegalCombinations() {}

  /** Runs over all values of the bits {@code counted}, the bits {@code fixed} being 1. */
  static Half count(long counted, long fixed, List<Drop> drops) {
    return COUNTED.computeIfAbsent(
        new Count(counted, fixed, List.copyOf(drops)), LegalCombinations::run);
  }

  /** What a counter runs over. */
  private record Count(long counted, long fixed, List<Drop> drops) {}

  private static Half run(Count count) {
    List<Drop> drops = count.drops();
    List<Long> legal = new ArrayList<>();
    Map<String, Long> dropped = new LinkedHashMap<>();
    drops.forEach(drop -> dropped.put(drop.reason(), 0L));
    long free = count.counted() & ~count.fixed();
    long next = 0;
    do {
      long word = next | count.fixed();
      Drop reason = firstOf(drops, word);
      if (reason == null) {
        legal.add(word);
      } else {
        dropped.merge(reason.reason(), 1L, Long::sum);
      }
      next = (next - free) & free;
    } while (next != 0);
    return new Half(legal, dropped);
  }

  /** What is no walk of its own, for entries from {@code root} down. */
  static List<Drop> entryDrops(Level root) {
    List<Drop> drops = new ArrayList<>();
    Level[] levels = Level.values();
    for (int i = root.ordinal(); i < levels.length; i++) {
      Level level = levels[i];
      long below = 0;
      for (int j = i + 1; j < levels.length; j++) {
        below |= entryBits(levels[j]);
      }
      // Below, an entry that allows everything: a walk that went on would be noticed.
      long permissive = below & PERMISSIVE;
      long present = of(level, "P").mask();
      long ps = psBit(level);
      drops.add(new Drop("below an entry that is not present", 0, present, below, permissive));
      drops.add(new Drop("PS of an entry that is not present", 0, present, ps, 0));
      drops.add(
          new Drop(
              "below an entry with XD while NXE = 0, which is reserved",
              present | of(level, "XD").mask(),
              NXE.mask(),
              below,
              permissive));
      if (ps != 0) {
        drops.add(new Drop("below an entry that maps a page", ps, 0, below, permissive));
      }
    }
    return drops;
  }

  /** What no processor does. */
  static List<Drop> illegalAccesses() {
    return List.of(
        illegal("no access both writes and fetches", mask(WRITE, FETCH), FETCH),
        illegal("no access is both user-mode and implicit", mask(USER, IMPLICIT), IMPLICIT),
        illegal("no implicit access fetches", mask(IMPLICIT, FETCH), FETCH));
  }

  /** What no processor does on shadow stacks. */
  static List<Drop> illegalShadowStackAccesses() {
    return List.of(
        illegal("no fetch from a shadow stack", mask(SHADOW_STACK, FETCH), FETCH),
        illegal("no shadow-stack access is implicit", mask(SHADOW_STACK, IMPLICIT), IMPLICIT),
        must("CR4.CET = 1 wants CR0.WP = 1", SHADOW_STACK.mask(), 0, WP.mask()));
  }

  /** Settings that the access does not look at; that value stays which would forbid the access. */
  static List<Drop> unseenSettings() {
    return List.of(
        illegal("AC while SMAP = 0", AC.mask(), SMAP, AC),
        illegal("AC in user mode", mask(USER, AC), AC),
        illegal("AC in a fetch", mask(FETCH, AC), AC),
        must("AC in an implicit access, kept at 1", mask(SMAP, IMPLICIT), 0, AC.mask()),
        must("PKRU while PKE = 0", 0, PKE.mask(), mask(PKRU_AD, PKRU_WD)),
        must("PKRS while PKS = 0", 0, PKS.mask(), mask(PKRS_AD, PKRS_WD)));
  }

  /** Holds the bits {@code only} at {@code value}: a smaller set than all. */
  static Drop hold(String reason, long only, long value) {
    return new Drop(reason, 0, 0, only, value);
  }

  /** All bits of the entry at {@code level}. */
  static long entryBits(Level level) {
    return range(of(level, "P"), of(level, "XD")) | psBit(level);
  }

  private static long psBit(Level level) {
    return switch (level) {
      case PDPT -> PDPTE_PS.mask();
      case PD -> PDE_PS.mask();
      default -> 0;
    };
  }

  private static Drop firstOf(List<Drop> drops, long word) {
    for (Drop drop : drops) {
      if (drop.drops(word)) {
        return drop;
      }
    }
    return null;
  }

  private static Drop illegal(String reason, long when, RightsBit not) {
    return new Drop(reason, when, 0, not.mask(), 0);
  }

  private static Drop illegal(String reason, long when, RightsBit unless, RightsBit not) {
    return new Drop(reason, when, unless.mask(), not.mask(), 0);
  }

  private static Drop must(String reason, long when, long unless, long bits) {
    return new Drop(reason, when, unless, bits, bits);
  }
}
