package dev.pagewalk.web;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One reader's machine: a scenario, the statements done so far, and those undone. The machine's
 * state is a function of these; to undo is to carry out all but the last anew. Its methods are
 * synchronized: operations of one session come one after the other.
 */
final class Session implements AutoCloseable {
  private static final int MOST_LISTENERS = 16;

  private final String id;
  private final String preset;
  private final Scenario scenario;
  private final List<Scenario.Step> done = new ArrayList<>();
  private final List<Scenario.Step> undone = new ArrayList<>();
  private final List<EventStream> listeners = new CopyOnWriteArrayList<>();
  private Classroom room;
  private boolean closed;
  private volatile long lastUse = System.nanoTime();

  /**
   * A session whose machine has carried out the scenario's setup.
   *
   * @param preset the name of the preset it comes from; empty for none
   * @throws ScenarioException if a statement of the setup cannot be done
   */
  Session(String id, String preset, Scenario scenario) throws ScenarioException {
    this.id = id;
    this.preset = preset;
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

  String id() {
    return id;
  }

  /** When it was used last, by {@link System#nanoTime}. */
  long lastUse() {
    return lastUse;
  }

  /** The name of the preset it comes from; empty for none. */
  String preset() {
    return preset;
  }

  /** The scenario that it began with. */
  Scenario scenario() {
    return scenario;
  }

  /** Carries a statement out; what was undone is forgotten. */
  synchronized Report perform(Scenario.Step step) throws ScenarioException {
    touch();
    if (done.size() >= Scenario.MOST_STEPS) {
      throw new ScenarioException(
          "expected at most " + Scenario.MOST_STEPS + " statements in a session");
    }
    Report report = room.perform(step);
    done.add(step);
    undone.clear();
    tell("statement", done.size());
    return report;
  }

  /** Carries out the next statement of the scenario that waits for the reader; null if none. */
  synchronized Report next() throws ScenarioException {
    Scenario.Step step = waiting();
    return step == null ? null : perform(step);
  }

  /**
   * The scenario's next statement: the one behind the longest part of it that has been done, other
   * statements between them left out. Null at the end.
   */
  synchronized Scenario.Step waiting() {
    int at = 0;
    for (Scenario.Step step : done) {
      boolean next = at < scenario.steps().size() && step.equals(scenario.steps().get(at));
      at += next ? 1 : 0;
    }
    return at < scenario.steps().size() ? scenario.steps().get(at) : null;
  }

  /** Undoes the last statement; false if there is none. */
  synchronized boolean undo() throws ScenarioException {
    touch();
    if (done.isEmpty()) {
      return false;
    }
    Scenario.Step last = done.getLast();
    rebuild(List.copyOf(done.subList(0, done.size() - 1)));
    undone.add(last);
    tell("undo", done.size());
    return true;
  }

  /** Does again what was undone last; false if there is nothing. */
  synchronized boolean redo() throws ScenarioException {
    touch();
    if (undone.isEmpty()) {
      return false;
    }
    Scenario.Step step = undone.removeLast();
    room.perform(step);
    done.add(step);
    tell("redo", done.size());
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

  /** All that there is to see. */
  synchronized Map<String, Object> state() {
    touch();
    Scenario.Step waiting = waiting();
    return new StateView(room)
        .document()
        .put("id", id)
        .put("preset", preset)
        .put("title", scenario.title())
        .put("watch", scenario.watch())
        .put("surprise", scenario.surprise())
        .put("position", done.size())
        .put("setup", scenario.setup())
        .put("undoable", done.size())
        .put("redoable", undone.size())
        .put("added", added())
        .put("scenario", preset.isEmpty() ? export() : null)
        .put("waiting", waiting == null ? null : waiting.text())
        .map();
  }

  /** What a walk would find. */
  synchronized Map<String, Object> walk(Statement.Access access) throws ScenarioException {
    touch();
    return new WalkView(room).of(access);
  }

  /** The statements done so far, as lines. */
  synchronized List<String> statements() {
    return done.stream().map(Scenario.Step::text).toList();
  }

  /** The statements done after the scenario's setup; all if the setup has been undone. */
  synchronized List<String> added() {
    return statements().subList(Math.min(scenario.setup(), done.size()), done.size());
  }

  /** The steps done so far. */
  synchronized List<Scenario.Step> steps() {
    return List.copyOf(done);
  }

  /** A scenario that leads to where this session is. */
  synchronized String export() {
    StringBuilder text = new StringBuilder();
    line(text, "title", scenario.title());
    line(text, "watch", scenario.watch());
    line(text, "surprise", scenario.surprise());
    text.append("machine ").append(scenario.machine().text()).append('\n');
    statements().forEach(statement -> text.append(statement).append('\n'));
    return text.toString();
  }

  private static void line(StringBuilder text, String word, String rest) {
    if (!rest.isEmpty()) {
      text.append(word).append(' ').append(rest).append('\n');
    }
  }

  /** Has something looked up in the machine while nobody else uses it. */
  synchronized <T> T look(Look<T> look) throws ScenarioException {
    touch();
    return look.at(room);
  }

  /** Something that looks at a machine. */
  @FunctionalInterface
  interface Look<T> {
    /** Looks, and changes nothing. */
    T at(Classroom room) throws ScenarioException;
  }

  /**
   * Has {@code listener} told of everything from now on; returns what stops it.
   *
   * @throws Problem 503 if there are too many
   */
  synchronized Runnable listen(EventStream listener) {
    checkListeners();
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /**
   * Whether one more may listen.
   *
   * @throws Problem 503 if not
   */
  synchronized void checkListeners() {
    touch();
    if (listeners.size() >= MOST_LISTENERS) {
      throw new Problem(
          503,
          "Too many listeners",
          "expected at most " + MOST_LISTENERS + " listeners to a machine");
    }
  }

  private void tell(String what, int position) {
    for (EventStream listener : listeners) {
      listener.put("{\"event\":\"" + what + "\",\"position\":" + position + "}");
    }
  }

  /** Before the machine is used: it must still be there. */
  private void touch() {
    if (closed) {
      throw new Problem(404, "No such machine", "the machine has ended meanwhile");
    }
    lastUse = System.nanoTime();
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    tell("closed", done.size());
    listeners.forEach(EventStream::end);
    listeners.clear();
    room.close();
  }
}
