package dev.pagewalk.machine.replay;

import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.InterruptLine;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.machine.ParallelMachine;
import dev.pagewalk.mmu.Mmu;

/** What is looked at on one core beside translations: places of table words, nodes, a listener. */
final class Watch {
  private static final int PAGE_SHIFT = 12;

  private final Mmu mmu;
  private final TableCaches caches;
  private final NodeMap nodes;
  private final int node;
  private final AccessListener listener;
  private final Refusals refusals;
  private final Clock clock;
  private final Core core;

  /** Told of each access if the policy is an oracle; else null. */
  private final Kernel oracle;

  /** Where interrupts arrive, if each core has a thread; else null. */
  private final InterruptLine line;

  private final Machine machine;
  private final ParallelMachine parallel;
  private long wordsSeen;
  private long local;
  private long remote;

  /**
   * What one core looks at.
   *
   * @param number the core's, from 0
   * @param caches where table words are found; null if walks have a flat price
   */
  Watch(Core core, int number, TableCaches caches, Setting setting) {
    this.core = core;
    this.mmu = core.mmu();
    this.caches = caches;
    this.nodes = setting.nodes();
    this.node = nodes.ofCore(number);
    this.listener = setting.listener();
    this.refusals = setting.refusals();
    this.machine = setting.machine();
    this.parallel = setting.machine() instanceof ParallelMachine made ? made : null;
    this.line = parallel == null ? null : parallel.line(core);
    this.clock = setting.clock() == null ? new Clock() : setting.clock();
    Kernel kernel = setting.machine().kernel();
    this.oracle = kernel.wantsAccesses() ? kernel : null;
    this.wordsSeen = mmu.wordsRead();
  }

  /**
   * What the cores of a replay share here.
   *
   * @param machine what they belong to
   * @param nodes of the machine
   * @param clock of all of them together; null if each has its own
   * @param listener told of each access; null if nobody listens
   * @param refusals where refused accesses are noted
   */
  record Setting(
      Machine machine, NodeMap nodes, Clock clock, AccessListener listener, Refusals refusals) {}

  /** The clock that counts this core's accesses. */
  Clock clock() {
    return clock;
  }

  /** Whether there is nothing to look at. */
  boolean isIdle() {
    return caches == null
        && nodes.count() == 1
        && listener == null
        && oracle == null
        && line == null;
  }

  /** Loads a process; false if it was killed. */
  boolean load(ReplayProcess process) {
    if (core.loaded() == process.mm) {
      return true;
    }
    return machine.load(core, process.mm);
  }

  /** After each translation: where were the words that it read, if it walked? */
  void walked(ReplayProcess process, long address) {
    if (caches != null) {
      long words = mmu.wordsRead();
      if (words != wordsSeen) {
        caches.walked(process.mm.userRoot(), address, words - wordsSeen);
        wordsSeen = words;
      }
    }
  }

  /** An access has its physical address. */
  void reached(long address, int what, long physical) {
    if (nodes.count() > 1) {
      if (nodes.ofAddress(physical) == node) {
        local++;
      } else {
        remote++;
      }
    }
    if (oracle != null) {
      oracle.accessed(physical >>> PAGE_SHIFT, clock.pageAccesses());
    }
    if (listener != null) {
      listener.accessed(address, what, physical);
    }
  }

  /** Whether another core wants something of this one. */
  boolean isInterrupted() {
    return line != null && line.isPending();
  }

  /** Does what another core wants, and goes on in user mode. */
  void handleInterrupt() {
    parallel.poll(core);
    if (core.loaded() != null) {
      core.enterUserMode();
    }
  }

  /** An access ended in a signal; if the process is to be killed, it is. */
  void refused(ReplayProcess process, long address, int what) {
    process.refuse();
    refusals.add(core, process, address, what);
    if (core.signal().number() == FaultResult.SIGKILL && !process.isKilled()) {
      process.kill();
      machine.exit(process.mm);
    }
  }

  /** Words found at a place of the caches; 0 if there are none. */
  long found(int place) {
    return caches == null ? 0 : caches.found(place);
  }

  /** Accesses to the own node; 0 where a machine has but one. */
  long local() {
    return local;
  }

  /** Accesses to other nodes. */
  long remote() {
    return remote;
  }
}
