package dev.pagewalk.machine;

/** Where interrupts for one core of a {@link ParallelMachine} arrive: room for one. */
public final class InterruptLine {
  /** What the core is to do; null once it has been done, which acknowledges it. */
  volatile Runnable request;

  /** Whether the core's thread listens; changed under the kernel's lock alone. */
  boolean active;

  InterruptLine() {}

  /** Whether an interrupt waits: the core's thread must {@link ParallelMachine#poll} then. */
  public boolean isPending() {
    return request != null;
  }

  /** Does what is asked, and acknowledges it. */
  void handle() {
    Runnable asked = request;
    if (asked != null) {
      asked.run();
      request = null;
    }
  }
}
