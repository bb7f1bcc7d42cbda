package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.Rlimit;
import dev.pagewalk.kernel.SystemCalls;
import java.util.Optional;

/** mmap, munmap and brk. */
final class MapSteps {
  private static final int FIXED = MapFlag.FIXED | MapFlag.FIXED_NOREPLACE;

  /** Where user addresses end. */
  private static final long USER_END = 0x7fff_ffff_f000L;

  private final Walk walk;

  MapSteps(Walk walk) {
    this.walk = walk;
  }

  void perform(Step step) {
    ModelProcess process = walk.processes[step.who()];
    walk.core(step);
    switch (step.operation()) {
      case MMAP -> mmap(process, step);
      case MUNMAP -> munmap(process, step);
      default -> brk(process, step.a());
    }
  }

  static long roundUp(long bytes) {
    return bytes + 0xfff & -4096;
  }

  // --- mmap ---

  private void mmap(ModelProcess process, Step step) {
    SystemCalls calls = process.mm.calls();
    int flags = MapArguments.flags(step.c());
    boolean anonymous = MapArguments.isAnonymous(step.c());
    ModelObject object = anonymous ? null : walk.files.get(MapArguments.file(step.d()));
    MmapRequest request =
        new MmapRequest(
            step.a(),
            step.b(),
            MapArguments.prot(step.c()),
            flags,
            Optional.ofNullable(object).map(file -> file.file),
            anonymous ? 0 : MapArguments.offset(step.d()));
    ModelPage model = page(process, step, object);
    long refusal = refusal(process, step, model);
    if (refusal == 0) {
      int prot = MapArguments.prot(step.c());
      model.key = process.task.keyOfNew(prot, walk.setting.extras().keys());
    }
    long known = known(process, step);
    long result = walk.machine.call(() -> calls.mmap(request));
    if (refusal < 0 || result < 0) {
      walk.agrees(result, refusal);
      return;
    }
    long end = result + roundUp(step.b());
    if ((known > 0 && result != known) || result % 4096 != 0) {
      throw new AssertionError("mapped at 0x%x, expected 0x%x".formatted(result, known));
    }
    if ((flags & FIXED) == 0 && !process.isFree(result, end)) {
      throw new AssertionError("mapped at 0x%x, where something is".formatted(result));
    }
    if (!ModelProcess.covers(result, end)) {
      walk.machine.call(() -> calls.munmap(result, step.b()));
      return;
    }
    process.unmap(result, end);
    map(process, step, result, model);
  }

  /** The error that a request meets, or 0. */
  private static long refusal(ModelProcess process, Step step, ModelPage page) {
    int flags = MapArguments.flags(step.c());
    long end = step.a() + roundUp(step.b());
    if (step.b() == 0) {
      return Errno.EINVAL.result();
    }
    if ((flags & FIXED) != 0 && step.a() % 4096 != 0) {
      return Errno.EINVAL.result();
    }
    if ((flags & MapFlag.FIXED_NOREPLACE) != 0 && !process.isFree(step.a(), end)) {
      return Errno.EEXIST.result();
    }
    boolean odd = page.shared || !MapArguments.isAnonymous(step.c());
    if ((flags & MapFlag.GROWSDOWN) != 0 && odd) {
      return Errno.EINVAL.result();
    }
    if (page.neverWritable && page.may(Prot.WRITE)) {
      return Errno.EACCES.result();
    }
    boolean fixed = (flags & MapFlag.FIXED) != 0;
    if (fixed && process.hasSealed(step.a(), end)) {
      return Errno.EPERM.result();
    }
    long replaced = 0;
    for (long at = step.a(); fixed && at < end; at += 4096) {
      replaced += process.at(at) == null ? 0 : 1;
    }
    long more = (roundUp(step.b()) >>> 12) - replaced;
    return process.mayExpand(page, more) ? 0 : Errno.ENOMEM.result();
  }

