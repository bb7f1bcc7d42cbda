package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.Rule;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what has to come of a draft, by the reference walk: for each step one outcome, or two where
 * a TLB may hold what a word was before. Of a draft that leaves more open it says nothing.
 *
 * <p>It either holds every accessed and dirty bit for certain, as the manual reads literally, or
 * leaves open those that processors are known to treat differently: then steps have masks.
 */
final class FuzzOracle implements AutoCloseable {
  private static final List<String> SOURCE = List.of("pagewalk-spec");

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final SpecEngine engine = new SpecEngine(memory);
  private final FuzzCoverage coverage = new FuzzCoverage();
  private final OpenMarks open = new OpenMarks();
  private final boolean leavesOpen;
  private Staleness stale;
  private Registers registers;

  /** One that holds everything for certain, and says nothing of a draft in which it is not. */
  FuzzOracle() {
    this(false);
  }

  /** One that leaves open what processors treat differently, if {@code leavesOpen}. */
  FuzzOracle(boolean leavesOpen) {
    this.leavesOpen = leavesOpen;
  }

  /** What the vectors made so far cover. */
  FuzzCoverage coverage() {
    return coverage;
  }

  /**
   * The vector that {@code draft} becomes; nothing if not all of it is certain.
   *
   * @param id its group, a slash, and what tells it from others
   */
  Optional<WalkVector> vector(String id, FuzzDraft draft) {
    if (RegisterRules.whyNoWalk(draft.cpu(), draft.state()).isPresent()
        || draft.actions().isEmpty()
        || Extension.whyNot(draft.cpu(), draft.state(), draft.actions()) != null) {
      return Optional.empty();
    }
    memory.clear();
    draft.words().forEach(memory::write64);
    engine.reset(draft.cpu(), draft.state());
    registers = draft.state();
    stale = new Staleness(draft);
    coverage.begin();
    open.clear();
    Words words = draft.memory();
    long[] now = words.values();
    List<Step> steps = new ArrayList<>();
    for (Action action : draft.actions()) {
      Optional<Step> step =
          action instanceof Action.Touch touch
              ? touch(touch, words, now)
              : other(action, draft, words, now);
      if (step.isEmpty()) {
        return Optional.empty();
      }
      steps.add(step.get());
    }
    String group = id.substring(0, id.indexOf('/'));
    return Optional.of(
        new WalkVector(id, group, draft.cpu(), draft.state(), words, steps, SOURCE, Map.of()));
  }

  private Optional<Step> touch(Action.Touch touch, Words words, long[] now) {
    Staleness.Change change = null;
    List<Long> pages = KvmPlan.pages(touch);
    List<WalkResult> probes = new ArrayList<>(2);
    for (long page : pages) {
      Optional<Staleness.Change> here = stale.of(page);
      if (here.isPresent()) {
        boolean second = change != null && !change.equals(here.get());
        change = second ? Staleness.MANY : here.get();
      }
      WalkResult probe = engine.referenceWalk().probe(touch.access().at(page));
      coverage.add(touch, probe, registers);
      probes.add(probe);
    }
    // Of two pages each may be stale by itself.
    if (Staleness.MANY.equals(change) || (change != null && pages.size() > 1)) {
      return Optional.empty();
    }
    List<Outcome> allowed = new ArrayList<>(2);
    if (change != null) {
      WalkResult older = older(touch.access(), change);
      if (!leavesOpen && (marks(probes.getFirst()) || marks(older))) {
        // Which entries are marked depends on which were used.
        return Optional.empty();
      }
      open.add(older);
      open.add(probes.getFirst());
      allowed.add(older.outcome());
    }
    Outcome outcome = engine.perform(touch);
    if (!allowed.contains(outcome)) {
      allowed.add(outcome);
    }
    if (leavesOpen) {
      boolean write = touch.access().kind().isWrite();
      leaveOpen(probes, new Touched(write, change != null), outcome, allowed);
    }
    return Optional.of(new Step(touch, allowed, Optional.of(open.after(memory, words, now))));
  }

