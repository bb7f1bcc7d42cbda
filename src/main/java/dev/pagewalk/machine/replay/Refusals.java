package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Signal;
import dev.pagewalk.trace.AccessBatch;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Counts accesses that ended in a signal, and keeps the first. */
final class Refusals {
  private static final String[] KINDS = {"read", "write", "fetch", "modify"};
  private static final int SIGSEGV = 11;

  private final LongSupplier accesses;
  private long count;
  private Refusal first;

  /**
   * No refusal yet.
   *
   * @param accesses how many accesses were made before the one under way
   */
  Refusals(LongSupplier accesses) {
    this.accesses = accesses;
  }

  synchronized void add(Core core, ReplayProcess process, long address, int what) {
    count++;
    if (first == null) {
      String kind = KINDS[AccessBatch.kind(what)];
      first = new Refusal(accesses.getAsLong() + 1, process.id, address, kind, why(core.signal()));
    }
  }

  private static String why(Signal signal) {
    if (signal == null) {
      return "the process was killed";
    }
    if (signal.trap() == Signal.GENERAL_PROTECTION) {
      return signal.name() + ", the address is not canonical";
    }
    boolean mapped = signal.number() != SIGSEGV;
    return mapped ? signal.name() : signal.name() + ", the process may not use the address";
  }

  synchronized long count() {
    return count;
  }

  synchronized Optional<Refusal> first() {
    return Optional.ofNullable(first);
  }
}
