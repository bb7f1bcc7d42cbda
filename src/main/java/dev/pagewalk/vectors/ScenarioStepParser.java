package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads the steps of one scenario, and knows which processes are alive. */
final class ScenarioStepParser {
  private static final List<String> OWN = List.of("p", "op", "r", "s");

  private final Set<String> names;
  private final Set<String> alive = new TreeSet<>(Set.of("A"));
  private final Set<String> everAlive = new TreeSet<>(alive);
  private final OperationParser operations;
  private final OutcomeParser outcomes;
  private final ChangeParser changes;

  private String process;
  private String verb;

  /**
   * A parser for the steps of a scenario.
   *
   * @param base where page number 0 lies
   * @param files names of its files
   * @param names is given the names that steps give to mappings
   */
  ScenarioStepParser(long base, Set<String> files, Set<String> names) {
    this.names = names;
    ScenarioWords words = new ScenarioWords(names);
    operations = new OperationParser(files, words);
    outcomes = new OutcomeParser(words);
    changes = new ChangeParser(base, words);
  }

  /** The processes that are alive after the steps read so far. */
  Set<String> alive() {
    return alive;
  }

  /** Reads the step whose opening brace the cursor stands on. */
  ScenarioStep parse(Cursor in) throws InputException {
    int seen = 0;
    Map<String, ScenarioStep.Change> changed = Map.of();
    operations.start();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      if (OperationParser.KEYS.contains(key)) {
        operations.read(in, key);
        if (key.equals("as")) {
          nameMapping(in);
        }
        continue;
      }
      seen = VectorParser.once(in, OWN, key, seen);
      switch (key) {
        case "p" -> process = aliveProcess(in, ScenarioWords.process(in));
        case "op" -> verb = in.string();
        case "r" -> outcomes.read(in);
        default -> changed = changes(in);
      }
    }
    in.at("");
    VectorParser.require(in, OWN.subList(0, 3), seen);
    Operation operation = operations.operation(in, verb);
    ScenarioStep step =
        new ScenarioStep(
            process, operation, outcomes.outcome(in, operation), outcomes.faults(), changed);
    live(in, step);
    return step;
  }

  private void nameMapping(Cursor in) throws InputException {
    String name = operations.as();
    if (!name.matches("[a-z][a-z0-9]*") || !names.add(name)) {
      throw in.expected("expected a new name of small letters and digits, found " + in.found());
    }
  }

  private Map<String, ScenarioStep.Change> changes(Cursor in) throws InputException {
    Map<String, ScenarioStep.Change> changed = new LinkedHashMap<>();
    in.openObject();
    for (String who = in.nextKey(); who != null; who = in.nextKey()) {
      if (changed.put(who, changes.read(in)) != null) {
        throw in.expected("the key stands twice in its object");
      }
      in.at("s");
    }
    return changed;
  }

  /** Brings the set of processes up to date and checks that changes are of living ones. */
  private void live(Cursor in, ScenarioStep step) throws InputException {
    if (step.operation() instanceof Operation.Fork(String child)
        && step.outcome().containsKey("child")) {
      if (!everAlive.add(child)) {
        in.at("child");
        throw in.expected("expected the name of a new process, found \"" + child + '"');
      }
      alive.add(child);
    }
    if (step.operation() instanceof Operation.Plain(var call) && call == Operation.Bare.EXIT) {
      alive.remove(step.process());
    }
    in.at("s");
    for (String who : new ArrayList<>(step.changes().keySet())) {
      aliveProcess(in, who);
    }
  }

  private String aliveProcess(Cursor in, String who) throws InputException {
    if (!alive.contains(who)) {
      throw in.expected("expected a process that is alive, found \"" + who + '"');
    }
    return who;
  }
}
