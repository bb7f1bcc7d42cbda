package dev.pagewalk.rights;

import static dev.pagewalk.rights.RightsBit.*;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.rights.LegalCombinations.Drop;
import dev.pagewalk.rights.LegalCombinations.Half;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Accesses a page under every legal combination of the bits in its scope and holds each answer
 * against the rules.
 *
 * @param cpu the processor; its choices are given to the rules as bits
 * @param root where walks begin: PML4 or PML5
 * @param key protection key of the page
 * @param path how accesses come to their answer
 * @param entries legal words of entry bits
 * @param settings legal words of register and access bits
 */
public record RightsEnumeration(
    Cpu cpu, Level root, int key, AccessPath path, Half entries, Half settings) {
  /** Most words of each half where every mutant runs the enumeration. */
  private static final int MOST_THIN_WORDS = 64;

  /** A key that is not 0. */
  private static final int ANY_KEY = 5;

  /** An enumeration that starts with every legal combination and is then narrowed. */
  public static final class Scope {
    private final Cpu cpu;
    private final Level root;
    private final List<Drop> entryDrops;
    private final List<Drop> settingDrops = new ArrayList<>(LegalCombinations.illegalAccesses());
    private long counted;
    private long fixed;
    private int key = ANY_KEY;
    private AccessPath path = AccessPath.REFERENCE;

    public Scope(ModelChoices choices, Level root) {
      this.cpu = Cpu.withEverything(46, choices);
      this.root = root;
      this.entryDrops = new ArrayList<>(LegalCombinations.entryDrops(root));
      this.counted =
          LegalCombinations.ORDINARY
              | (root == Level.PML5
                  ? LegalCombinations.FIVE_LEVELS
                  : LegalCombinations.FOUR_LEVELS);
    }

    /** Leaves out register values that the access does not look at. */
    public Scope onlySettingsThatMatter() {
      settingDrops.addAll(LegalCombinations.unseenSettings());
      return this;
    }

    /** Counts over {@code bits} too. */
    public Scope alsoCounting(RightsBit... bits) {
      counted |= mask(bits);
      return this;
    }

    /** Shadow-stack accesses instead of ordinary ones; D of the page counts. */
    public Scope onShadowStacks() {
      fixed |= SHADOW_STACK.mask();
      settingDrops.addAll(LegalCombinations.illegalShadowStackAccesses());
      return alsoCounting(LEAF_D);
    }

    /** The entry at {@code level} allows everything. */
    public Scope permissive(Level level) {
      long bits = LegalCombinations.entryBits(level);
      return holdEntries(bits, bits & LegalCombinations.PERMISSIVE);
    }

    /** Holds entry bits at a value. */
    public Scope holdEntries(long bits, long value) {
      entryDrops.add(LegalCombinations.hold("left to a larger enumeration", bits, value));
      return this;
    }

    /** Holds bits of registers or of the access at a value. */
    public Scope holdSettings(long bits, long value) {
      settingDrops.add(LegalCombinations.hold("left to a larger enumeration", bits, value));
      return this;
    }

    /** The page has this key. */
    public Scope withKey(int value) {
      key = value;
      return this;
    }

    /** Accesses go that way, where they can. */
    public Scope through(AccessPath way) {
      path = way;
      return this;
    }

    /** Runs the counter. */
    public RightsEnumeration count() {
      long ofEntries = range(PML5E_P, ALL_A);
      long model = modelBits(cpu);
      return new RightsEnumeration(
          cpu,
          root,
          key,
          path,
          LegalCombinations.count(
              counted & (ofEntries | NXE.mask()), fixed & ofEntries, entryDrops),
          LegalCombinations.count(
              counted & ~ofEntries, (fixed & ~ofEntries) | model, settingDrops));
    }
  }

  /** As {@link #verify()}, and prints how many. */
  public void verify(String name) throws InterruptedException, ExecutionException {
    System.out.println(verify().line(name));
  }

  /** Accesses the page under all of them and expects that every answer is that of the rules. */
  public Report verify() throws InterruptedException, ExecutionException {
    RightsEnumeration all = TestSize.get() == TestSize.MUTATION ? thinned() : this;
    Report report = all.run(ManualRules.complete(), 2);
    assertEquals("", report.mismatch().orElse(""));
    assertEquals(all.size(), report.walks());
    return report;
  }

  /** At most some thousand combinations, spread over all. */
  private RightsEnumeration thinned() {
    return new RightsEnumeration(
        cpu, root, key, path, entries.thinned(MOST_THIN_WORDS), settings.thinned(MOST_THIN_WORDS));
  }

  /**
   * What came of it.
   *
   * @param walks how many
   * @param seconds how long they took
   * @param mismatch the first difference, in words
   */
  public record Report(long walks, double seconds, Optional<String> mismatch) {
    /** The line for the terminal. */
    String line(String name) {
      return "[pagewalk] %s: %,d walks in %.1f s".formatted(name, walks, seconds);
    }
  }

  /** Bits for the choices of {@code cpu} that decide about rights, error codes and marks. */
  static long modelBits(Cpu cpu) {
    ModelChoices choices = cpu.choices();
    long bits =
        switch (choices.accessedOnFault()) {
          case UPPER_LEVELS -> 0;
          case NONE -> NO_A_ON_FAULT.mask();
          case UPPER_LEVELS_AND_1G_LEAF -> A_OF_1G_ON_FAULT.mask();
        };
    bits |=
        switch (choices.rsvdErrorCode()) {
          case WITH_P -> 0;
          case WITHOUT_P -> RSVD_WITHOUT_P.mask();
        };
    bits |=
        switch (choices.keyRegister()) {
          case BY_ADDRESS -> 0;
          case BY_ACCESS -> KEYS_BY_ACCESS.mask();
        };
    bits |=
        switch (choices.keyFlag()) {
          case WHENEVER_DISABLED -> 0;
          case NOT_BEHIND_US -> PK_NOT_BEHIND_US.mask();
        };
    return bits
        | switch (choices.dirtyOnReadOnly()) {
          case SET -> 0;
          case NOT_WITH_SHADOW_STACKS -> cpu.has(Feature.CET_SS) ? NO_D_ON_READ_ONLY.mask() : 0;
        };
  }

  /** How many accesses there are. */
  long size() {
    ManualRules rules = ManualRules.complete();
    long pairs = 0;
    for (boolean nxe : new boolean[] {false, true}) {
      long words =
          entries.withNxe(nxe).stream().filter(w -> path.exists(rules.walk(w, root))).count();
      pairs += words * settings.withNxe(nxe).size();
    }
    return pairs;
  }

  /** Goes through them all, on {@code threads} threads, or until one differs. */
  public Report run(ManualRules rules, int threads)
      throws InterruptedException, ExecutionException {
    long start = System.nanoTime();
    LongAdder walks = new LongAdder();
    AtomicBoolean stop = new AtomicBoolean();
    List<Callable<Optional<String>>> parts = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int part = i;
      parts.add(() -> runPart(rules, new Part(part, threads, walks, stop)));
    }
    Optional<String> mismatch = Optional.empty();
    try (ExecutorService executor = Executors.newFixedThreadPool(threads)) {
      for (Future<Optional<String>> future : executor.invokeAll(parts)) {
        mismatch = mismatch.or(future::resultNow);
      }
    }
    return new Report(walks.sum(), (System.nanoTime() - start) / 1e9, mismatch);
  }

  /** One thread's share: every {@code of}-th word of entries, and what the threads share. */
  private record Part(int index, int of, LongAdder walks, AtomicBoolean stop) {}

  private Optional<String> runPart(ManualRules rules, Part part) {
    try (RightsRig rig = new RightsRig(this, rules)) {
      for (boolean nxe : new boolean[] {true, false}) {
        List<RightsRig.Setting> walks = settings.withNxe(nxe).stream().map(rig::setting).toList();
        List<Long> words = entries.withNxe(nxe);
        for (int i = part.index(); i < words.size() && !part.stop().get(); i += part.of()) {
          if (!rig.exists(words.get(i))) {
            continue;
          }
          rig.write(words.get(i));
          Optional<String> mismatch = rig.check(words.get(i), walks);
          if (mismatch.isPresent()) {
            part.stop().set(true);
            return mismatch;
          }
          part.walks().add(walks.size());
        }
      }
    }
    return Optional.empty();
  }

  /** What was counted and dropped and why, a line each. */
  public String account() {
    StringBuilder text = new StringBuilder();
    account(text, "words of entry bits", entries);
    account(text, "words of register and access bits", settings);
    return text.toString();
  }

  private static void account(StringBuilder text, String what, Half half) {
    text.append(
        "  %,d %s, of which %,d are legal and tell something new; dropped:%n"
            .formatted(half.counted(), what, half.legal().size()));
    half.dropped()
        .forEach((reason, count) -> text.append("    %,9d  %s%n".formatted(count, reason)));
  }
}
