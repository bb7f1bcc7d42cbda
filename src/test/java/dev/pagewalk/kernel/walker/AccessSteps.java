package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.machine.Signal;

/** Loads, stores and fetches of a process, through the MMU and its TLBs. */
final class AccessSteps {
  private final Walk walk;

  AccessSteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelProcess process = walk.processes[step.who()];
    long address = step.a();
    if (step.operation() == Operation.LOAD_STACK && address >>> 47 != 0) {
      notCanonical(walk.core(step).loadThroughStack(address, 1));
      return;
    }
    boolean oneByte = step.operation() != Operation.LOAD && step.operation() != Operation.STORE;
    int size = oneByte ? 1 : (int) step.b();
    long last = address + size - 1;
    walk.settle(process, address);
    walk.settle(process, last);
    int right = right(step.operation());
    Verdict verdict = Verdict.of(process, address, right);
    if (verdict == Verdict.DONE && isOtherPage(address, last)) {
      verdict = Verdict.of(process, last, right);
    }
    boolean isNew = walk.placement.isNew(process, address);
    Reply reply = reply(step, walk.core(step));
    switch (reply) {
      case Reply.Signalled(Signal signal) -> {
        refused(signal, verdict);
        walk.adopt(process, address, last + 1);
      }
      case Reply.Done(long value) -> {
        if (verdict != Verdict.DONE) {
          throw new AssertionError("the access is made, expected " + verdict);
        }
        done(step, process, size, value);
        if (isNew && right == Prot.WRITE && !isOtherPage(address, last)) {
          walk.placement.check(process, address, step.core());
        }
      }
    }
  }

  private static int right(Operation operation) {
    return switch (operation) {
      case LOAD, LOAD_STACK -> Prot.READ;
      case FETCH -> Prot.EXEC;
      default -> Prot.WRITE;
    };
  }

  private static boolean isOtherPage(long first, long last) {
    return (first & -4096) != (last & -4096);
  }

  private static Reply reply(Step step, Core core) {
    return switch (step.operation()) {
      case LOAD -> core.load(step.a(), (int) step.b());
      case STORE -> core.store(step.a(), (int) step.b(), step.c());
      case ADD -> core.exchangeAdd(step.a(), (int) step.c());
      case EXCHANGE -> core.compareExchange(step.a(), (int) step.b(), (int) step.c());
      case LOAD_STACK -> core.loadThroughStack(step.a(), 1);
      default -> core.fetch(step.a());
    };
  }

  private static void notCanonical(Reply reply) {
    boolean right =
        reply instanceof Reply.Signalled(Signal signal)
            && signal.number() == FaultResult.SIGBUS
            && signal.trap() == Signal.STACK_FAULT;
    if (!right) {
      throw new AssertionError(reply + ", expected #SS");
    }
  }

  private void refused(Signal signal, Verdict verdict) {
    boolean forMemory = walk.setting.tight() && signal.number() == FaultResult.SIGKILL;
    if (forMemory) {
      walk.shortages++;
    } else if (!verdict.isOf(signal)) {
      throw new AssertionError("%s, expected %s".formatted(signal, verdict));
    }
  }

  private static void done(Step step, ModelProcess process, int size, long value) {
    long old = load(process, step.a(), size);
    switch (step.operation()) {
      case STORE -> store(process, step.a(), size, step.c());
      case ADD -> {
        same(value, old);
        store(process, step.a(), 1, old + step.c());
      }
      case EXCHANGE -> {
        same(value, old);
        store(process, step.a(), 1, old == (step.b() & 0xff) ? step.c() : old);
      }
      default -> same(value, old);
    }
  }

  private static void same(long value, long expected) {
    if (value != expected) {
      throw new AssertionError("loaded 0x%x, expected 0x%x".formatted(value, expected));
    }
  }

  /** What the model has there, little-endian. */
  static long load(ModelProcess process, long address, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      long at = address + i;
      int offset = (int) at & 0xfff;
      value = value << 8 | Contents.byteAt(process.at(at).contents(), offset);
    }
    return value;
  }

  /** Stores in the model. */
  static void store(ModelProcess process, long address, int size, long value) {
    int done = 0;
    while (done < size) {
      long at = address + done;
      int offset = (int) at & 0xfff;
      int count = Math.min(size - done, 4096 - offset);
      ModelPage page = process.at(at);
      page.write(Contents.store(page.contents(), offset, count, value >>> (8 * done)));
      page.lazy = false;
      done += count;
    }
  }
}
