package dev.pagewalk.vectors;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;

/**
 * Threads that judge vectors in batches. The answers reach the report in the order in which the
 * vectors were added, however many threads there are. Used by one thread.
 */
final class Crew implements AutoCloseable {
  /** More threads would mean more panels, each with a directory of 4 MiB. */
  private static final int MOST_THREADS = 8;

  private static final int BATCH = 128;

  /** A batch is full when its lines have this many bytes, however few they are. */
  private static final int BATCH_BYTES = 1 << 18;

  /** Batches whose lines have more bytes together than this are not under way at once. */
  private static final int MOST_BYTES = 1 << 24;

  private final VerifyReport report;
  private final Supplier<Panel> panels;
  private final int threads = Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS);
  private final ExecutorService pool = threads == 1 ? null : Executors.newFixedThreadPool(threads);
  private final Executor executor = pool == null ? Runnable::run : pool;
  private final Queue<Panel> idle = new ConcurrentLinkedQueue<>();
  private final Deque<Batch> pending = new ArrayDeque<>();
  private List<Panel.Placed> next = new ArrayList<>();
  private long nextBytes;
  private long pendingBytes;

  /** A batch under way. */
  private record Batch(CompletableFuture<VerifyReport> answer, long bytes) {}

  /**
   * A crew.
   *
   * @param report what all answers are added to
   * @param panels makes a panel; called as often as there are threads at work
   */
  Crew(VerifyReport report, Supplier<Panel> panels) {
    this.report = report;
    this.panels = panels;
  }

  /** Has {@code vector} judged, now or later; {@code bytes} is how long its line is. */
  void add(Panel.Placed vector, int bytes) {
    next.add(vector);
    nextBytes += bytes;
    if (next.size() == BATCH || nextBytes >= BATCH_BYTES) {
      submit();
    }
  }

  /** Waits until the answers to all vectors are in the report. */
  void finish() {
    if (!next.isEmpty()) {
      submit();
    }
    while (!pending.isEmpty()) {
      collectOldest();
    }
  }

  /** Ends the threads when they have judged what is under way, and closes the panels. */
  @Override
  public void close() {
    if (pool != null) {
      pool.close();
    }
    idle.forEach(Panel::close);
  }

  private void submit() {
    while (isBusy()) {
      collectOldest();
    }
    List<Panel.Placed> batch = next;
    pending.add(new Batch(CompletableFuture.supplyAsync(() -> judge(batch), executor), nextBytes));
    pendingBytes += nextBytes;
    next = new ArrayList<>();
    nextBytes = 0;
  }

  private boolean isBusy() {
    return pending.size() >= 2 * threads
        || (!pending.isEmpty() && pendingBytes + nextBytes > MOST_BYTES);
  }

  private void collectOldest() {
    Batch oldest = pending.remove();
    pendingBytes -= oldest.bytes;
    try {
      report.add(oldest.answer.join());
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException bug ? bug : e;
    }
  }

  private VerifyReport judge(List<Panel.Placed> batch) {
    Panel known = idle.poll();
    Panel panel = known == null ? panels.get() : known;
    VerifyReport answers = report.like();
    try {
      batch.forEach(vector -> panel.judge(vector, answers));
    } finally {
      idle.add(panel);
    }
    return answers;
  }
}
