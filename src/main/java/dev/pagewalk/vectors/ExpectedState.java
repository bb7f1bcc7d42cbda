package dev.pagewalk.vectors;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The state that each process should have, brought up to date step by step. */
final class ExpectedState {
  private final Map<String, ProcessState> states = new TreeMap<>();
  private final Set<String> dropped;

  /** The state before the first step; counters in {@code dropped} are left out. */
  ExpectedState(Set<String> dropped) {
    this.dropped = dropped;
    states.put("A", ProcessState.EMPTY);
  }

  /** Applies what {@code step} changed; {@code names} has the starts of named mappings. */
  void apply(ScenarioStep step, Map<String, Long> names) {
    if (step.operation() instanceof Operation.Fork(String child)
        && step.outcome().containsKey("child")) {
      states.put(child, ProcessState.EMPTY);
    }
    if (step.operation() instanceof Operation.Plain(var call) && call == Operation.Bare.EXIT) {
      states.remove(step.process());
    }
    step.changes()
        .forEach((process, change) ->
            states.computeIfPresent(process, (name, state) -> changed(state, change, names)));
  }

  /** The state of each process that is alive. */
  Map<String, ProcessState> states() {
    return states;
  }

  private ProcessState changed(
      ProcessState state, ScenarioStep.Change change, Map<String, Long> names) {
    return new ProcessState(
        change.vmas().map(vmas -> vmas(vmas, names)).orElse(state.vmas()),
        change.pages().map(pages -> pages(pages, names)).orElse(state.pages()),
        change.smaps().map(this::smaps).orElse(state.smaps()),
        change.tables().orElse(state.tables()));
  }

  private static List<ProcessState.Vma> vmas(List<ScenarioStep.Vma> vmas, Map<String, Long> names) {
    return vmas.stream()
        .map(vma ->
            new ProcessState.Vma(
                vma.start().in(names),
                vma.end().in(names),
                vma.perms(),
                vma.pgoff(),
                vma.name(),
                vma.flags()))
        .toList();
  }

  private static List<ProcessState.Run> pages(
      List<ScenarioStep.Pages> pages, Map<String, Long> names) {
    ProcessState.Runs runs = new ProcessState.Runs();
    for (ScenarioStep.Pages run : pages) {
      runs.add(run.at().in(names), run.count(), run.flags(), run.id());
    }
    return runs.list();
  }

  private List<Map<String, Long>> smaps(List<Map<String, Long>> smaps) {
    return smaps.stream()
        .map(counters -> {
          Map<String, Long> kept = new TreeMap<>(counters);
          kept.keySet().removeAll(dropped);
          return kept;
        })
        .toList();
  }
}
