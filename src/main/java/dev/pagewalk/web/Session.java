package dev.pagewalk.web;

import dev.pagewalk.machine.classroom.Classroom;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import dev.pagewalk.machine.classroom.Timeline;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * One reader's machine: a {@link Timeline} that can be used from many threads, one after the other,
 * and those who want to hear of what happens.
 */
final class Session implements AutoCloseable {
  private static final int MOST_LISTENERS = 16;

  private final String id;
  private String preset;
  private Timeline timeline;
  private long changes;
  private final List<EventStream> listeners = new CopyOnWriteArrayList<>();
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
    this.timeline = new Timeline(scenario);
  }

  String id() {
    return id;
  }

  /** When it was used last, by {@link System#nanoTime}. */
  long lastUse() {
    return lastUse;
  }

  /** The name of the preset it comes from; empty for none. */
  synchronized String preset() {
    return preset;
  }

  /** The scenario that it began with. */
  synchronized Scenario scenario() {
    return timeline.scenario();
  }

  /** Carries a statement out; what was undone is forgotten. */
  synchronized Report perform(Scenario.Step step) throws ScenarioException {
    touch();
    Report report = timeline.perform(step);
    tell("statement");
    return report;
  }

  /** Carries out the next statement of the scenario that waits for the reader; null if none. */
  synchronized Report next() throws ScenarioException {
    Scenario.Step step = waiting();
    return step == null ? null : perform(step);
  }

  /** The scenario's next statement; null at the end. */
  synchronized Scenario.Step waiting() {
    return timeline.waiting();
  }

  /** Undoes the last statement; false if there is none. */
  synchronized boolean undo() throws ScenarioException {
    touch();
    boolean moved = timeline.undo();
    if (moved) {
      tell("undo");
    }
    return moved;
  }

  /** Does again what was undone last; false if there is nothing. */
  synchronized boolean redo() throws ScenarioException {
    touch();
    boolean moved = timeline.redo();
    if (moved) {
      tell("redo");
    }
    return moved;
  }

  /** What {@link #restore} takes to come back to where this is. */
  synchronized Map<String, Object> snapshot() {
    touch();
    if (!timeline.hasSetup()) {
      return new Doc().put("scenario", timeline.export()).map();
    }
    Doc doc = new Doc();
    if (preset.isEmpty()) {
      doc.put("scenario", scenario().text());
    } else {
      doc.put("preset", preset);
    }
    return doc.put("statements", timeline.added()).map();
  }

  /**
   * Begins anew, with another scenario; if that cannot be done, nothing has changed.
   *
   * @param newPreset the name of the preset it comes from; empty for none
   * @param steps done after its setup
   * @throws ScenarioException if one of them cannot be done
   */
  synchronized void restore(String newPreset, Scenario scenario, List<Scenario.Step> steps)
      throws ScenarioException {
    touch();
    Timeline anew = new Timeline(scenario);
    boolean ready = false;
    try {
      for (Scenario.Step step : steps) {
        anew.perform(step);
      }
      ready = true;
    } finally {
      (ready ? timeline : anew).close();
    }
    preset = newPreset;
    timeline = anew;
    tell("restore");
  }

  /** All that there is to see. */
  synchronized Map<String, Object> state() {
    touch();
    Scenario.Step waiting = waiting();
    int position = timeline.steps().size();
    // With another beginning it is no longer the preset, and must not be linked to as one.
    String name = timeline.hasStrayed() ? "" : preset;
    return new StateView(timeline.room())
        .document()
        .put("id", id)
        .put("preset", name)
        .put("title", scenario().title())
        .put("watch", scenario().watch())
        .put("surprise", scenario().surprise())
        .put("changes", changes)
        .put("position", position)
        .put("setup", scenario().setup())
        .put("undoable", position)
        .put("redoable", timeline.redoable())
        .put("added", added())
        .put("scenario", name.isEmpty() ? export() : null)
        .put("waiting", waiting == null ? null : waiting.text())
        .map();
  }

  /** What a walk would find. */
  synchronized Map<String, Object> walk(Statement.Access access) throws ScenarioException {
    touch();
    return new WalkView(timeline.room()).of(access);
  }

  /** The statements done so far, as lines. */
  synchronized List<String> statements() {
    return timeline.statements();
  }

  /** The statements done after the scenario's setup. */
  synchronized List<String> added() {
    return timeline.added();
  }

  /** The steps done so far. */
  synchronized List<Scenario.Step> steps() {
    return timeline.steps();
  }

  /** A scenario that leads to where this session is. */
  synchronized String export() {
    return timeline.export();
  }

  /** Has something looked up in the machine while nobody else uses it. */
  synchronized <T> T look(Look<T> look) throws ScenarioException {
    touch();
    return look.at(timeline.room());
  }

  /** Something that looks at a machine. */
  @FunctionalInterface
  interface Look<T> {
    /** Looks, and changes nothing. */
    T at(Classroom room) throws ScenarioException;
  }

  /**
   * Has {@code listener} told of everything from now on, beginning with where the machine is;
   * returns what stops it.
   *
   * @throws Problem 503 if there are too many
   */
  synchronized Runnable listen(EventStream listener) {
    checkListeners();
    listeners.add(listener);
    listener.put(event("listening"));
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

  private void tell(String what) {
    changes++;
    String event = event(what);
    listeners.forEach(listener -> listener.put(event));
  }

  private String event(String what) {
    int position = timeline.steps().size();
    return "{\"event\":\"%s\",\"position\":%d,\"changes\":%d}".formatted(what, position, changes);
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
    tell("closed");
    listeners.forEach(EventStream::end);
    listeners.clear();
    timeline.close();
  }
}
