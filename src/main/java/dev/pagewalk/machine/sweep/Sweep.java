package dev.pagewalk.machine.sweep;

import dev.pagewalk.trace.TraceOptions;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Runs cells of a sweep, several at a time; each has a thread of its own and shares nothing. */
public final class Sweep {
  private final CellRunner runner;
  private final int jobs;

  /**
   * A sweep that has not begun.
   *
   * @param jobs how many cells run at a time, from 1
   * @param options how traces are opened
   */
  public Sweep(int jobs, TraceOptions options) {
    this.jobs = jobs;
    runner = new CellRunner(options);
  }

  /** Is told of each result. */
  @FunctionalInterface
  public interface Results {
    /** A cell has run; in the thread that called {@link #run}. */
    void add(SweepResult result) throws IOException;
  }

  /**
   * Runs cells, and tells of each result as it comes, in no order.
   *
   * @throws IOException the first mistake in a trace or machine; other cells are given up
   */
  public void run(List<SweepCell> cells, Results results) throws IOException {
    ExecutorService threads = Executors.newFixedThreadPool(jobs);
    try {
      CompletionService<SweepResult> done = new ExecutorCompletionService<>(threads);
      cells.forEach(cell -> done.submit(() -> runner.run(cell)));
      for (int i = 0; i < cells.size(); i++) {
        results.add(take(done));
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static SweepResult take(CompletionService<SweepResult> done) throws IOException {
    try {
      return done.take().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException io -> throw io;
        case RuntimeException bug -> throw bug;
        case Error bug -> throw bug;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }
}
