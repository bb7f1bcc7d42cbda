package dev.pagewalk.machine;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FlushToken;
import dev.pagewalk.kernel.Kernel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A machine whose cores run in threads of their own, over one memory and one kernel.
 *
 * <p>The kernel is entered under a lock. What it owes is spent before the lock is given back: a core
 * that is active is sent an interrupt, which it handles between two accesses ({@link #poll}) or while
 * it waits for the lock, and acknowledges; a core that is idle is made clean by the one that asks. A
 * core becomes active and idle under the lock, so that nobody is asked who does not listen.
 */
public final class ParallelMachine extends Machine {
  /** After so long without an acknowledgement a core is taken to be stuck, in seconds. */
  private static final long PATIENCE = 60;

  private static final int SPINS = 200;

  private final AtomicBoolean lock = new AtomicBoolean();
  private final Map<Core, InterruptLine> lines = new HashMap<>();
  
  /** The id of the thread that has the lock, or 0. */
  private volatile long holder;

  /** A machine without cores; {@code kernel} owns its memory. */
  public ParallelMachine(Kernel kernel) {
    super(kernel);
  }

  /** A thread begins to run {@code core}: from now on it polls. */
  public void activate(Core core) {
    setActive(core, true);
  }

  /** The thread of {@code core} makes no access for now, and does not poll. */
  public void rest(Core core) {
    setActive(core, false);
  }

  private void setActive(Core core, boolean active) {
    enterKernel(core);
    try {
      lineOf(core).active = active;
    } finally {
      leaveKernel();
    }
  }

  /** Handles an interrupt, if there is one. For the core's own thread, between two accesses. */
  public void poll(Core core) {
    lineOf(core).handle();
  }

  /** Where interrupts for a core arrive. */
  public InterruptLine line(Core core) {
    return lineOf(core);
  }

  private InterruptLine lineOf(Core core) {
    InterruptLine line = lines.get(core);
    if (line == null) {
      throw new IllegalStateException("the cores must be known before threads start: start()");
    }
    return line;
  }

  /** After the last {@link #addCore}, before the first thread. */
  public void start() {
    cores().forEach(core -> lines.put(core, new InterruptLine()));
  }

  @Override
  void enterKernel(Core core) {
    long self = Thread.currentThread().threadId();
    if (holder != self) {
      int spins = 0;
      while (!lock.compareAndSet(false, true)) {
        if (core != null) {
          poll(core);
        }
        pause(spins++);
      }
      holder = self;
    }
    super.enterKernel(core);
  }

  @Override
  void leaveKernel() {
    super.leaveKernel();
    if (!isInKernel()) {
      holder = 0;
      lock.set(false);
    }
  }

  @Override
  public void spend() {
    FlushToken owed = kernel().owed();
    if (owed.isEmpty()) {
      return;
    }
    List<FlushToken.Item> items = owed.items();
    List<Core> others = new ArrayList<>();
    for (Core core : cores()) {
      if (core == running()) {
        items.forEach(core::invalidate);
      } else if (items.stream().anyMatch(item -> core.loaded() == item.mm())) {
        others.add(core);
      }
    }
    for (FlushToken.Item item : items) {
      if (others.stream().anyMatch(core -> core.loaded() == item.mm())) {
        countShootdown();
      }
    }
    ask(
        others,
        core -> {
          core.interrupted();
          items.forEach(core::invalidate);
        });
    owed.spent();
  }

  @Override
  void stopRunning(AddressSpace mm) {
    List<Core> others = new ArrayList<>();
    for (Core core : cores()) {
      if (core != running() && core.loaded() == mm) {
        others.add(core);
      } else {
        // What the kernel knows of a core's TLBs is used under the lock alone.
        core.leave(mm);
      }
    }
    ask(others, core -> core.leave(mm));
  }

  /** What a core is asked to do. */
  @FunctionalInterface
  private interface Order {
    void on(Core core);
  }

  /** Has cores do something: those that listen by themselves, the others here and now. */
  private void ask(List<Core> cores, Order order) {
    for (Core core : cores) {
      if (lineOf(core).active) {
        lineOf(core).request = () -> order.on(core);
      }
    }
    for (Core core : cores) {
      if (!lineOf(core).active) {
        order.on(core);
      }
    }
    long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE);
    for (Core core : cores) {
      int spins = 0;
      while (lineOf(core).request != null) {
        pause(spins++);
        if ((spins & 0xfff) == 0 && System.nanoTime() > limit) {
          throw new IllegalStateException("a core does not acknowledge an interrupt");
        }
      }
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // there may be more threads than processors
  private static void pause(int spins) {
    if (spins < SPINS) {
      Thread.onSpinWait();
    } else {
      Thread.yield();
    }
  }
}
