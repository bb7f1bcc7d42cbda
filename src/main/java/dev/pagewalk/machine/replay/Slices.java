package dev.pagewalk.machine.replay;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Who runs when, and where. Without a quantum, accesses come in the trace's order, and a process
 * stays on the core of its number modulo the number of cores. With one, processes take turns, round
 * robin: each slice is up to so many accesses of one process and goes to the next core.
 *
 * <p>Turns are dealt within a window of {@value #WINDOW} batches, so that memory is bounded: no
 * access comes before one of an earlier window.
 */
final class Slices {
  /** Batches that are looked ahead. */
  static final int WINDOW = 16;

  /** In place of a core: that of each access's process. */
  static final int BY_PROCESS = -1;

  private final TraceReader trace;
  private final long quantum;
  private final int cores;
  private final AccessBatch incoming = new AccessBatch();
  private final List<Queue> queues = new ArrayList<>();
  private final Deque<Queue> runnable = new ArrayDeque<>();
  private long left;
  private int core = BY_PROCESS;
  private int nextCore;
  private Queue running;
  private long runningLeft;

  /**
   * The slices of a trace.
   *
   * @param quantum accesses of a slice; 0 for the trace's own order
   * @param limit accesses after which the trace is taken to end
   */
  Slices(TraceReader trace, long quantum, int cores, long limit) {
    this.trace = trace;
    this.quantum = quantum;
    this.cores = cores;
    this.left = limit;
  }

  /** The core of the batch that was read last, or {@link #BY_PROCESS}. */
  int core() {
    return core;
  }

  /**
   * Replaces the contents of {@code batch} by the next accesses.
   *
   * @return whether there were any
   */
  boolean next(AccessBatch batch) throws IOException {
    if (quantum == 0) {
      return read(batch);
    }
    if (runningLeft == 0 || running.isEmpty()) {
      if (running != null && !running.isEmpty()) {
        runnable.add(running);
      }
      if (runnable.isEmpty() && !fill()) {
        return false;
      }
      running = runnable.remove();
      runningLeft = quantum;
      core = nextCore;
      nextCore = (nextCore + 1) % cores;
    }
    runningLeft -= running.move(batch, Math.min(runningLeft, AccessBatch.CAPACITY));
    return true;
  }

  private boolean read(AccessBatch batch) throws IOException {
    if (left == 0 || !trace.read(batch)) {
      return false;
    }
    batch.size = (int) Math.min(batch.size, left);
    left -= batch.size;
    return true;
  }

  /** Reads the next window; whether there is anything in it. */
  private boolean fill() throws IOException {
    queues.forEach(Queue::clear);
    boolean any = false;
    for (int i = 0; i < WINDOW && read(incoming); i++) {
      any |= incoming.size > 0;
      for (int k = 0; k < incoming.size; k++) {
        int process = AccessBatch.process(incoming.what[k]);
        while (queues.size() <= process) {
          queues.add(new Queue());
        }
        queues.get(process).add(incoming.address[k], incoming.what[k]);
      }
    }
    for (Queue queue : queues) {
      if (!queue.isEmpty()) {
        runnable.add(queue);
      }
    }
    return any;
  }

  /** The accesses of one process in the window. */
  private static final class Queue {
    private long[] addresses = new long[AccessBatch.CAPACITY];
    private int[] whats = new int[AccessBatch.CAPACITY];
    private int head;
    private int tail;

    void clear() {
      head = 0;
      tail = 0;
    }

    boolean isEmpty() {
      return head == tail;
    }

    void add(long address, int what) {
      if (tail == whats.length) {
        addresses = Arrays.copyOf(addresses, 2 * tail);
        whats = Arrays.copyOf(whats, 2 * tail);
      }
      addresses[tail] = address;
      whats[tail++] = what;
    }

    /** Moves up to {@code most} accesses into a batch; how many. */
    int move(AccessBatch batch, long most) {
      int count = (int) Math.min(most, tail - head);
      System.arraycopy(addresses, head, batch.address, 0, count);
      System.arraycopy(whats, head, batch.what, 0, count);
      batch.size = count;
      head += count;
      return count;
    }
  }
}