  /** Whether an access writes, and whether a TLB may have served it from what is no more. */
  private record Touched(boolean write, boolean stale) {}

  /** What would come of an access if a word were as it was before. */
  private WalkResult older(Access access, Staleness.Change change) {
    long value = memory.read64(change.pa());
    memory.write64(change.pa(), change.before());
    WalkResult older = engine.referenceWalk().probe(access);
    memory.write64(change.pa(), value);
    return older;
  }

  private static boolean marks(WalkResult probe) {
    return probe.steps().stream().anyMatch(WalkStep.Marked.class::isInstance);
  }

  /**
   * Notes what the manual does not settle of an access: marks of a walk that faults; which of two
   * pages faults first; and whether PK is reported where U/S refuses as well.
   */
  private void leaveOpen(
      List<WalkResult> probes, Touched touched, Outcome outcome, List<Outcome> allowed) {
    if (outcome instanceof Outcome.Reached && !touched.stale) {
      probes.forEach(probe -> settle(probe, touched.write));
    } else if (!(outcome instanceof Outcome.Reached)) {
      probes.forEach(open::add);
    }
    for (WalkResult probe : probes) {
      boolean faults = probe.outcome() instanceof Outcome.PageFault;
      if (faults && outcome instanceof Outcome.PageFault && !allowed.contains(probe.outcome())) {
        allowed.add(probe.outcome());
      }
      for (WalkStep step : probe.steps()) {
        if (step instanceof WalkStep.RightsChecked checked
            && checked.violated().contains(Rule.USER_ADDRESS)
            && probe.outcome() instanceof Outcome.PageFault(int error, long cr2)
            && (error & ErrorCode.PK) != 0) {
          allowed.add(new Outcome.PageFault(error & ~ErrorCode.PK, cr2));
        }
      }
    }
  }

  /** An access that no TLB can have served has marked what it used. */
  private void settle(WalkResult probe, boolean write) {
    for (WalkStep step : probe.steps()) {
      if (step instanceof WalkStep.EntryRead read) {
        // A page that is read-only may stay clean: processors with shadow stacks leave it so.
        boolean dirties = write && read.kind().isLeaf() && Entry.has(read.entry(), Entry.RW);
        open.settle(read.physicalAddress(), Entry.A | (dirties ? Entry.D : 0));
      }
    }
  }

  private Optional<Step> other(Action action, FuzzDraft draft, Words words, long[] now) {
    if (action instanceof Action.Store(long pa, long value)) {
      stale.stored(pa, memory.read64(pa), value);
      open.settle(pa, -1L);
    }
    if (action instanceof Action.Invlpg(long va)) {
      stale.invlpg(va, registers);
    }
    if (action instanceof Action.Instruction instruction) {
      RegisterWrite write = write(instruction, draft);
      coverage.add(instruction, write);
      if (write instanceof RegisterWrite.Accepted(Registers after)) {
        if (!stale.executed(instruction, registers, after)) {
          return Optional.empty();
        }
        registers = after;
      }
    }
    Outcome outcome = engine.perform(action);
    Answers.changed(memory, words, now);
    return Optional.of(new Step(action, List.of(outcome), Optional.empty()));
  }

  private RegisterWrite write(Action.Instruction instruction, FuzzDraft draft) {
    return switch (instruction) {
      case Action.Invpcid(var operand) -> RegisterRules.invpcid(draft.cpu(), registers, operand);
      case Action.MovCr0(long value) -> RegisterRules.movToCr0(draft.cpu(), registers, value);
      case Action.MovCr3(long value) -> RegisterRules.movToCr3(draft.cpu(), registers, value);
      case Action.MovCr4(long value) -> RegisterRules.movToCr4(draft.cpu(), registers, value);
      case Action.Wrpkru(long value) -> RegisterRules.wrpkru(registers, value);
      case Action.Wrmsr(long msr, long value) ->
          RegisterRules.wrmsr(draft.cpu(), registers, msr, value);
    };
  }

  @Override
  public void close() {
    memory.close();
  }
}