  /** Where the mapping must come to lie, or 0 if that is the kernel's choice. */
  private static long known(ModelProcess process, Step step) {
    long end = step.a() + roundUp(step.b());
    if ((MapArguments.flags(step.c()) & FIXED) != 0) {
      return step.a();
    }
    if (step.a() < ModelProcess.LOW || step.a() % 4096 != 0) {
      return 0;
    }
    long next = process.nextMapped(end);
    boolean gap = next >= 0 && process.at(next) != null && process.at(next).growsDown;
    boolean room = process.isFree(step.a(), end) && (!gap || next - end >= Walk.GAP);
    return room ? step.a() : 0;
  }

  /** The first page of the mapping that is asked for. */
  private static ModelPage page(ModelProcess process, Step step, ModelObject object) {
    int flags = MapArguments.flags(step.c());
    ModelPage page = new ModelPage();
    page.prot = MapArguments.prot(step.c());
    page.shared = (flags & MapFlag.SHARED) != 0;
    page.growsDown = (flags & MapFlag.GROWSDOWN) != 0;
    page.locked = process.task.locks || (flags & MapFlag.LOCKED) != 0;
    page.lockedOnFault = process.task.locksOnFault;
    page.object = object;
    page.neverWritable = page.shared && object != null && !object.writable;
    page.index = object == null ? 0 : MapArguments.offset(step.d()) >>> 12;
    return page;
  }

  private void map(ModelProcess process, Step step, long start, ModelPage page) {
    long length = roundUp(step.b());
    if (page.object == null && page.shared) {
      var file = process.vma(start).file().orElseThrow();
      page.object = new ModelObject(file, false, length);
    }
    for (long at = start; at < start + length; at += 4096) {
      process.set(at, page.sibling((at - start) >> 12));
    }
    walk.adopt(process, start, start + length);
  }

  // --- munmap ---

  private void munmap(ModelProcess process, Step step) {
    long start = step.a();
    long end = start + roundUp(step.b());
    long expected = 0;
    if (start % 4096 != 0 || step.b() == 0 || end > USER_END) {
      expected = Errno.EINVAL.result();
    } else if (process.hasSealed(start, end)) {
      expected = Errno.EPERM.result();
    }
    long result = walk.machine.call(() -> process.mm.calls().munmap(start, step.b()));
    if (walk.agrees(result, expected)) {
      process.unmap(start, end);
    }
  }

  // --- brk ---

  private void brk(ModelProcess process, long to) {
    long expected = newBreak(process, to);
    long result = walk.machine.call(() -> process.mm.calls().brk(to));
    walk.agrees(result, expected);
    long from = roundUp(process.brk);
    long end = roundUp(expected);
    process.unmap(end, from);
    ModelPage page = new ModelPage();
    page.prot = Prot.READ | Prot.WRITE;
    page.locked = process.task.locks;
    page.lockedOnFault = process.task.locksOnFault;
    for (long at = from; at < end; at += 4096) {
      process.set(at, page.sibling(0));
    }
    process.brk = expected;
  }

  private static boolean mayGrow(ModelProcess process, long from, long end) {
    ModelPage page = new ModelPage();
    page.prot = Prot.READ | Prot.WRITE;
    return process.mayExpand(page, (end - from) >>> 12);
  }

  private static long newBreak(ModelProcess process, long to) {
    long from = roundUp(process.brk);
    long end = roundUp(to);
    if (to < ModelProcess.HEAP || to - ModelProcess.HEAP > process.task.limit(Rlimit.DATA)) {
      return process.brk;
    }
    if (end < from) {
      boolean can = !process.isFree(end, from) && !process.hasSealed(end, from);
      return can ? to : process.brk;
    }
    if (end > from) {
      long next = process.nextMapped(from);
      ModelPage page = next < 0 ? null : process.at(next);
      long gap = page != null && page.growsDown ? Walk.GAP : 0;
      boolean room = next < 0 || end + 4096 <= next - gap;
      return room && mayGrow(process, from, end) ? to : process.brk;
    }
    return to;
  }
}
