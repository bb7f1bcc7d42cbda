package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Says what has to come of a draft, by the reference walk: for each step one outcome, or two where
 * a TLB may hold what a word was before. Of a draft that leaves more open it says nothing.
 */
final class FuzzOracle implements AutoCloseable {
  private static final List<String> SOURCE = List.of("pagewalk-spec");

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final SpecEngine engine = new SpecEngine(memory);
  private final FuzzCoverage coverage = new FuzzCoverage();
  private Staleness stale;
  private Registers registers;

  /** What the vectors made so far cover. */
  FuzzCoverage coverage() {
    return coverage;
  }

  /** The vector that {@code draft} becomes; nothing if not all of it is certain. */
  Optional<WalkVector> vector(String id, FuzzDraft draft) {
    if (RegisterRules.whyNoWalk(draft.cpu(), draft.state()).isPresent()
        || draft.actions().isEmpty()) {
      return Optional.empty();
    }
    memory.clear();
    draft.words().forEach(memory::write64);
    engine.reset(draft.cpu(), draft.state());
    registers = draft.state();
    stale = new Staleness(draft);
    coverage.begin();
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
    return Optional.of(
        new WalkVector(id, "fuzz", draft.cpu(), draft.state(), words, steps, SOURCE, Map.of()));
  }

  private Optional<Step> touch(Action.Touch touch, Words words, long[] now) {
    Staleness.Change change = null;
    for (long page : KvmPlan.pages(touch)) {
      Optional<Staleness.Change> here = stale.of(page);
      if (here.isPresent()) {
        boolean second = change != null && !change.equals(here.get());
        change = second ? Staleness.MANY : here.get();
      }
      coverage.add(touch, engine.referenceWalk().probe(touch.access().at(page)), registers);
    }
    // Of two pages each may be stale by itself.
    if (Staleness.MANY.equals(change) || (change != null && KvmPlan.pages(touch).size() > 1)) {
      return Optional.empty();
    }
    List<Outcome> allowed = new ArrayList<>(2);
    if (change != null) {
      long value = memory.read64(change.pa());
      boolean marks = marks(touch);
      memory.write64(change.pa(), change.before());
      marks |= marks(touch);
      if (marks) {
        // Which entries are marked depends on which were used.
        return Optional.empty();
      }
      allowed.add(engine.perform(touch));
      memory.write64(change.pa(), value);
    }
    Outcome outcome = engine.perform(touch);
    if (!allowed.contains(outcome)) {
      allowed.add(outcome);
    }
    return Optional.of(new Step(touch, allowed, Optional.of(Answers.changed(memory, words, now))));
  }

  /** Whether an access marks an entry, as the tables are. */
  private boolean marks(Action.Touch touch) {
    for (long page : KvmPlan.pages(touch)) {
      Access access = touch.access().at(page);
      for (WalkStep step : engine.referenceWalk().probe(access).steps()) {
        if (step instanceof WalkStep.Marked) {
          return true;
        }
      }
    }
    return false;
  }

  private Optional<Step> other(Action action, FuzzDraft draft, Words words, long[] now) {
    if (action instanceof Action.Store(long pa, long value)) {
      stale.stored(pa, memory.read64(pa), value);
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
