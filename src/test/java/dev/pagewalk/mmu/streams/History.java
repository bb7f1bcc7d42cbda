package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.streams.Invalidation.Kind;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * All that may still be cached: what each entry has been since everything was last dropped, which
 * accesses can have cached it, and what has dropped some of it since.
 */
final class History {
  /**
   * An access that reached memory: only then is anything cached.
   *
   * @param time of the operation
   * @param pcid current then
   * @param root CR3's table then
   * @param linearAddress after linear-address masking
   */
  record Touch(long time, int pcid, long root, long linearAddress) {}

  private record Version(long from, long value) {}

  private final Scenario scenario;
  private final PhysicalMemory memory;
  private final Map<Long, List<Version>> versions = new HashMap<>();
  private final List<Touch> touches = new ArrayList<>();
  private final List<Invalidation> invalidations = new ArrayList<>();
  private long time;

  /**
   * A history that begins now.
   *
   * @param memory the tables as they are, for words that never change
   */
  History(Scenario scenario, PhysicalMemory memory) {
    this.scenario = scenario;
    this.memory = memory;
    for (int i = 0; i < scenario.layout().words(); i++) {
      long pa = scenario.layout().word(i);
      versions.put(pa, new ArrayList<>(List.of(new Version(0, memory.read64(pa)))));
    }
  }

  /** The next operation begins. */
  void tick() {
    time++;
  }

  /** The word at {@code pa} is {@code value} from the present operation on. */
  void changed(long pa, long value) {
    List<Version> all = versions.get(pa);
    if (all.getLast().value != value) {
      all.add(new Version(time, value));
    }
  }

  /** The present operation was an access that reached memory. */
  void touched(Registers now, long linearAddress) {
    touches.add(new Touch(time, TableReader.pcid(now), now.root(), linearAddress));
  }

  /** The present operation was an access that ended in a page fault. */
  void faulted(Registers now, long linearAddress) {
    drop(Kind.FAULT, TableReader.pcid(now), linearAddress);
  }

  /** The present operation was {@code op}, no access, and was not refused. */
  void performed(Op op, Registers before, Registers after) {
    int pcid = TableReader.pcid(after);
    switch (op) {
      case Op.Invlpg invlpg -> {
        if (LinearAddress.isCanonical(invlpg.linearAddress(), after.linearWidth())) {
          drop(Kind.PAGE, pcid, invlpg.linearAddress());
        }
      }
      case Op.Invpcid invpcid -> invpcid(invpcid.operand());
      case Op.MovCr3 mov -> {
        if (!after.pcide() || (mov.value() & Cr3.NO_FLUSH) == 0) {
          drop(Kind.PCID, pcid, 0);
        }
      }
      case Op.MovCr4 mov -> {
        long changed = before.cr4() ^ after.cr4();
        if ((changed & Cr4.PGE) != 0 || (changed & before.cr4() & Cr4.PCIDE) != 0) {
          dropAll();
        } else if ((changed & after.cr4() & Cr4.SMEP) != 0) {
          drop(Kind.PCID_AND_GLOBALS, pcid, 0);
        }
      }
      // MODEL: the manual does not say so, but reserved bits change.
      case Op.Wrmsr wrmsr when before.nxe() != after.nxe() -> dropAll();
      default -> {}
    }
  }

  private void invpcid(InvpcidOperand operand) {
    ModelChoices.Invalidation choice = scenario.cpu().choices().invalidation();
    if (operand.type() == 2 || choice == ModelChoices.Invalidation.INVPCID_DROPS_ALL) {
      dropAll();
    } else if (operand.type() == 3) {
      drop(Kind.PCID, Invalidation.ALL, 0);
    } else {
      Kind kind = operand.type() == 0 ? Kind.PCID_ADDRESS : Kind.PCID;
      drop(kind, (int) operand.pcid(), operand.linearAddress());
    }
  }

  private void drop(Kind kind, int pcid, long linearAddress) {
    invalidations.add(new Invalidation(time, kind, pcid, linearAddress));
  }

  private void dropAll() {
    touches.clear();
    invalidations.clear();
    versions.values().forEach(all -> all.subList(0, all.size() - 1).clear());
  }

  /** The word at {@code pa} at {@code when}, after the operation of that time. */
  long valueAt(long pa, long when) {
    List<Version> all = versions.get(pa);
    if (all == null) {
      return memory.read64(pa);
    }
    for (int i = all.size() - 1; i > 0; i--) {
      if (all.get(i).from <= when) {
        return all.get(i).value;
      }
    }
    return all.getFirst().value;
  }

  /** The word at {@code pa} before the present operation. */
  long valueBefore(long pa) {
    return valueAt(pa, time - 1);
  }

  /** Accesses that may have cached something, in order. */
  List<Touch> touches() {
    return touches;
  }

  /** What has dropped some of it, in order. */
  List<Invalidation> invalidations() {
    return invalidations;
  }
}
