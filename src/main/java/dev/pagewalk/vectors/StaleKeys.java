package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkResult;
import java.util.HashMap;
import java.util.Map;

/**
 * DEVIATION, kept as evidence: QEMU 7.2 lets a page that was used before keep the rights that
 * CR4.PKE and CR4.PKS gave it then, until something flushes its TLB.
 *
 * <p>A page's rights are those at its last fill, for each kind of access: an access that they allow
 * goes through, one that they refuse is decided anew. Writes are among them only if D was set.
 */
final class StaleKeys {
  private static final long KEY_ENABLES = Cr4.PKE | Cr4.PKS;

  private final PhysicalMemory memory;
  private final Cpu cpu;
  private final Map<Page, Fill> fills = new HashMap<>();

  private record Page(long number, Mode mode, boolean ac) {}

  /** The state of CR4's key enables at the fill, and whether the fill allows writes. */
  private record Fill(long keyEnables, boolean dirty) {}

  StaleKeys(PhysicalMemory memory, Cpu cpu) {
    this.memory = memory;
    this.cpu = cpu;
  }

  /** Whether the two differ in CR4.PKE and CR4.PKS and in nothing else, which flushes nothing. */
  static boolean differInKeyEnablesOnly(Registers before, Registers after) {
    return before.cr4() != after.cr4()
        && before
            .withCr4(before.cr4() & ~KEY_ENABLES)
            .equals(after.withCr4(after.cr4() & ~KEY_ENABLES));
  }

  /** Forgets every fill. */
  void clear() {
    fills.clear();
  }

  /** Performs {@code access} as {@code walk} does under {@code now}, or by older rights. */
  WalkResult access(ReferenceWalk walk, Registers now, Access access) {
    Page page = new Page(access.linearAddress() >>> 12, access.mode(), access.ac());
    Fill fill = fills.get(page);
    boolean covered = fill != null && (access.kind() != AccessKind.WRITE || fill.dirty);
    if (covered && fill.keyEnables != (now.cr4() & KEY_ENABLES)) {
      Registers then = now.withCr4((now.cr4() & ~KEY_ENABLES) | fill.keyEnables);
      ReferenceWalk before = new ReferenceWalk(memory, cpu, then);
      if (before.probe(access).reached()) {
        return before.access(access);
      }
      covered = false;
    }
    WalkResult result = walk.access(access);
    if (result.reached() && !covered) {
      boolean dirty =
          access.kind().isWrite() || Entry.has(result.translation().orElseThrow().entry(), Entry.D);
      fills.put(page, new Fill(now.cr4() & KEY_ENABLES, dirty));
    }
    return result;
  }
}
