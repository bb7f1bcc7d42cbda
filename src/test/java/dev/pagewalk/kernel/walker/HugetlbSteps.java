package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.HugetlbPool;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.MremapRequest;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.VmaView;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Reply;
import dev.pagewalk.machine.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Explicit huge pages: what was promised can be had, what was not only while the pool has more than
 * it has promised.
 */
final class HugetlbSteps {
  private static final long INVALID = Errno.EINVAL.result();
  private static final long NO_MEMORY = Errno.ENOMEM.result();

  private final Walk walk;
  private final long bytes;
  private ModelProcess process;

  HugetlbSteps(Walk walk) {
    this.walk = walk;
    this.bytes = walk.setting.extras().hugetlbBytes();
  }

  void perform(Step step) {
    process = walk.processes[step.who()];
    Core core = walk.core(step);
    switch (step.operation()) {
      case HUGE_MAP -> map(step);
      case HUGE_UNMAP -> unmap(step);
      case HUGE_PROTECT -> protect(step);
      case HUGE_DISCARD -> discard(step);
      case HUGE_MOVE -> move(step);
      case HUGE_LOAD -> touch(core, step, false);
      case HUGE_STORE -> touch(core, step, true);
      default -> {
        long pages = walk.machine.call(() -> walk.kernel.setHugetlbPages(bytes, step.b()));
        HugetlbPool pool = pool();
        if (pages != pool.total() || pool.free() < pool.reserved()) {
          throw new AssertionError("the pool has %d pages".formatted(pages));
        }
      }
    }
    walk.units.after(process);
  }

  private HugetlbPool pool() {
    return walk.kernel.hugetlbPool(bytes);
  }

  /** The unit that an address lies in, perhaps outside of the window. */
  private int place(long address) {
    return (int) Math.floorDiv(address - ModelUnit.START, bytes);
  }

  private ModelUnit at(int place) {
    return place >= 0 && place < ModelUnit.PLACES ? process.units[place] : null;
  }

  private long roundUp(long length) {
    return (length + bytes - 1) / bytes * bytes;
  }

  // --- mappings ---

  private void map(Step step) {
    int flags = MapArguments.flags(step.c());
    int prot = MapArguments.prot(step.c());
    var request = new MmapRequest(step.a(), step.b(), prot, flags, Optional.empty(), 0);
    long length = roundUp(step.b());
    int first = place(step.a());
    int count = (int) (length / bytes);
    ModelPage page = new ModelPage();
    page.prot = prot;
    page.shared = (flags & MapFlag.SHARED) != 0;
    long expected = refusal(step, page, count);
    if (expected == 0) {
      page.key = process.task.keyOfNew(prot, walk.setting.extras().keys());
    }
    long result = walk.machine.call(() -> process.mm.calls().mmap(request));
    boolean reserves = (flags & MapFlag.NORESERVE) == 0;
    if (expected == 0 && result == NO_MEMORY && reserves) {
      // What was shared goes back only afterwards.
      if (!replacesShared(first, count) && pool().free() - pool().reserved() >= count) {
        throw new AssertionError("refused, though the pool has enough");
      }
      remove(first, count);
      return;
    }
    if (!walk.agrees(result, expected == 0 ? step.a() : expected)) {
      return;
    }
    remove(first, count);
    Map<Integer, Map<Long, long[]>> shared = page.shared ? new HashMap<>() : null;
    for (int i = 0; i < count; i++) {
      var place = new ModelUnit.Place(i, reserves, bytes >>> 12);
      process.units[first + i] = new ModelUnit(page.sibling(0), shared, place);
    }
  }

  private long refusal(Step step, ModelPage page, int count) {
    int flags = MapArguments.flags(step.c());
    if (step.b() == 0 || step.a() % bytes != 0) {
      return INVALID;
    }
    int replaced = 0;
    for (int i = 0; i < count; i++) {
      replaced += at(place(step.a()) + i) == null ? 0 : 1;
    }
    if ((flags & MapFlag.FIXED_NOREPLACE) != 0 && replaced > 0) {
      return Errno.EEXIST.result();
    }
    long more = (count - replaced) * (bytes >>> 12);
    return process.mayExpand(page, more) ? 0 : NO_MEMORY;
  }

  private boolean replacesShared(int first, int count) {
    boolean found = false;
    for (int i = first; i < first + count; i++) {
      found |= at(i) != null && at(i).shared != null;
    }
    return found;
  }

  private void remove(int first, int count) {
    for (int i = 0; i < count; i++) {
      process.units[first + i] = null;
    }
  }

  /** Whether a mapping would be cut inside of a page. */
  private boolean cuts(long address) {
    return address % bytes != 0 && at(place(address)) != null;
  }

  private void unmap(Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    boolean cut = cuts(step.a()) || cuts(end);
    long result = walk.machine.call(() -> process.mm.calls().munmap(step.a(), step.b()));
    if (walk.agrees(result, cut || step.b() == 0 ? INVALID : 0)) {
      for (int i = Math.max(0, place(step.a())); i < ModelUnit.PLACES; i++) {
        boolean inside = ModelUnit.address(i, bytes) < end;
        process.units[i] = inside ? null : process.units[i];
      }
    }
  }

  /** The kernel's mappings in the window that a range touches, before something is done. */
  private List<VmaView> in(long start, long end) {
    List<VmaView> found = new ArrayList<>();
    for (VmaView vma : process.mm.view()) {
      if (vma.start() < end && vma.end() > start) {
        found.add(vma);
      }
    }
    return found;
  }

  private void protect(Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    long expected = protect(step.a(), end, (int) step.c());
    long result =
        walk.machine.call(() -> process.mm.calls().mprotect(step.a(), step.b(), (int) step.c()));
    walk.agrees(result, expected);
  }

