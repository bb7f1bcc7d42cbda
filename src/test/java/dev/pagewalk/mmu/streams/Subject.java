package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;

/** A machine under test: one core over a memory that somebody else owns. */
interface Subject {
  /** Performs {@code op}; stores are not its business. */
  Outcome perform(Op op);

  /** The registers. */
  Registers registers();

  /** Makes machines. */
  interface Maker {
    /** A machine in the scenario's first state, over {@code memory}. */
    Subject make(Scenario scenario, PhysicalMemory memory);
  }

  /** What a program sees of {@code write}. */
  static Outcome outcome(RegisterWrite write) {
    return switch (write) {
      case RegisterWrite.Accepted accepted -> new Outcome.Done();
      case RegisterWrite.Refused refused -> refused.fault();
    };
  }
}
