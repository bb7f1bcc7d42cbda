package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.streams.Permitted.Source;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A run that withholds most invalidations: the machine's answers may be old, but only as old as the
 * architecture permits.
 */
final class WithheldRun extends Run {
  private final Discipline discipline;
  private final History history;
  private final Judge judge;
  private final Map<Source, Long> stale = new EnumMap<>(Source.class);
  private long spurious;

  WithheldRun(Pair pair, Judge judge) {
    super(pair);
    this.discipline = new Discipline(pair.scenario(), pair.memory());
    this.history = new History(pair.scenario(), pair.memory());
    this.judge = judge;
  }

  /** Runs of machines that {@code maker} makes. */
  static Run.Maker of(Subject.Maker maker) {
    return (scenario, memories) ->
        new WithheldRun(new Pair(scenario, maker, memories), memories.judge());
  }

  @Override
  Optional<String> play(Move move) {
    for (Op op : operations(move)) {
      Optional<String> wrong = perform(op);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  /** Answers that no walk of the tables as they were would have given, by what they rest on. */
  Map<Source, Long> stale() {
    return stale;
  }

  /** Page faults among them. */
  long spurious() {
    return spurious;
  }

  /** What careful software would do, without most of the invalidations. */
  private List<Op> operations(Move move) {
    return switch (move) {
      case Move.Plain plain -> List.of(plain.op());
      case Move.Edit edit -> {
        SplittableRandom draw = new SplittableRandom(edit.how());
        List<Op> ops = new ArrayList<>(discipline.operations(edit, pair.registers()));
        ops.removeIf(op -> !(op instanceof Op.Store) && draw.nextInt(3) != 0);
        yield ops;
      }
      case Move.Switch change -> {
        boolean keep = change.keep() && pair.registers().pcide();
        yield List.of(new Op.MovCr3(change.cr3() | (keep ? Cr3.NO_FLUSH : 0)));
      }
    };
  }

  private Optional<String> perform(Op op) {
    history.tick();
    Registers before = pair.registers();
    boolean same = pair.perform(op);
    if (op instanceof Op.Touch touch) {
      return check(touch, same);
    }
    write(op, Set.of());
    if (op instanceof Op.Store store) {
      history.changed(store.pa(), store.value());
    }
    if (pair.expected() instanceof Outcome.Done) {
      discipline.performed(op, before, pair.registers());
      history.performed(op, before, pair.registers());
    }
    return same ? Optional.empty() : Optional.of(pair.difference(op));
  }

  private Optional<String> check(Op.Touch touch, boolean fresh) {
    Set<Permitted.Answer> answers = Set.of();
    if (!fresh || isRecording()) {
      answers = Permitted.of(pair, judge, history, touch);
    }
    write(touch, answers);
    Map<Long, Long> marks = pair.marks();
    if (!fresh) {
      Optional<Permitted.Answer> answer =
          answers.stream()
              .filter(one -> one.outcome().equals(pair.actual()) && one.marks().equals(marks))
              .findFirst();
      if (answer.isEmpty()) {
        return Optional.of(pair.difference(touch) + "  permitted " + answers + "\n");
      }
      stale.merge(answer.get().source(), 1L, Long::sum);
      boolean fault = pair.actual() instanceof Outcome.PageFault;
      spurious += fault && pair.expected() instanceof Outcome.Reached ? 1 : 0;
      pair.adoptWords();
    }
    marks.keySet().forEach(pa -> history.changed(pa, pair.memory().read64(pa)));
    long linearAddress = pair.reference().linearAddress();
    if (pair.actual() instanceof Outcome.Reached) {
      history.touched(pair.registers(), linearAddress);
    } else if (pair.actual() instanceof Outcome.PageFault) {
      history.faulted(pair.registers(), linearAddress);
    }
    return Optional.empty();
  }
}
