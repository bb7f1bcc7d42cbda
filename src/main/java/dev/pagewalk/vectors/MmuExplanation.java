package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.mmu.MmuSnapshot;
import dev.pagewalk.mmu.PagingStructureCacheEntry;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** What an MMU did in one access, told to a person beside the reference walk of the same access. */
final class MmuExplanation {
  private final StringBuilder text = new StringBuilder();

  private MmuExplanation() {}

  /**
   * Lines that end with {@code \n}.
   *
   * @param counters what the MMU counted in this access alone
   * @param after what its structures hold after it
   * @param reference the reference walk of the access on the tables as they are now
   */
  static String of(MmuCounters counters, MmuSnapshot after, WalkResult reference) {
    MmuExplanation explanation = new MmuExplanation();
    explanation.walks(counters);
    explanation.lookups(counters);
    if (reference.steps().getFirst() instanceof WalkStep.AddressChecked checked) {
      explanation.held(after, checked.linearAddress());
    }
    explanation.line("the reference walk on the tables as they are now:");
    return explanation.text + WalkExplanation.of(reference);
  }

  private void walks(MmuCounters counters) {
    if (counters.walks() == 0) {
      line("no page walk");
    } else {
      StringJoiner did = new StringJoiner(", ");
      add(did, counters.walks(), "page walk", "page walks");
      add(did, counters.wordsRead(), "word read", "words read");
      add(did, counters.accessedSet(), "entry marked accessed", "entries marked accessed");
      add(did, counters.dirtySet(), "entry marked dirty", "entries marked dirty");
      add(did, counters.restarts(), "restart", "restarts");
      line(did.toString());
    }
  }

  private void lookups(MmuCounters counters) {
    counters.tlbs().forEach(this::structure);
    counters
        .pagingStructureCaches()
        .forEach((level, structure) -> structure(cacheName(level), structure));
  }

  private void structure(String name, MmuCounters.Structure structure) {
    StringJoiner did = new StringJoiner(", ");
    add(did, structure.hits(), "hit", "hits");
    add(did, structure.misses(), "miss", "misses");
    add(did, structure.fills(), "fill", "fills");
    add(did, structure.evictions(), "eviction", "evictions");
    add(did, structure.invalidations(), "invalidation", "invalidations");
    if (did.length() > 0) {
      line(name + ": " + did);
    }
  }

  /** What the structures hold of {@code address}, under any PCID. */
  private void held(MmuSnapshot after, long address) {
    for (Map.Entry<String, List<TlbEntry>> tlb : after.tlbs().entrySet()) {
      for (TlbEntry entry : tlb.getValue()) {
        if (sameRegion(entry.linearAddress(), address, entry.size().shift())) {
          StringJoiner flags = new StringJoiner(" ");
          entry.flags().stream().sorted().forEach(flag -> flags.add(flag.name()));
          line(
              holds(tlb.getKey(), entry.linearAddress(), entry.pcid())
                  + " -> "
                  + Hex.of(entry.physicalAddress())
                  + (", " + entry.pageSize().inWords() + " page")
                  + (", key " + entry.key())
                  + (", " + flags));
        }
      }
    }
    after
        .pagingStructureCaches()
        .forEach((level, entries) -> {
          for (PagingStructureCacheEntry entry : entries) {
            if (sameRegion(entry.linearAddress(), address, level.shift())) {
              line(
                  holds(cacheName(level), entry.linearAddress(), entry.pcid())
                      + " -> table at "
                      + Hex.of(entry.table()));
            }
          }
        });
  }

  private static String holds(String structure, long linearAddress, int pcid) {
    return structure + " holds PCID " + Hex.of(pcid) + ", " + Hex.word(linearAddress);
  }

  private static String cacheName(Level level) {
    return level.entryName() + " cache";
  }

  private static boolean sameRegion(long one, long other, int shift) {
    return (one ^ other) >>> shift == 0;
  }

  private static void add(StringJoiner text, long count, String one, String many) {
    if (count > 0) {
      text.add(count + " " + (count == 1 ? one : many));
    }
  }

  private void line(String line) {
    text.append(line).append('\n');
  }
}
