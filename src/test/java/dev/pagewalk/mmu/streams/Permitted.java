package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.ReservedBits;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The answers that an access may get from what may be cached.
 *
 * <p>A TLB entry holds a chain of entries; each was read from memory when an access under its PCID
 * went that way, the upper ones no later than the lower. Between the reading of an entry and of the
 * next one below, the former was held by a paging-structure cache and not dropped; from the reading
 * of the last one on, the translation was held by a TLB and not dropped. An access is decided by
 * such a chain and marks nothing, or by a walk that starts with the upper part of one and reads the
 * rest of the entries as they are now.
 */
final class Permitted {
  /**
   * An answer.
   *
   * @param outcome what the program sees
   * @param marks bits set in entries, by their physical address
   * @param source what it came from
   */
  record Answer(Outcome outcome, Map<Long, Long> marks, Source source) {}

  /** What an answer came from. */
  enum Source {
    TLB,
    PAGING_STRUCTURE_CACHE
  }

  /** What a paging-structure cache tells of the entries above: where to go on, and rights. */
  private record Upper(Level level, long table, long rights) {}

  private final History history;
  private final Scenario scenario;
  private final Judge judge;
  private final Registers now;
  private final ReservedBits reserved;
  private final Access access;
  private final long linearAddress;
  private final List<History.Touch> touches;
  private final Set<Answer> answers = new LinkedHashSet<>();
  private final Set<Upper> uppers = new HashSet<>();

  /** Whose entries are being searched: the current PCID's, or another's for global pages. */
  private int owner;

  private Permitted(Pair pair, Judge judge, History history, Op.Touch touch) {
    this.history = history;
    this.scenario = pair.scenario();
    this.judge = judge;
    this.now = pair.registers();
    this.reserved = new ReservedBits(scenario.cpu(), now);
    this.access = touch.access();
    this.linearAddress = pair.reference().linearAddress();
    this.touches = history.touches();
  }

  /**
   * Every answer to {@code touch}, which the pair has just performed, that rests on something
   * cached; the one of a walk from the root is not among them.
   */
  static Set<Answer> of(Pair pair, Judge judge, History history, Op.Touch touch) {
    Permitted search = new Permitted(pair, judge, history, touch);
    search.run();
    return search.answers;
  }

  private void run() {
    Map<Integer, Map<Long, BitSet>> starts = new TreeMap<>();
    for (int i = 0; i < touches.size(); i++) {
      History.Touch touch = touches.get(i);
      starts
          .computeIfAbsent(touch.pcid(), pcid -> new TreeMap<>())
          .computeIfAbsent(touch.root(), root -> new BitSet())
          .set(i);
    }
    starts.forEach((pcid, roots) -> {
      owner = pcid;
      roots.forEach(
          (root, when) -> descend(Level.root(now.la57()), root, when, Chain.of(linearAddress)));
    });
  }

  /**
   * Follows every value that the entry of {@code level} had when it may have been read.
   *
   * @param when the accesses that may have come to {@code table} by the chain
   */
  private void descend(Level level, long table, BitSet when, Chain chain) {
    long pa = table + 8L * level.index(linearAddress);
    for (Map.Entry<Long, BitSet> read : values(level, pa, when).entrySet()) {
      long entry = read.getKey();
      if (!TableReader.isUsable(reserved, entry, level)) {
        continue;
      }
      Chain longer = chain.plus(entry | Entry.A);
      if (TableReader.isLeaf(entry, level)) {
        tlb(level, longer, read.getValue());
        continue;
      }
      BitSet held = held(level, read.getValue());
      if (held.get(touches.size()) && owner == TableReader.pcid(now)) {
        walkOn(new Upper(level, Entry.table(entry), rights(longer)), longer);
      }
      held.clear(touches.size());
      descend(level.next(), Entry.table(entry), held, longer);
    }
  }

