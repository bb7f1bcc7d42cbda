package dev.pagewalk.mmu.streams;

import dev.pagewalk.physmem.PhysicalMemory;
import java.util.HashMap;
import java.util.Map;

/** The memories of the machines of a run, used again from stream to stream. */
final class Memories implements AutoCloseable {
  private final Map<Boolean, PhysicalMemory> subjects = new HashMap<>();
  private final Map<Boolean, PhysicalMemory> references = new HashMap<>();
  private final Judge judge = new Judge();

  /** The memory of the machine under test, as the scenario has it before the first move. */
  PhysicalMemory subject(Scenario scenario) {
    return loaded(subjects, scenario);
  }

  /** The same for the reference. */
  PhysicalMemory reference(Scenario scenario) {
    return loaded(references, scenario);
  }

  /** The judge of chains of entries, with a memory of its own. */
  Judge judge() {
    return judge;
  }

  private static PhysicalMemory loaded(Map<Boolean, PhysicalMemory> all, Scenario scenario) {
    PhysicalMemory memory = all.computeIfAbsent(scenario.flat(), Layout::newMemory);
    memory.clear();
    scenario.load(memory);
    return memory;
  }

  @Override
  public void close() {
    subjects.values().forEach(PhysicalMemory::close);
    references.values().forEach(PhysicalMemory::close);
    judge.close();
  }
}
