package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Registers;
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

  /** An invalidation and the time of its operation. */
  record Drop(long time, Invalidation what) {}

  private record Version(long from, long value) {}

  private final Scenario scenario;
  private final PhysicalMemory memory;
  private final Map<Long, List<Version>> versions = new HashMap<>();
  private final List<Touch> touches = new ArrayList<>();
  private final List<Drop> drops = new ArrayList<>();
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
    drop(new Invalidation(Invalidation.Kind.FAULT, TableReader.pcid(now), linearAddress));
  }

  /** The present operation was {@code op}, no access, and was not refused. */
  void performed(Op op, Registers before, Registers after) {
    Invalidation.by(op, scenario.cpu(), before, after).ifPresent(this::drop);
  }

  private void drop(Invalidation what) {
    if (what.kind() == Invalidation.Kind.ALL) {
      dropAll();
    } else {
      drops.add(new Drop(time, what));
    }
  }

  private void dropAll() {
    touches.clear();
    drops.clear();
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
  List<Drop> drops() {
    return drops;
  }
}
