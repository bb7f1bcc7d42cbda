package dev.pagewalk.cli;

import dev.pagewalk.machine.classroom.MachineLine;
import dev.pagewalk.machine.classroom.Report;

/** Where the statements of a run are told. */
sealed interface RunOutput extends AutoCloseable permits RunText, RunJson {
  /** Before the first. */
  void begin(MachineLine machine);

  /**
   * A statement has been carried out.
   *
   * @param step its index
   */
  void report(int step, Report report);

  /**
   * Behind the last.
   *
   * @param done statements carried out
   * @param panic why the kernel has stopped; empty if it has not
   */
  void end(int done, String panic);

  @Override
  void close();
}
