package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Core;
import dev.pagewalk.mmu.Mmu;

/** What is looked at on one core beside translations: places of table words, nodes, a listener. */
final class Watch {
  private final Mmu mmu;
  private final TableCaches caches;
  private final NodeMap nodes;
  private final int node;
  private final AccessListener listener;
  private final Refusals refusals;
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
    this.mmu = core.mmu();
    this.caches = caches;
    this.nodes = setting.nodes();
    this.node = nodes.ofCore(number);
    this.listener = setting.listener();
    this.refusals = setting.refusals();
    this.wordsSeen = mmu.wordsRead();
  }

  /**
   * What the cores of a replay share here.
   *
   * @param nodes of the machine
   * @param listener told of each access; null if nobody listens
   * @param refusals where refused accesses are noted
   */
  record Setting(NodeMap nodes, AccessListener listener, Refusals refusals) {}

  /** Whether there is nothing to look at. */
  boolean isIdle() {
    return caches == null && nodes.count() == 1 && listener == null;
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
    if (listener != null) {
      listener.accessed(address, what, physical);
    }
  }

  /** An access ended in a signal. */
  void refused(Core core, ReplayProcess process, long address, int what) {
    refusals.add(core, process, address, what);
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
