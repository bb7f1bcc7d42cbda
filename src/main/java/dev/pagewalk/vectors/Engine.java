package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;

/** A machine under test: it starts in a vector's state and performs one action after another. */
interface Engine {
  /** Who it is, in a report. */
  String name();

  /** Starts anew as {@code cpu} with {@code registers}; the memory stays as it is. */
  void reset(Cpu cpu, Registers registers);

  /** The machine's physical memory, in which the runner puts and reads the page tables. */
  PhysicalMemory memory();

  /** Performs {@code action}. */
  Outcome perform(Action action);

  /**
   * Performs {@code action}, and says in lines for a person how its outcome came about; empty if
   * there is nothing to say.
   */
  String explain(Action action);
}
