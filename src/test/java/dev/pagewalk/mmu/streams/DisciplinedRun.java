package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run that invalidates all it must: the machine has to be equal to the reference. */
final class DisciplinedRun extends Run {
  private final Discipline discipline;

  DisciplinedRun(Pair pair) {
    super(pair);
    this.discipline = new Discipline(pair.scenario(), pair.memory());
  }

  /** Runs of machines that {@code maker} makes. */
  static Run.Maker of(Subject.Maker maker) {
    return (scenario, memories) -> new DisciplinedRun(new Pair(scenario, maker, memories));
  }

  @Override
  Optional<String> play(Move move) {
    return performAll(discipline.operations(move, pair.registers()));
  }

  private Optional<String> performAll(List<Op> ops) {
    for (Op op : ops) {
      Optional<String> wrong = perform(op);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private Optional<String> perform(Op op) {
    Registers before = pair.registers();
    boolean same = pair.perform(op);
    write(op, Set.of());
    if (!same) {
      return Optional.of(pair.difference(op));
    }
    if (pair.expected() instanceof Outcome.Done) {
      discipline.performed(op, before, pair.registers());
    }
    if (op instanceof Op.Touch touch
        && touch.access().kind().isWrite()
        && pair.scenario().cpu().has(Feature.CET)) {
      return performAll(discipline.afterDirty(shadowStackPages(), pair.registers()));
    }
    return Optional.empty();
  }

  /** Entries of read-only pages in which the last access has set D. */
  private Set<Long> shadowStackPages() {
    Set<Long> words = new HashSet<>();
    for (Map.Entry<Long, Long> mark : pair.expectedMarks().entrySet()) {
      boolean readOnly = !Entry.has(pair.memory().read64(mark.getKey()), Entry.RW);
      if (readOnly && Entry.has(mark.getValue(), Entry.D)) {
        words.add(mark.getKey());
      }
    }
    return words;
  }
}
