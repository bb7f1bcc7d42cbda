package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.MremapFlag;
import dev.pagewalk.kernel.MremapRequest;
import dev.pagewalk.kernel.VmaView;
import java.util.List;

/** mremap. Where one VMA ends and the next begins, which it asks, is taken from the kernel. */
final class RemapSteps {
  private static final long INVALID = Errno.EINVAL.result();
  private static final long BAD_ADDRESS = Errno.EFAULT.result();

  private final Walk walk;
  private ModelProcess process;
  private long address;
  private long oldLength;
  private long newLength;
  private long to;
  private int flags;
  private List<VmaView> vmas;

  RemapSteps(Walk walk) {
    this.walk = walk;
  }

  /** False for a step that this model cannot follow. */
  boolean perform(Step step) {
    process = walk.processes[step.who()];
    address = step.a();
    oldLength = MapSteps.roundUp(step.b());
    newLength = MapSteps.roundUp(step.c());
    to = step.d() & -4096;
    flags = (int) step.d() & 7;
    vmas = List.copyOf(process.mm.view());
    boolean far = to != 0 && !ModelProcess.covers(to, to + newLength);
    boolean grows = process.at(address) != null && newLength > oldLength;
    far |= grows && !ModelProcess.covers(address, address + newLength);
    if (far || isOverChosenPlaces()) {
      return false;
    }
    walk.core(step);
    MremapRequest request = new MremapRequest(address, step.b(), step.c(), flags, to);
    long result = walk.machine.call(() -> process.mm.calls().mremap(request));
    if (result > 0 && !ModelProcess.covers(result, result + newLength)) {
      throw new AssertionError("moved to 0x%x, out of all windows".formatted(result));
    }
    if (walk.isForMemory(result) && has(MremapFlag.MAYMOVE)) {
      afterNoMemory();
    } else {
      walk.agrees(result, run(result));
    }
    long end = Math.max(0, result) + newLength;
    walk.adopt(process, Math.max(0, result), end);
    return true;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private boolean isMoveTo() {
    return has(MremapFlag.FIXED) || has(MremapFlag.DONTUNMAP);
  }

  /** Several mappings moved, each to a place of the kernel's choice; or lost for lack of memory. */
  private boolean isOverChosenPlaces() {
    if (!has(MremapFlag.DONTUNMAP)) {
      return false;
    }
    VmaView vma = at(address);
    boolean several = vma != null && address + oldLength > vma.end();
    return walk.setting.tight() || (several && !has(MremapFlag.FIXED));
  }

  private VmaView at(long where) {
    for (VmaView vma : vmas) {
      if (vma.start() <= where && where < vma.end()) {
        return vma;
      }
    }
    return null;
  }

  /** Does it in the model; {@code result} is the kernel's, which may choose a place. */
  private long run(long result) {
    long refusal = badArguments();
    if (refusal < 0) {
      return refusal;
    }
    if (isMoveTo() && oldLength == newLength) {
      return moveAll(result);
    }
    VmaView vma = at(address);
    refusal = badMapping(vma);
    if (refusal < 0) {
      return refusal;
    }
    if (isMoveTo()) {
      return moveTo(address, oldLength, to, result);
    }
    return resize(vma, result);
  }

  private long badArguments() {
    if (address % 4096 != 0 || newLength == 0) {
      return INVALID;
    }
    if (!isMoveTo()) {
      return 0;
    }
    boolean overlap = to < address + oldLength && address < to + newLength;
    boolean uneven = has(MremapFlag.DONTUNMAP) && oldLength != newLength;
    return !has(MremapFlag.MAYMOVE) || uneven || overlap ? INVALID : 0;
  }

  private long badMapping(VmaView vma) {
    if (vma == null) {
      return BAD_ADDRESS;
    }
    ModelPage page = process.at(address);
    if (page.sealed) {
      return Errno.EPERM.result();
    }
    if (!isMoveTo() && newLength <= oldLength && oldLength != 0) {
      return 0;
    }
    if (oldLength == 0 && !page.shared) {
      return INVALID;
    }
    if (Math.min(oldLength, newLength) > vma.end() - address) {
      return BAD_ADDRESS;
    }
    long more = (newLength - oldLength) >> 12;
    return more <= 0 || process.mayExpand(page, more) ? 0 : Errno.ENOMEM.result();
  }

  private long resize(VmaView vma, long result) {
    long end = address + oldLength;
    if (newLength < oldLength) {
      if (process.hasSealed(address + newLength, end)) {
        return Errno.EPERM.result();
      }
      process.unmap(address + newLength, end);
    }
    if (newLength <= oldLength && oldLength != 0) {
      return address;
    }
    long newEnd = address + newLength;
    if (end == vma.end() && process.isFree(end, newEnd)) {
      ModelPage last = process.at(end - 4096);
      for (long at = end; at < newEnd; at += 4096) {
        process.set(at, last.sibling(((at - end) >> 12) + 1));
      }
      return address;
    }
    return has(MremapFlag.MAYMOVE) ? move(address, oldLength, result) : Errno.ENOMEM.result();
  }

  /** Several mappings with the gaps between them. */
  private long moveAll(long result) {
    long end = address + oldLength;
    long first = BAD_ADDRESS;
    long target = to;
    long previousEnd = -1;
    for (VmaView vma : vmas) {
      if (vma.end() <= address || vma.start() >= end) {
        continue;
      }
      if (previousEnd < 0 && vma.start() > address) {
        return BAD_ADDRESS;
      }
      target += previousEnd < 0 ? 0 : vma.start() - previousEnd;
      previousEnd = vma.end();
      long start = Math.max(vma.start(), address);
      if (process.at(start).sealed) {
        return Errno.EPERM.result();
      }
      newLength = Math.min(vma.end(), end) - start;
      long moved = moveTo(start, newLength, target, result);
      if (moved < 0) {
        return moved;
      }
      first = first < 0 ? moved : first;
      target = moved + newLength;
    }
    return first;
  }

  private long moveTo(long start, long length, long target, long result) {
    if (has(MremapFlag.FIXED)) {
      if (process.hasSealed(target, target + newLength)) {
        return Errno.EPERM.result();
      }
      process.unmap(target, target + newLength);
    }
    if (process.at(start) == null) {
      return BAD_ADDRESS;
    }
    long moved = Math.min(length, newLength);
    if (process.hasSealed(start + moved, start + length)) {
      return Errno.EPERM.result();
    }
    process.unmap(start + moved, start + length);
    if (has(MremapFlag.DONTUNMAP) && !process.mayExpand(process.at(start), moved >>> 12)) {
      return Errno.ENOMEM.result();
    }
    return move(start, moved, has(MremapFlag.FIXED) ? target : result);
  }

  private long move(long start, long length, long target) {
    if (target <= 0 || !process.isFree(target, target + newLength)) {
      throw new AssertionError("moved to 0x%x, where something is".formatted(target));
    }
    ModelPage first = process.at(start);
    for (long offset = 0; offset < newLength; offset += 4096) {
      ModelPage page = first.sibling(offset >> 12);
      if (offset < length) {
        ModelPage old = process.at(start + offset);
        page.takeContents(old);
        leave(old, start + offset);
      }
      process.set(target + offset, page);
    }
    if (has(MremapFlag.DONTUNMAP)) {
      unlock(start, target);
    }
    return target;
  }

  private void leave(ModelPage old, long where) {
    if (has(MremapFlag.DONTUNMAP)) {
      old.drop();
      old.guard = false;
    } else {
      process.set(where, null);
    }
  }

  /**
   * What DONTUNMAP leaves behind is not locked, nor is the rest of that mapping: of what is left of
   * it when room has been made at the target. If what was moved has joined it, it is not either.
   */
  private void unlock(long start, long target) {
    VmaView old = at(start);
    vmas = List.copyOf(process.mm.view());
    VmaView now = at(start);
    boolean joined = now.equals(at(target));
    long low = target < start ? Math.max(old.start(), target + newLength) : old.start();
    long high = target < start ? old.end() : Math.min(old.end(), target);
    process.each(
        joined ? now.start() : low,
        joined ? now.end() : high,
        page -> {
          page.locked = false;
          page.lockedOnFault = false;
        });
  }

  /** Without memory: nothing is moved, or some mappings of several; the target may be unmapped. */
  private void afterNoMemory() {
    vmas = List.copyOf(process.mm.view());
    for (long offset = 0; offset < newLength && has(MremapFlag.FIXED); offset += 4096) {
      ModelPage source = process.at(address + offset);
      boolean arrived = at(to + offset) != null;
      if (arrived && source != null && at(address + offset) == null) {
        process.set(to + offset, source);
        process.set(address + offset, null);
      } else if (!arrived) {
        process.unmap(to + offset, to + offset + 4096);
      }
    }
    for (long at = address; at < address + oldLength; at += 4096) {
      if (at(at) == null) {
        process.unmap(at, at + 4096);
      }
    }
  }
}