  private long protect(long start, long end, int prot) {
    long at = start;
    for (VmaView vma : in(start, end)) {
      if (vma.start() > at) {
        return NO_MEMORY;
      }
      long to = Math.min(vma.end(), end);
      ModelPage old = at(place(at)).page;
      ModelPage changed = old.sibling(0);
      changed.key = process.task.keyAfter(old, prot, walk.setting.extras().keys());
      changed.prot = prot;
      if (prot != old.prot || changed.key != old.key) {
        long pages = (to - at) >>> 12;
        boolean refused =
            changed.may(Prot.WRITE)
                && !process.mayExpand(changed, pages)
                && process.mayExpand(old, pages);
        if (refused) {
          return NO_MEMORY;
        }
        if (at % bytes != 0 || to % bytes != 0) {
          return INVALID;
        }
        for (int i = place(at); i < place(to); i++) {
          process.units[i] = process.units[i].with(changed.sibling(0));
        }
      }
      at = to;
    }
    return at < end ? NO_MEMORY : 0;
  }

  private void discard(Step step) {
    long end = step.a() + MapSteps.roundUp(step.b());
    long expected = 0;
    long at = step.a();
    for (VmaView vma : in(step.a(), end)) {
      expected = vma.start() > at ? NO_MEMORY : expected;
      at = Math.max(at, vma.start());
      if (at % bytes != 0) {
        expected = INVALID;
        break;
      }
      for (int i = place(at); i < place(Math.min(end, vma.end())); i++) {
        process.units[i].own = null;
      }
      at = Math.min(end, vma.end());
    }
    expected = expected == 0 && at < end ? NO_MEMORY : expected;
    int advice = Advice.DONTNEED.code();
    long result = walk.machine.call(() -> process.mm.calls().madvise(step.a(), step.b(), advice));
    walk.agrees(result, expected);
  }

  /** Shrinks, or moves as many pages as there are in a row. */
  private void move(Step step) {
    long to = step.d() & -4096;
    int flags = (int) step.d() & 7;
    long expected = moveTo(step, to, flags != 0);
    var request = new MremapRequest(step.a(), step.b(), step.c(), flags, to);
    long result = walk.machine.call(() -> process.mm.calls().mremap(request));
    walk.agrees(result, expected);
  }

  private long moveTo(Step step, long to, boolean moves) {
    int first = place(step.a());
    int oldCount = (int) (step.b() / bytes);
    int newCount = (int) (step.c() / bytes);
    boolean overlap = to < step.a() + step.b() && step.a() < to + step.c();
    if (moves && overlap) {
      return INVALID;
    }
    if (at(first) == null) {
      return Errno.EFAULT.result();
    }
    if (!moves) {
      if (newCount > oldCount) {
        return INVALID;
      }
      remove(first + newCount, oldCount - newCount);
      return step.a();
    }
    int target = place(to);
    for (int i = 0; i < newCount; i++) {
      if (process.units[first + i] != null) {
        process.units[target + i] = process.units[first + i];
        process.units[first + i] = null;
      }
    }
    return to;
  }

  // --- accesses ---

  private void touch(Core core, Step step, boolean write) {
    ModelUnit unit = at(place(step.a()));
    Reply reply = write ? core.store(step.a(), 8, step.c()) : core.load(step.a(), 8);
    if (reply instanceof Reply.Signalled(Signal signal)) {
      refused(unit, signal, write);
      return;
    }
    Verdict verdict = verdict(unit, write);
    if (verdict != Verdict.DONE || (unit.lost && !unit.isThere())) {
      throw new AssertionError("the access is made, expected " + verdict);
    }
    long small = step.a() % bytes >>> 12;
    int offset = (int) step.a() & 0xfff;
    long[] words = unit.words(small);
    if (write) {
      unit.contents().put(small, Contents.store(words, offset, 8, step.c()));
      return;
    }
    unit.contents();
    for (int i = 0; reply instanceof Reply.Done(long value) && i < 8; i++) {
      if (Contents.byteAt(words, offset + i) != (value >>> (8 * i) & 0xff)) {
        throw new AssertionError("loaded 0x%x, expected otherwise".formatted(value));
      }
    }
  }

  private Verdict verdict(ModelUnit unit, boolean write) {
    if (unit == null) {
      return Verdict.NOT_MAPPED;
    }
    if (!process.allows(unit.page, write)) {
      return Verdict.KEY;
    }
    boolean allowed = unit.page.prot != 0 && (!write || unit.page.may(Prot.WRITE));
    return allowed ? Verdict.DONE : Verdict.NOT_ALLOWED;
  }

  private void refused(ModelUnit unit, Signal signal, boolean write) {
    Verdict verdict = verdict(unit, write);
    if (verdict != Verdict.DONE) {
      if (!verdict.isOf(signal)) {
        throw new AssertionError("%s, expected %s".formatted(signal, verdict));
      }
      return;
    }
    if (walk.setting.tight() && signal.number() == FaultResult.SIGKILL) {
      walk.shortages++;
      return;
    }
    boolean isBus = signal.number() == FaultResult.SIGBUS;
    boolean mayFail = !unit.promised || (unit.shared == null && unit.forked);
    boolean there = unit.isThere() && !(write && unit.forked && unit.shared == null);
    boolean spare = pool().free() > pool().reserved();
    if (!isBus || (!unit.lost && (!mayFail || there || spare))) {
      throw new AssertionError(signal + ", though the page can be had");
    }
    boolean ownerStores = write && unit.promised && unit.isThere();
    if (ownerStores) {
      throw new AssertionError(signal + ", though it could be taken from others");
    }
  }
}
