package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The reference walk under the name of an MMU, with answers changed on purpose. */
final class PlantedEngine implements Engine {
  /** What an engine answers in place of the right outcome of an action. */
  interface Change {
    Outcome of(Action action, Outcome right);
  }

  private final String name;
  private final Engine sound;
  private final Change change;

  /** An engine that gives {@code change} of each action and its right outcome. */
  private PlantedEngine(String name, PhysicalMemory memory, Change change) {
    this.name = name;
    this.sound = new SpecEngine(memory);
    this.change = change;
  }

  /** The reference walk, if {@code spec}, and an engine for each of {@code changes}, by name. */
  static Engines engines(boolean spec, Map<String, Change> changes) {
    Map<String, Function<PhysicalMemory, Engine>> mmus = new LinkedHashMap<>();
    changes.forEach(
        (name, change) -> mmus.put(name, memory -> new PlantedEngine(name, memory, change)));
    return new Engines(spec, mmus);
  }

  /** The outcome as it is. */
  static Outcome right(Action action, Outcome outcome) {
    return outcome;
  }

  /** Another page where a write reaches memory, else the outcome as it is. */
  static Outcome wrongOnWrites(Action action, Outcome outcome) {
    boolean write = action instanceof Action.Touch touch && touch.access().kind().isWrite();
    return write && outcome instanceof Outcome.Reached(long pa)
        ? new Outcome.Reached(pa ^ 0x1000)
        : outcome;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void reset(Cpu cpu, Registers registers) {
    sound.reset(cpu, registers);
  }

  @Override
  public PhysicalMemory memory() {
    return sound.memory();
  }

  @Override
  public Outcome perform(Action action) {
    return change.of(action, sound.perform(action));
  }

  @Override
  public String explain(Action action) {
    return name + " says so\n" + sound.explain(action);
  }
}
