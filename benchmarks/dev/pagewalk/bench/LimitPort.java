package dev.pagewalk.bench;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;

/**
 * {@code benchmarks/limit.c}, translated line by line: what Java costs if one does nothing about
 * it, and a second opinion on the counters.
 *
 * <p>It shares nothing with {@code mmu}. Sets are rows of one array; where C compares vectors a
 * loop compares one by one.
 */
final class LimitPort {
  private static final int L1_SETS = 16;
  private static final int L1_WAYS = 4;
  private static final int L2_SETS = 128;
  private static final int L2_WAYS = 12;
  private static final long NONE = -1;
  private static final long CR3 = 0x1000;
  private static final long PCID = 1;

  private final PhysicalMemory memory;
  private final Level l1 = new Level(L1_SETS, L1_WAYS);
  private final Level l2 = new Level(L2_SETS, L2_WAYS);

  long l1Hits;
  long l2Hits;
  long walks;
  long loads;
  long faults;

  LimitPort(PhysicalMemory memory) {
    this.memory = memory;
  }

  /** One level of the TLB; age 0 was used last, age ways - 1 goes first. */
  private static final class Level {
    final int sets;
    final int ways;
    final long[] tag;
    final long[] pte;
    final byte[] age;

    Level(int sets, int ways) {
      this.sets = sets;
      this.ways = ways;
      tag = new long[sets * ways];
      pte = new long[sets * ways];
      age = new byte[sets * ways];
      empty();
    }

    void empty() {
      Arrays.fill(tag, 0);
      Arrays.fill(pte, 0);
      for (int i = 0; i < age.length; i++) {
        age[i] = (byte) (i % ways);
      }
    }

    /** Index of the first way of a page's set. */
    int set(long vpn) {
      return (int) (vpn % sets) * ways;
    }

    /** Index of the way of {@code set} that has {@code wanted}, or -1. */
    int find(int set, long wanted) {
      for (int way = set; way < set + ways; way++) {
        if (tag[way] == wanted) {
          return way;
        }
      }
      return -1;
    }

    void use(int set, int used) {
      int at = age[used];
      for (int way = set; way < set + ways; way++) {
        if (age[way] < at) {
          age[way]++;
        }
      }
      age[used] = 0;
    }

    int oldest(int set) {
      int way = set;
      while (age[way] != ways - 1) {
        way++;
      }
      return way;
    }

    void put(int way, long newTag, long newPte) {
      tag[way] = newTag;
      pte[way] = newPte;
    }
  }

  /** Forgets everything. */
  void empty() {
    l1.empty();
    l2.empty();
    l1Hits = 0;
    l2Hits = 0;
    walks = 0;
    loads = 0;
    faults = 0;
  }

  /** A data access in user mode: the physical address, or -1. */
  long translate(long va, boolean write) {
    long vpn = va >>> 12;
    long tag = (vpn << 13) | (PCID << 1) | 1;
    int set = l1.set(vpn);
    if ((va << 16) >> 16 != va) {
      faults++;
      return NONE;
    }
    int way = l1.find(set, tag);
    if (way >= 0) {
      long pte = l1.pte[way];
      if (!write || (pte & Entry.D) != 0) {
        l1.use(set, way);
        l1Hits++;
        if (!allowed(pte, write)) {
          faults++;
          return NONE;
        }
        return (pte & Entry.ADDRESS) | (va & 4095);
      }
    }
    long pte = miss(va, tag, write);
    return pte == NONE ? NONE : (pte & Entry.ADDRESS) | (va & 4095);
  }

  private long miss(long va, long tag, boolean write) {
    long vpn = va >>> 12;
    int set2 = l2.set(vpn);
    int set1 = l1.set(vpn);
    long pte;
    int way = l2.find(set2, tag);
    if (way >= 0 && (!write || (l2.pte[way] & Entry.D) != 0)) {
      l2Hits++;
      pte = l2.pte[way];
      if (!allowed(pte, write)) {
        faults++;
        return NONE;
      }
    } else {
      pte = walk(va, write);
      if (pte == NONE) {
        return NONE;
      }
      way = way < 0 ? l2.oldest(set2) : way;
      l2.put(way, tag, pte);
    }
    l2.use(set2, way);
    way = l1.find(set1, tag);
    way = way < 0 ? l1.oldest(set1) : way;
    l1.put(way, tag, pte);
    l1.use(set1, way);
    return pte;
  }

  private long walk(long va, boolean write) {
    long table = CR3;
    long rights = Entry.RW | Entry.US;
    long nx = 0;
    long pte = 0;
    long at = 0;
    walks++;
    for (int shift = 39; shift >= 12; shift -= 9) {
      at = table + (((va >>> shift) & 511) << 3);
      pte = memory.read64(at);
      loads++;
      if ((pte & Entry.P) == 0) {
        faults++;
        return NONE;
      }
      rights &= pte;
      nx |= pte & Entry.XD;
      if ((pte & Entry.A) == 0) {
        memory.compareAndSet(at, pte, pte | Entry.A);
        pte |= Entry.A;
      }
      table = pte & Entry.ADDRESS;
    }
    long kept = Entry.ADDRESS | Entry.G | Entry.D | Entry.A | Entry.P;
    long leaf = (pte & kept) | (rights & (Entry.RW | Entry.US)) | nx;
    if (!allowed(leaf, write)) {
      faults++;
      return NONE;
    }
    if (write && (pte & Entry.D) == 0) {
      memory.compareAndSet(at, pte, pte | Entry.D);
      leaf |= Entry.D;
    }
    return leaf;
  }

  private static boolean allowed(long pte, boolean write) {
    return (pte & Entry.US) != 0 && (!write || (pte & Entry.RW) != 0);
  }
}
