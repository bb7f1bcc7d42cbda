package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.spec.Rule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntConsumer;

/**
 * Generates vectors of format 1, some with its extensions, from the reference walk: the same seed
 * gives the same bytes. What the manual leaves open is left open in them, by masks and by {@code
 * permits}.
 */
public final class Generation {
  private static final int MOST_TRIES = 40;
  private static final int CHUNK = 1 << 16;

  private final Options options;
  private final FuzzOracle oracle = new FuzzOracle(true);
  private final Map<String, Integer> counts = new LinkedHashMap<>();
  private final VectorText text = new VectorText();
  private final List<GenGroup> groups = new ArrayList<>();

  /**
   * What is generated.
   *
   * @param groups by name, in turn
   * @param seed of what is left to chance
   * @param count how many vectors
   * @param smoke if it is more than 0, at most so many of them are picked
   * @param from files of vectors that may be picked too
   */
  public record Options(List<String> groups, long seed, int count, int smoke, List<Path> from) {
    public Options {
      groups = List.copyOf(groups);
      from = List.copyOf(from);
    }
  }

  /**
   * What was written, and what it covers.
   *
   * @param groups how many vectors of each group
   * @param rules how many rules there are, for ordinary accesses and those of the groups'
   *     extensions
   * @param rulesShown how many of them the vectors show
   * @param pairs how many pairs of rules can stand in the way of one access
   * @param pairsShown how many of them the vectors show
   * @param missing what they do not show
   * @param situations how many situations they are in; of picked ones nothing is said
   * @param switches how many known mistakes there are; 0 if nobody looked
   * @param missed those that no vector catches
   */
  public record Result(
      Map<String, Integer> groups,
      int rules,
      int rulesShown,
      int pairs,
      int pairsShown,
      List<String> missing,
      int situations,
      int switches,
      List<String> missed) {
    /** How many vectors. */
    public int vectors() {
      return groups.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  /** A generation by {@code options}, whose groups must be among {@link #groups}. */
  public Generation(Options options) {
    this.options = options;
    for (GenGroup group : GenGroup.values()) {
      if (options.groups.contains(group.id())) {
        groups.add(group);
      }
    }
    if (groups.size() != Set.copyOf(options.groups).size()) {
      throw new IllegalArgumentException("unknown group among " + options.groups);
    }
  }

  /** The names of all groups. */
  public static List<String> groups() {
    return GenGroup.ids();
  }

  /**
   * Generates and writes.
   *
   * @param progress is told how many vectors there are so far
   * @throws InputException if a file of vectors to pick from cannot be read
   */
  public Result run(OutputStream out, IntConsumer progress) throws IOException {
    RightsSpace space = new RightsSpace();
    try (oracle;
        RuleCoverage coverage = coverage(space)) {
      if (options.smoke == 0) {
        generate(
            space,
            coverage,
            (_, line, _) -> {
              text.raw(line);
              if (text.size() >= CHUNK) {
                text.moveTo(out);
              }
            },
            progress);
        text.moveTo(out);
        return result(coverage, oracle.coverage().size(), 0, List.of());
      }
      return pick(space, coverage, out, progress);
    }
  }

  /** Of the accesses that the groups are about, ordinary ones or those of extensions. */
  private RuleCoverage coverage(RightsSpace space) {
    return new RuleCoverage(space, groups.stream().map(GenGroup::extension).distinct().toList());
  }

  private Result result(RuleCoverage coverage, int situations, int switches, List<String> missed) {
    return new Result(
        counts,
        coverage.rules(),
        coverage.rulesSeen(),
        coverage.pairs(),
        coverage.pairsSeen(),
        coverage.missing(),
        situations,
        switches,
        missed);
  }

  /** Somebody to whom vectors are given. */
  private interface Taker {
    void take(WalkVector vector, String line, BitSet shows) throws IOException;
  }

  // --- making ---

  private void generate(RightsSpace space, RuleCoverage coverage, Taker taker, IntConsumer progress)
      throws IOException {
    List<GenMaker> makers = groups.stream().map(group -> group.maker(space, options.seed)).toList();
    int[] next = new int[groups.size()];
    for (int i = 0; i < options.count; i++) {
      int which = i % groups.size();
      GenGroup group = groups.get(which);
      // A number none of whose drafts has certain answers is passed over.
      Optional<WalkVector> made = Optional.empty();
      while (made.isEmpty()) {
        made = make(group, makers.get(which), next[which]++);
      }
      WalkVector vector = made.get();
      oracle.coverage().take();
      BitSet shows = coverage.add(vector);
      counts.merge(group.id(), 1, Integer::sum);
      text.vector(vector, note(group, coverage.first(shows)));
      taker.take(vector, new String(text.take(), StandardCharsets.UTF_8), shows);
      if (i % 64 == 0) {
        progress.accept(i);
      }
    }
  }

  private Optional<WalkVector> make(GenGroup group, GenMaker maker, int number) {
    // What is left to chance depends on the seed, the group and the number alone.
    SplittableRandom random =
        new SplittableRandom(
            options.seed * 0x9e37_79b9_7f4a_7c15L
                ^ (number + 1L) * 0xbf58_476d_1ce4_e5b9L
                ^ (long) group.ordinal() << 56);
    for (int i = 0; i < MOST_TRIES; i++) {
      String id = group.id() + "/" + options.seed + "-" + number;
      Optional<WalkVector> vector = oracle.vector(id, maker.make(number, random));
      if (vector.isPresent()) {
        return vector;
      }
    }
    return Optional.empty();
  }

  private String note(GenGroup group, Rule rule) {
    String section = rule == null ? group.section() : rule.section();
    String volume = section.equals("Canonical Addressing") ? "1" : "3A";
    return "SDM %s \"%s\": derived from the manual by the reference walk, observed nowhere; seed %d."
        .formatted(volume, section, options.seed);
  }

  // --- picking ---

  private Result pick(
      RightsSpace space, RuleCoverage coverage, OutputStream out, IntConsumer progress)
      throws IOException {
    SmokeSet set = new SmokeSet();
    try (DeviationCatch deviations = new DeviationCatch()) {
      generate(
          space,
          coverage,
          (vector, line, shows) -> {
            // Not everybody can make the accesses of extensions: they only show what must be shown.
            Set<String> situations =
                Extension.of(vector).isEmpty() ? oracle.coverage().ofLast() : Set.of();
            set.add(vector, line, with(shows, deviations.of(vector), coverage.size()), situations);
          },
          progress);
      for (Path file : TestFiles.below(options.from).vectors()) {
        read(
            file,
            (vector, line, _) -> {
              BitSet shows = coverage.add(vector);
              set.add(vector, line, with(shows, deviations.of(vector), coverage.size()), Set.of());
            });
      }
    }
    counts.clear();
    BitSet caught = new BitSet();
    try (RuleCoverage ofPicked = coverage(space)) {
      for (SmokeSet.Candidate picked : set.pick(options.smoke)) {
        counts.merge(picked.vector().group(), 1, Integer::sum);
        ofPicked.add(picked.vector());
        caught.or(picked.shows());
        out.write(picked.line().getBytes(StandardCharsets.UTF_8));
      }
      List<String> missed = new ArrayList<>();
      for (Deviation deviation : Deviation.values()) {
        if (!caught.get(coverage.size() + deviation.ordinal())) {
          missed.add(deviation.id());
        }
      }
      return result(ofPicked, 0, Deviation.values().length, missed);
    }
  }

  private static BitSet with(BitSet shows, BitSet more, int from) {
    more.stream().forEach(i -> shows.set(from + i));
    return shows;
  }

  private static void read(Path file, Taker taker) throws IOException {
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file)) {
      while (lines.next()) {
        try (Cursor cursor = lines.cursor()) {
          String line = lines.text() + "\n";
          taker.take(parser.parse(cursor), line, new BitSet());
        }
      }
    }
  }
}
