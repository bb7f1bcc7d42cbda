package dev.pagewalk.machine.classroom;

import java.util.ArrayList;
import java.util.List;

/**
 * A scenario, the statements done so far, and those undone. The machine's state is a function of
 * these; to undo is to carry out all but the last anew. Used by one thread at a time.
 */
public final class Timeline implements AutoCloseable {
  private final Scenario scenario;
  private final List<Scenario.Step> done = new ArrayList<>();
  private final List<Scenario.Step> undone = new ArrayList<>();
  private Classroom room;

  /**
   * A machine that has carried out the scenario's setup.
   *
   * @throws ScenarioException if a statement of the setup cannot be done
   */
  public Timeline(Scenario scenario) throws ScenarioException {
    this.scenario = scenario;
    this.room = new Classroom(scenario.machine());
    boolean ready = false;
    try {
      for (Scenario.Step step : scenario.steps().subList(0, scenario.setup())) {
        perform(step);
      }
      ready = true;
    } finally {
      if (!ready) {
        room.close();
      }
    }
  }

  /** The scenario that it began with. */
  public Scenario scenario() {
    return scenario;
  }

  /** The machine as it is now; another one after {@link #undo}. */
  public Classroom room() {
    return room;
  }

  /**
   * Carries a statement out; what was undone is forgotten.
   *
   * @throws ScenarioException if it cannot be done: nothing has changed then
   */
  public Report perform(Scenario.Step step) throws ScenarioException {
    if (done.size() >= Scenario.MOST_STEPS) {
      throw new ScenarioException("expected at most " + Scenario.MOST_STEPS + " statements in all");
    }
    Report report = room.perform(step);
    done.add(step);
    undone.clear();
    return report;
  }

  /**
   * Carries out the scenario's next statement that waits; null if none does.
   *
   * @throws ScenarioException if it cannot be done
   */
  public Report next() throws ScenarioException {
    Scenario.Step step = waiting();
    return step == null ? null : perform(step);
  }

  /**
   * The scenario's next statement: the one behind the longest part of it that has been done, other
   * statements between them left out. Null at the end.
   */
  public Scenario.Step waiting() {
    int at = 0;
    for (Scenario.Step step : done) {
      boolean next = at < scenario.steps().size() && step.equals(scenario.steps().get(at));
      at += next ? 1 : 0;
    }
    return at < scenario.steps().size() ? scenario.steps().get(at) : null;
  }

  /**
   * Undoes the last statement; false if there is none.
   *
   * @throws ScenarioException never, as all was possible before
   */
  public boolean undo() throws ScenarioException {
    if (done.isEmpty()) {
      return false;
    }
    Scenario.Step last = done.getLast();
    rebuild(List.copyOf(done.subList(0, done.size() - 1)));
    undone.add(last);
    return true;
  }

  /**
   * Does again what was undone last; false if there is nothing.
   *
   * @throws ScenarioException never, as it was possible before
   */
  public boolean redo() throws ScenarioException {
    if (undone.isEmpty()) {
      return false;
    }
    Scenario.Step step = undone.removeLast();
    room.perform(step);
    done.add(step);
    return true;
  }

  private void rebuild(List<Scenario.Step> steps) throws ScenarioException {
    Classroom anew = new Classroom(scenario.machine());
    for (Scenario.Step step : steps) {
      anew.perform(step);
    }
    room.close();
    room = anew;
    done.clear();
    done.addAll(steps);
  }

  /** The statements done so far. */
  public List<Scenario.Step> steps() {
    return List.copyOf(done);
  }

  /** How many statements have been undone and can be done again. */
  public int redoable() {
    return undone.size();
  }

  /** The statements done so far, as lines. */
  public List<String> statements() {
    return done.stream().map(Scenario.Step::text).toList();
  }

  /** The statements done after the scenario's setup; none if the setup has been undone. */
  public List<String> added() {
    return statements().subList(Math.min(scenario.setup(), done.size()), done.size());
  }

  /** Whether the scenario's setup is done, as it stands there. */
  public boolean hasSetup() {
    int setup = scenario.setup();
    return done.size() >= setup
        && done.subList(0, setup).equals(scenario.steps().subList(0, setup));
  }

  /** Whether something else was done in place of a part of the setup that was undone. */
  public boolean hasStrayed() {
    int both = Math.min(scenario.setup(), done.size());
    return !done.subList(0, both).equals(scenario.steps().subList(0, both));
  }

  /** A scenario that leads to where this is. */
  public String export() {
    StringBuilder text = new StringBuilder(scenario.head());
    statements().forEach(statement -> text.append(statement).append('\n'));
    return text.toString();
  }

  @Override
  public void close() {
    room.close();
  }
}