  /** The values of the word at {@code pa}, by the accesses of {@code when} that went its way. */
  private Map<Long, BitSet> values(Level level, long pa, BitSet when) {
    Map<Long, BitSet> values = new LinkedHashMap<>();
    for (int i = when.nextSetBit(0); i >= 0; i = when.nextSetBit(i + 1)) {
      History.Touch touch = touches.get(i);
      if ((touch.linearAddress() ^ linearAddress) >>> level.shift() == 0) {
        // A plays no role in what is cached.
        long value = history.valueAt(pa, touch.time()) & ~Entry.A;
        values.computeIfAbsent(value, key -> new BitSet()).set(i);
      }
    }
    return values;
  }

  /**
   * The accesses that find an entry of {@code level}, read by one of {@code read}, in a
   * paging-structure cache, and those of {@code read} themselves; the access of now has the number
   * after the last.
   */
  private BitSet held(Level level, BitSet read) {
    BitSet held = (BitSet) read.clone();
    if (!scenario.model().pagingStructureCaches().containsKey(level)) {
      return held;
    }
    boolean alive = false;
    int dropped = 0;
    List<History.Drop> drops = history.drops();
    for (int i = read.nextSetBit(0); i >= 0 && i <= touches.size(); i++) {
      long time = i < touches.size() ? touches.get(i).time() : Long.MAX_VALUE;
      for (; dropped < drops.size() && drops.get(dropped).time() < time; dropped++) {
        alive &= !drops.get(dropped).what().dropsTable(owner, linearAddress, level);
      }
      alive |= read.get(i);
      boolean current = i == touches.size() || touches.get(i).pcid() == owner;
      if (alive && current) {
        held.set(i);
      }
    }
    return held;
  }

  /** An answer from a TLB, if the translation read by one of {@code read} can still be there. */
  private void tlb(Level level, Chain chain, BitSet read) {
    long leaf = chain.entries().getLast();
    boolean global = Entry.has(leaf, Entry.G) && TableReader.isPge(now);
    boolean cleanWrite = access.kind().isWrite() && !Entry.has(leaf, Entry.D);
    if (cleanWrite || (!global && owner != TableReader.pcid(now))) {
      return;
    }
    long filled = touches.get(read.length() - 1).time();
    for (History.Drop drop : history.drops()) {
      if (drop.time() > filled && drop.what().dropsPage(owner, global, linearAddress, level)) {
        return;
      }
    }
    Outcome outcome = judge.decide(scenario.cpu(), now, access, chain);
    answers.add(new Answer(outcome, Map.of(), Source.TLB));
  }

  /** The answer of a walk that goes on below {@code upper} with the entries as they are now. */
  private void walkOn(Upper upper, Chain cached) {
    if (!uppers.add(upper)) {
      return;
    }
    Chain chain = cached;
    Level level = upper.level;
    long table = upper.table;
    int first = cached.entries().size();
    long[] read = new long[Level.values().length];
    long entry;
    do {
      level = level.next();
      read[chain.entries().size()] = table + 8L * level.index(linearAddress);
      entry = history.valueBefore(read[chain.entries().size()]);
      chain = chain.plus(entry);
      table = Entry.table(entry);
    } while (TableReader.isUsable(reserved, entry, level) && !TableReader.isLeaf(entry, level));
    Outcome outcome = judge.decide(scenario.cpu(), now, access, chain);
    Map<Long, Long> marks = new TreeMap<>();
    for (int i = first; i < chain.entries().size(); i++) {
      if (judge.marks(i) != 0) {
        marks.merge(read[i], judge.marks(i), (one, other) -> one | other);
      }
    }
    answers.add(new Answer(outcome, marks, Source.PAGING_STRUCTURE_CACHE));
  }

  private static long rights(Chain chain) {
    long all = Entry.RW | Entry.US;
    long any = 0;
    for (long entry : chain.entries()) {
      all &= entry;
      any |= entry & Entry.XD;
    }
    return all | any;
  }
}
