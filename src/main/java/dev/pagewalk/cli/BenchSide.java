package dev.pagewalk.cli;

import java.io.IOException;

/** One of the two sides of {@code pagewalk bench}: the C program, or ours by JMH. */
interface BenchSide {
  /**
   * Runs {@code rounds} rounds of {@code workload}, from empty TLBs, in a process of its own.
   *
   * @throws IOException if the process fails
   */
  BenchLine run(String workload, int rounds) throws IOException;
}
