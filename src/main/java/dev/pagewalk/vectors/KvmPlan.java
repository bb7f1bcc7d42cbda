package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/**
 * Where a vector's walks and accesses may go, by the reference walk: what memory the machine
 * underneath must have, and where to look for what it has read, written or fetched.
 *
 * <p>It says where to look and not what is right: an access that goes elsewhere is found to have
 * gone elsewhere.
 */
final class KvmPlan {
  private static final long PAGE = 4096;
  private static final int LONGEST_INSTRUCTION = 15;

  private final Set<Long> roots = new HashSet<>();
  private final Set<Long> frames = new HashSet<>();
  private final Set<Long> tableWords = new HashSet<>();
  private final Map<Long, Set<Long>> places = new HashMap<>();
  private final Set<Action.Touch> readingAheadShows = new HashSet<>();
  private final BitSet indices = new BitSet(Level.ENTRIES);
  private final SpecEngine engine;
  private int width;

  private KvmPlan(SpecEngine engine) {
    this.engine = engine;
  }

  /** The plan for {@code vector}; {@code engine}'s memory is cleared. */
  static KvmPlan of(WalkVector vector, SpecEngine engine) {
    KvmPlan plan = new KvmPlan(engine);
    PhysicalMemory memory = engine.memory();
    memory.clear();
    engine.reset(vector.cpu(), vector.state());
    Words words = vector.memory();
    for (int i = 0; i < words.size(); i++) {
      memory.write64(words.address(i), words.value(i));
      plan.word(words.address(i));
    }
    plan.width = vector.state().linearWidth();
    plan.root(vector.state().cr3());
    List<Action> actions = vector.steps().stream().map(Step::action).toList();
    actions.forEach(action -> plan.note(vector.cpu(), action));
    for (Action action : actions) {
      plan.look(actions);
      engine.perform(action);
    }
    return plan;
  }

  private void word(long pa) {
    tableWords.add(pa);
    frames.add(pa & -PAGE);
    indices.set((int) (pa >>> 3) & (Level.ENTRIES - 1));
  }

  private void root(long cr3) {
    roots.add(cr3 & Entry.ADDRESS);
    frames.add(cr3 & Entry.ADDRESS);
  }

  private void note(Cpu cpu, Action action) {
    switch (action) {
      case Action.Touch touch -> pages(touch).forEach(this::use);
      case Action.Store store -> word(store.pa());
      case Action.Invlpg invlpg -> use(invlpg.va());
      case Action.Invpcid invpcid -> use(invpcid.operand().linearAddress());
      case Action.MovCr3 mov when (mov.value() & cpu.unimplementedAddressBits()) == 0 ->
          root(mov.value());
      case Action.MovCr3 _, Action.MovCr0 _, Action.MovCr4 _, Action.Wrpkru _, Action.Wrmsr _ -> {}
    }
  }

  /** The first address of an access in each page that it lies in. */
  static List<Long> pages(Action.Touch touch) {
    long first = touch.access().linearAddress();
    long offset = first & (PAGE - 1);
    return offset + touch.size() <= PAGE ? List.of(first) : List.of(first, first - offset + PAGE);
  }

  private void use(long address) {
    for (Level level : Level.values()) {
      indices.set(level.index(address));
    }
  }

  /** Notes where all addresses lie as things are. */
  private void look(List<Action> actions) {
    for (Action action : actions) {
      if (action instanceof Action.Touch touch) {
        pages(touch).forEach(page -> look(touch, page));
        lookAhead(touch);
      }
    }
  }

  /** Notes a fetch at a page's end if reading ahead would mark entries of the next page. */
  private void lookAhead(Action.Touch touch) {
    long address = touch.access().linearAddress();
    long next = (address & -PAGE) + PAGE;
    if (touch.access().kind() == AccessKind.FETCH
        && Long.compareUnsigned(next - address, LONGEST_INSTRUCTION) < 0) {
      for (WalkStep step : engine.referenceWalk().probe(touch.access().at(next)).steps()) {
        if (step instanceof WalkStep.Marked) {
          readingAheadShows.add(touch);
        }
      }
    }
  }

  private void look(Action.Touch touch, long address) {
    ReferenceWalk walk = engine.referenceWalk();
    WalkResult result = walk.probe(touch.access().at(address));
    if (result.outcome() instanceof Outcome.GeneralProtection) {
      // Who does not check the address gets to what its lower bits choose.
      result = walk.translate(LinearAddress.signExtend(address, width));
    }
    for (WalkStep step : result.steps()) {
      if (step instanceof WalkStep.EntryRead read) {
        frames.add(read.physicalAddress() & -PAGE);
        tableWords.add(read.physicalAddress());
      }
    }
    result
        .translation()
        .ifPresent(at -> {
          long page = at.physicalAddress() & -PAGE;
          frames.add(page);
          places.computeIfAbsent(address & -PAGE, _ -> new LinkedHashSet<>()).add(page);
        });
  }

  /** Physical addresses of the root tables. */
  Set<Long> roots() {
    return roots;
  }

  /** Physical addresses of all frames. */
  Set<Long> frames() {
    return frames;
  }

  /** An index that no table is asked for; nothing if there is none. */
  OptionalInt freeIndex() {
    int free = indices.nextClearBit(1);
    return free < Level.ENTRIES ? OptionalInt.of(free) : OptionalInt.empty();
  }

  /** Physical addresses at which the byte at a linear address may be; none if nowhere. */
  List<Long> places(long address) {
    Set<Long> pages = places.getOrDefault(address & -PAGE, Set.of());
    return pages.stream().map(page -> page | (address & (PAGE - 1))).toList();
  }

  /** Why {@code touch} cannot be made; null if it can. */
  String whyNot(Action.Touch touch) {
    if (touch.access().kind() == AccessKind.READ) {
      return null;
    }
    if (readingAheadShows.contains(touch)) {
      return "it fetches at a page's end, and reading ahead would mark the next page's entries";
    }
    for (int i = 0; i < touch.size(); i++) {
      List<Long> at = places(touch.access().linearAddress() + i);
      if (at.stream().anyMatch(this::isOfTable)) {
        return "it writes into a word of a table, or fetches from one";
      }
      if (touch.access().kind() == AccessKind.FETCH
          && at.size() > KvmRun.mostPlaces(touch.access().mode().isUser())) {
        return "it fetches from an address that has been at too many places";
      }
    }
    return null;
  }

  /** Whether a byte belongs to a word of a table. */
  boolean isOfTable(long pa) {
    return tableWords.contains(pa & -8);
  }
}
