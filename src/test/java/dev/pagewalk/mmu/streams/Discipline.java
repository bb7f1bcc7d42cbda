package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * What a careful operating system does after each change of its tables, and no more than that.
 *
 * <p>Source: SDM 3A "Operations that Invalidate TLBs and Paging-Structure Caches", "Recommended
 * Invalidation" and "Optional Invalidation". Between moves, whatever a processor may have cached
 * for a PCID that is not {@link #isStale stale} agrees with the tables in memory; a stale PCID is
 * flushed when it is next made current.
 */
final class Discipline {
  /** Bits that no processor reads in any entry: 10:9, R, and 58:52. */
  private static final long IGNORED = 3L << 9 | Entry.R | 0x7fL << 52;

  private final Scenario scenario;
  private final Cpu cpu;
  private final PhysicalMemory memory;

  /** Root table by PCID, for each PCID of which something may be cached. */
  private final Map<Integer, Long> roots = new HashMap<>();

  private final Set<Integer> stale = new HashSet<>();

  /**
   * The discipline of one run.
   *
   * @param memory holds the tables, as they are between operations
   */
  Discipline(Scenario scenario, PhysicalMemory memory) {
    this.scenario = scenario;
    this.cpu = scenario.cpu();
    this.memory = memory;
    roots.put(TableReader.pcid(scenario.registers()), scenario.registers().root());
  }

  /** The operations that {@code move} consists of, in order. */
  List<Op> operations(Move move, Registers now) {
    return switch (move) {
      case Move.Plain plain -> List.of(plain.op());
      case Move.Edit edit -> edit(edit, now);
      case Move.Switch change -> change(change, now);
    };
  }

  /**
   * The invalidations that follow an access of which hardware has set D in {@code words}, whose R/W
   * is 0: that made them shadow-stack pages, and translations cached before do not say so.
   */
  List<Op> afterDirty(Set<Long> words, Registers now) {
    return invalidate(words, now, new SplittableRandom(words.hashCode()));
  }

  /** Takes note of an operation that has been performed and not refused. */
  void performed(Op op, Registers before, Registers after) {
    int current = TableReader.pcid(after);
    switch (op) {
      case Op.MovCr3 mov -> {
        if (!after.pcide() || (mov.value() & Cr3.NO_FLUSH) == 0) {
          stale.remove(current);
        }
        roots.put(current, after.root());
      }
      case Op.MovCr4 mov -> {
        long changed = before.cr4() ^ after.cr4();
        boolean all = (changed & Cr4.PGE) != 0 || (changed & before.cr4() & Cr4.PCIDE) != 0;
        forgetIf(all, after);
      }
      case Op.Wrmsr wrmsr -> forgetIf(before.nxe() != after.nxe(), after);
      case Op.Invpcid invpcid -> {
        long type = invpcid.operand().type();
        forgetIf(type == 2 || type == 3, after);
        if (type == 1 && invpcid.operand().pcid() != current) {
          roots.remove((int) invpcid.operand().pcid());
          stale.remove((int) invpcid.operand().pcid());
        }
      }
      default -> {}
    }
  }

  private void forgetIf(boolean all, Registers now) {
    if (all) {
      roots.clear();
      stale.clear();
      roots.put(TableReader.pcid(now), now.root());
    }
  }

  private List<Op> edit(Move.Edit edit, Registers now) {
    Set<Long> changed = new HashSet<>();
    Map<Long, Long> values = new HashMap<>();
    for (Op.Store store : edit.stores()) {
      long old = values.getOrDefault(store.pa(), memory.read64(store.pa()));
      if (matters(old, store.value())) {
        changed.add(store.pa());
      }
      values.put(store.pa(), store.value());
    }
    List<Op> ops = new ArrayList<>(edit.stores());
    ops.addAll(invalidate(changed, now, new SplittableRandom(edit.how())));
    return ops;
  }

  /**
   * Whether something cached from {@code old} may be wrong after the change. SDM 3A "Optional
   * Invalidation": not if P was 0, nor if A was set; setting D matters to shadow stacks only.
   */
  private static boolean matters(long old, long now) {
    long changed = (old ^ now) & ~IGNORED;
    long set = changed & now;
    if (!Entry.has(old, Entry.P) || changed == 0 || (changed == Entry.A && set == Entry.A)) {
      return false;
    }
    return !(Entry.has(old, Entry.RW) && set == changed && (changed & ~(Entry.A | Entry.D)) == 0);
  }

  private List<Op> change(Move.Switch change, Registers now) {
    Registers next = now.withCr3(change.cr3());
    int pcid = TableReader.pcid(next);
    // "Software should clear bit 63 of the source operand to a MOV to CR3 instruction that
    // establishes a PCID that had been used earlier for a different linear-address space".
    boolean sameSpace = roots.getOrDefault(pcid, next.root()) == next.root();
    boolean keep = now.pcide() && change.keep() && sameSpace && !stale.contains(pcid);
    List<Op> ops = new ArrayList<>();
    ops.add(new Op.MovCr3(change.cr3() | (keep ? Cr3.NO_FLUSH : 0)));
    TableReader tables = new TableReader(scenario, memory, now);
    // "This assumes that both linear-address spaces use the same global pages ... If that is not
    // the case, software should invalidate those entries by executing MOV to CR4 to modify
    // CR4.PGE."
    if (TableReader.isPge(now) && !new SharedGlobals(tables).between(now.root(), next.root())) {
      ops.addAll(everything(now, new SplittableRandom(change.how())));
    }
    return ops;
  }

  /** What is enough after {@code words} have changed; the memory is still as it was. */
  private List<Op> invalidate(Set<Long> words, Registers now, SplittableRandom draw) {
    if (words.isEmpty()) {
      return List.of();
    }
    TableReader tables = new TableReader(scenario, memory, now);
    Uses current = new Uses(tables, now.root(), words);
    if (draw.nextInt(40) == 0 || (current.tooMany() && current.touchesGlobals())) {
      return everything(now, draw);
    }
    List<Op> ops = new ArrayList<>();
    if (current.any()) {
      ops.addAll(currentSpace(current, now, draw));
    }
    for (Map.Entry<Integer, Long> other : List.copyOf(roots.entrySet())) {
      int pcid = other.getKey();
      if (pcid != TableReader.pcid(now) && !stale.contains(pcid)) {
        Uses uses = new Uses(tables, other.getValue(), words);
        if (uses.any()) {
          ops.addAll(otherSpace(pcid, uses, draw));
        }
      }
    }
    return ops;
  }

  private List<Op> currentSpace(Uses uses, Registers now, SplittableRandom draw) {
    if (cpu.has(Feature.SMEP) && draw.nextInt(10) == 0) {
      // A rise of CR4.SMEP "invalidates all TLB entries and all entries in all paging-structure
      // caches for the current PCID".
      return List.of(new Op.MovCr4(now.cr4() & ~Cr4.SMEP), new Op.MovCr4(now.cr4() | Cr4.SMEP));
    }
    if (isByAddress(uses) && !uses.touchesGlobals() && draw.nextBoolean()) {
      return byAddress(TableReader.pcid(now), uses, draw);
    }
    boolean onePcid = !uses.touchesGlobals() && draw.nextInt(3) == 0;
    if (!uses.tooMany() && !onePcid) {
      List<Op> ops = new ArrayList<>();
      for (Uses.Page page : uses.pages()) {
        long offset = draw.nextLong() & (page.level().span() - 1);
        ops.add(new Op.Invlpg(page.linearAddress() | offset));
      }
      // "However, if no page numbers that would use the entry have translations ..., it remains
      // necessary to execute INVLPG at least once."
      if (ops.isEmpty()) {
        ops.add(new Op.Invlpg(uses.somewhere()));
      }
      return ops;
    }
    if (cpu.has(Feature.INVPCID) && draw.nextBoolean()) {
      int type = draw.nextInt(1, 4);
      return List.of(Op.invpcid(type, TableReader.pcid(now), draw.nextLong()));
    }
    return List.of(new Op.MovCr3(now.cr3()));
  }

  /**
   * What is enough in the space of another PCID; of global pages nothing is, but none is cached
   * that the current space does not have as well.
   */
  private List<Op> otherSpace(int pcid, Uses uses, SplittableRandom draw) {
    if (!cpu.has(Feature.INVPCID) || draw.nextBoolean()) {
      stale.add(pcid);
      return List.of();
    }
    if (isByAddress(uses) && draw.nextBoolean()) {
      return byAddress(pcid, uses, draw);
    }
    return List.of(Op.invpcid(draw.nextInt(4) == 0 ? 3 : 1, pcid, draw.nextLong()));
  }

  /** Whether INVPCID type 0 is enough: for pages, not for what paging-structure caches hold. */
  private boolean isByAddress(Uses uses) {
    return cpu.has(Feature.INVPCID) && !uses.tooMany() && !uses.inTable();
  }

  private static List<Op> byAddress(int pcid, Uses uses, SplittableRandom draw) {
    List<Op> ops = new ArrayList<>();
    for (Uses.Page page : uses.pages()) {
      long offset = draw.nextLong() & (page.level().span() - 1);
      ops.add(Op.invpcid(0, pcid, page.linearAddress() | offset));
    }
    return ops;
  }

  /** Invalidates all that can be cached, one way or the other. */
  private List<Op> everything(Registers now, SplittableRandom draw) {
    boolean pge = cpu.has(Feature.PGE);
    if (cpu.has(Feature.INVPCID) && (!pge || draw.nextBoolean())) {
      return List.of(Op.invpcid(2, draw.nextInt(16), draw.nextLong()));
    }
    if (pge) {
      return List.of(new Op.MovCr4(now.cr4() ^ Cr4.PGE), new Op.MovCr4(now.cr4()));
    }
    // Nothing is global here.
    stale.addAll(roots.keySet());
    return List.of(new Op.MovCr3(now.cr3()));
  }

  /** Whether what is cached for {@code pcid} may be older than the tables. */
  boolean isStale(int pcid) {
    return stale.contains(pcid);
  }
}
