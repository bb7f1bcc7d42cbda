package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Registers;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What TLBs and paging-structure caches may still hold of tables as they were before, by page and
 * PCID, as far as one sequence of steps goes.
 *
 * <p>It errs towards "may". Whatever was present may have been cached by speculation, whether it
 * was used or not; what was not present never is. Source: SDM 3A "Caching Translation Information".
 */
final class Staleness {
  private static final int PAGE_SHIFT = 12;

  /** One word that was changed, with its value before. */
  record Change(long pa, long before) {}

  /** Stands for more changes than one. */
  static final Change MANY = new Change(-1, 0);

  private final Set<Long> pages = new HashSet<>();
  private final Map<Long, Map<Long, Change>> pending = new HashMap<>();
  private final Map<Long, Long> roots = new HashMap<>();
  private final boolean globals;
  private long pcid;

  /** Before the first step of {@code draft}. */
  Staleness(FuzzDraft draft) {
    boolean global = false;
    for (long value : draft.words().values()) {
      global |= Entry.has(value, Entry.G);
    }
    for (Action action : draft.actions()) {
      switch (action) {
        case Action.Store(long _, long value) -> global |= Entry.has(value, Entry.G);
        case Action.Touch touch -> {
          for (long address : KvmPlan.pages(touch)) {
            pages.add(address >>> PAGE_SHIFT);
          }
        }
        default -> {}
      }
    }
    globals = global;
    enter(draft.state());
  }

  private void enter(Registers registers) {
    pcid = registers.pcide() ? registers.cr3() & Cr3.PCID : 0;
    roots.put(pcid, registers.root());
    pending.computeIfAbsent(pcid, _ -> new HashMap<>());
  }

  /** What may be stale in the page of {@code address} under the PCID of now. */
  Optional<Change> of(long address) {
    return Optional.ofNullable(pending.get(pcid).get(address >>> PAGE_SHIFT));
  }

  /** A word was stored. */
  void stored(long pa, long before, long after) {
    if (Entry.has(before, Entry.P) && before != after) {
      changed(new Change(pa, before));
    }
  }

  private void changed(Change change) {
    for (Map<Long, Change> ofPcid : pending.values()) {
      pages.forEach(page -> ofPcid.merge(page, change, (_, _) -> MANY));
    }
  }

  /** INVLPG. */
  void invlpg(long address, Registers registers) {
    if (registers.pcide() && pending.size() > 1) {
      return;
    }
    pending.get(pcid).remove(address >>> PAGE_SHIFT);
  }

  /** An instruction was carried out; false if nobody knows what is stale then. */
  boolean executed(Action.Instruction instruction, Registers before, Registers after) {
    boolean mayBeGlobal = globals && (before.cr4() & Cr4.PGE) != 0;
    switch (instruction) {
      case Action.MovCr3(long value) -> movCr3(value, mayBeGlobal, after);
      case Action.MovCr4 _ -> {
        long changed = before.cr4() ^ after.cr4();
        if ((changed & (Cr4.PCIDE | Cr4.LA57)) != 0) {
          return false;
        }
        if ((changed & Cr4.PGE) != 0) {
          pending.values().forEach(Map::clear);
        }
      }
      case Action.Wrmsr _ -> {
        if (before.nxe() != after.nxe()) {
          changed(MANY);
        }
      }
      case Action.Invpcid(var operand) -> {
        if (operand.type() == 2) {
          pending.values().forEach(Map::clear);
        } else if (!mayBeGlobal) {
          invpcid(operand.type(), operand.pcid(), operand.linearAddress());
        }
      }
      case Action.MovCr0 _, Action.Wrpkru _ -> {}
    }
    return true;
  }

  private void invpcid(long type, long whose, long address) {
    if (type == 3) {
      pending.values().forEach(Map::clear);
      return;
    }
    Map<Long, Change> ofPcid = pending.get(whose);
    if (ofPcid != null && type == 1) {
      ofPcid.clear();
    } else if (ofPcid != null) {
      ofPcid.remove(address >>> PAGE_SHIFT);
    }
  }

  private void movCr3(long value, boolean mayBeGlobal, Registers after) {
    long to = after.pcide() ? value & Cr3.PCID : 0;
    boolean keeps = after.pcide() && (value & Cr3.NO_FLUSH) != 0;
    Long root = roots.get(to);
    boolean otherRoot = root != null && root != after.root();
    boolean anyOtherRoot = roots.values().stream().anyMatch(known -> known != after.root());
    enter(after);
    if (mayBeGlobal && anyOtherRoot) {
      pages.forEach(page -> pending.get(pcid).put(page, MANY));
    } else if (!keeps && !mayBeGlobal) {
      pending.get(pcid).clear();
    } else if (keeps && otherRoot) {
      pages.forEach(page -> pending.get(pcid).put(page, MANY));
    } else if (mayBeGlobal && root == null) {
      // A global translation of another PCID may be stale as it is there.
      for (Map<Long, Change> other : Set.copyOf(pending.values())) {
        pending.get(pcid).putAll(other);
      }
    }
  }
}
