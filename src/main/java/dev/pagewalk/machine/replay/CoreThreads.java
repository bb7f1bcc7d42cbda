package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.ParallelMachine;
import dev.pagewalk.trace.AccessBatch;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A thread for each core. The thread that calls reads the trace and deals batches out to the cores;
 * a core makes its accesses in the order in which it gets them, and rests while it has none.
 */
final class CoreThreads {
  /** Batches that wait for a core, at most. */
  private static final int WAITING = 4;

  private static final long CHECK_MILLIS = 100;

  private final ParallelMachine machine;
  private final Processes processes;
  private final long tickEvery;
  private final List<Lane> lanes = new ArrayList<>();
  private volatile Throwable failure;

  /** A core's batches, its thread, and the batch that is being filled for it. */
  private final class Lane implements Runnable {
    final CoreLoop loop;
    final BlockingQueue<AccessBatch> full = new ArrayBlockingQueue<>(WAITING);
    final BlockingQueue<AccessBatch> empty = new ArrayBlockingQueue<>(WAITING + 2);
    final Thread thread;
    AccessBatch filling;
    long made;

    Lane(CoreLoop loop, int number) {
      this.loop = loop;
      for (int i = 0; i < WAITING + 1; i++) {
        empty.add(new AccessBatch());
      }
      thread = new Thread(this, "core " + number);
      thread.setDaemon(true);
    }

    @Override
    public void run() {
      Core core = loop.core();
      try {
        AccessBatch batch = full.take();
        while (batch.size > 0) {
          machine.activate(core);
          try {
            while (batch != null && batch.size > 0) {
              make(batch);
              empty.put(batch);
              batch = full.poll();
            }
          } finally {
            machine.rest(core);
          }
          batch = batch == null ? full.take() : batch;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | IOException | Error e) {
        failure = e;
      }
    }

    /** Makes a batch's accesses, and the timer's interrupts that fall into it. */
    private void make(AccessBatch batch) throws IOException {
      int from = 0;
      while (from < batch.size) {
        long untilTick = tickEvery - made % tickEvery;
        int to = (int) Math.min(batch.size, from + untilTick);
        ReplayProcess process = processes.get(AccessBatch.process(batch.what[from]));
        int end = loop.runOrSkip(batch, from, to, process);
        made += end - from;
        from = end;
        if (made % tickEvery == 0) {
          machine.tick(loop.core());
        }
      }
    }
  }

  CoreThreads(ParallelMachine machine, List<CoreLoop> loops, Processes processes, long tickEvery) {
    this.machine = machine;
    this.processes = processes;
    this.tickEvery = tickEvery;
    for (CoreLoop loop : loops) {
      lanes.add(new Lane(loop, lanes.size()));
    }
  }

  /** Makes all accesses; returns when the last is made. */
  void run(Slices slices, LongConsumer progress) throws IOException {
    lanes.forEach(lane -> lane.thread.start());
    try {
      AccessBatch batch = new AccessBatch();
      long done = 0;
      while (slices.next(batch)) {
        for (int i = 0; i < batch.size; i++) {
          int number = AccessBatch.process(batch.what[i]);
          processes.get(number);
          boolean fixed = slices.core() != Slices.BY_PROCESS;
          Lane lane = lanes.get(fixed ? slices.core() : number % lanes.size());
          add(lane, batch.address[i], batch.what[i]);
        }
        if (slices.core() != Slices.BY_PROCESS) {
          send(lanes.get(slices.core()));
        }
        done += batch.size;
        progress.accept(done);
      }
      for (Lane lane : lanes) {
        send(lane);
        put(lane.full, new AccessBatch());
      }
      for (Lane lane : lanes) {
        join(lane.thread);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      lanes.forEach(lane -> lane.thread.interrupt());
    }
  }

  private void add(Lane lane, long address, int what) throws InterruptedException, IOException {
    if (lane.filling == null) {
      AccessBatch batch = lane.empty.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
      while (batch == null) {
        check();
        batch = lane.empty.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
      }
      batch.size = 0;
      lane.filling = batch;
    }
    lane.filling.add(address, what);
    if (lane.filling.isFull()) {
      send(lane);
    }
  }

  private void send(Lane lane) throws InterruptedException, IOException {
    if (lane.filling != null && lane.filling.size > 0) {
      put(lane.full, lane.filling);
      lane.filling = null;
    }
  }

  private void put(BlockingQueue<AccessBatch> queue, AccessBatch batch)
      throws InterruptedException, IOException {
    while (!queue.offer(batch, CHECK_MILLIS, TimeUnit.MILLISECONDS)) {
      check();
    }
  }

  private void join(Thread thread) throws InterruptedException, IOException {
    while (!thread.join(Duration.ofMillis(CHECK_MILLIS))) {
      check();
    }
    check();
  }

  /** Fails as a core's thread has failed. */
  private void check() throws IOException {
    switch (failure) {
      case null -> {}
      case IOException e -> throw new IOException(e.getMessage(), e);
      default -> throw new IllegalStateException("a core's thread has failed", failure);
    }
  }
}
