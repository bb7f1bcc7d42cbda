package dev.pagewalk.kernel;

/** {@code mremap}: one call of it. */
final class Mremap {
  private static final int KNOWN = MremapFlag.MAYMOVE | MremapFlag.FIXED | MremapFlag.DONTUNMAP;

  private final AddressSpace mm;
  private final int flags;
  private final long requested;
  private long address;
  private long oldLength;
  private long newLength;
  private long newAddress;

  Mremap(AddressSpace mm, MremapRequest request) {
    this.mm = mm;
    this.flags = request.flags();
    this.requested = request.newAddress();
    this.address = request.address();
    this.oldLength = SystemCalls.roundUp(request.oldLength());
    this.newLength = SystemCalls.roundUp(request.newLength());
    this.newAddress = request.newAddress();
  }

  /** As do_mremap(): the new address, or why not. */
  long run() {
    long refused = checkArguments();
    if (refused < 0) {
      return refused;
    }
    if (impliesNewAddress() && oldLength == newLength) {
      return moveAll();
    }
    Vma vma = mm.vmas().at(address);
    refused = check(vma);
    if (refused < 0) {
      return refused;
    }
    return impliesNewAddress() ? moveTo(vma) : resize(vma);
  }

  private boolean impliesNewAddress() {
    return (flags & (MremapFlag.FIXED | MremapFlag.DONTUNMAP)) != 0;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }

  private long checkArguments() {
    long no = Errno.EINVAL.result();
    if ((flags & ~KNOWN) != 0 || (address & 0xfff) != 0 || address < 0) {
      return no;
    }
    if (Long.compareUnsigned(oldLength, PageTables.USER_END) > 0) {
      return no;
    }
    if (newLength == 0 || Long.compareUnsigned(newLength, PageTables.USER_END) > 0) {
      return no;
    }
    if (!impliesNewAddress()) {
      return 0;
    }
    boolean far = Long.compareUnsigned(requested, PageTables.USER_END - newLength) > 0;
    boolean bad =
        far
            || (requested & 0xfff) != 0
            || !has(MremapFlag.MAYMOVE)
            || (has(MremapFlag.DONTUNMAP) && oldLength != newLength)
            || overlaps();
    return bad ? no : 0;
  }

  private boolean overlaps() {
    return requested < address + oldLength && address < requested + newLength;
  }

  /** As check_prep_vma(). */
  private long check(Vma vma) {
    if (vma == null) {
      return Errno.EFAULT.result();
    }
    if (vma.has(VmFlag.SEALED)) {
      return Errno.EPERM.result();
    }
    if (vma.isHugetlb() && !alignHugetlb(vma.file.pool())) {
      return Errno.EINVAL.result();
    }
    boolean mapsNew = impliesNewAddress() || newLength > oldLength || oldLength == 0;
    if (!mapsNew) {
      return 0;
    }
    if (oldLength == 0 && !vma.has(VmFlag.SHARED | VmFlag.MAYSHARE)) {
      return Errno.EINVAL.result();
    }
    if (has(MremapFlag.DONTUNMAP) && vma.has(VmFlag.DONTEXPAND)) {
      return Errno.EINVAL.result();
    }
    long kept = oldLength > newLength ? newLength : oldLength;
    if (kept > vma.end - address) {
      return Errno.EFAULT.result();
    }
    long more = has(MremapFlag.DONTUNMAP) ? newLength : newLength - oldLength;
    if (vma.has(VmFlag.ACCOUNT) && !Overcommit.allows(mm, more >> 12)) {
      return Errno.ENOMEM.result();
    }
    if (newLength <= oldLength) {
      return 0;
    }
    return mm.limits().mayExpand(vma.flags(), (newLength - oldLength) >> 12)
        ? 0
        : Errno.ENOMEM.result();
  }

  /** Rounds to explicit huge pages; false if the request cannot be met with them. */
  private boolean alignHugetlb(HugetlbPool pool) {
    oldLength = pool.roundUp(oldLength);
    newLength = pool.roundUp(newLength);
    return pool.isAligned(address)
        && (!impliesNewAddress() || pool.isAligned(newAddress))
        && newLength <= oldLength;
  }

  /** As remap_move(): all mappings of the range, with the same gaps between them. */
  private long moveAll() {
    long start = address;
    long end = address + oldLength;
    long target = newAddress;
    long previousEnd = -1;
    long result = Errno.EFAULT.result();
    for (Vma found : mm.vmas().in(start, end)) {
      if (previousEnd < 0 && found.start > start) {
        return Errno.EFAULT.result();
      }
      long gap = previousEnd < 0 ? 0 : found.start - previousEnd;
      previousEnd = found.end;
      Vma vma = mm.vmas().at(Math.max(found.start, start));
      address = Math.max(found.start, start);
      oldLength = Math.min(found.end, end) - address;
      newLength = oldLength;
      newAddress = target + gap;
      long refused = check(vma);
      long moved = refused < 0 ? refused : moveTo(vma);
      if (moved < 0) {
        return moved;
      }
      result = result < 0 ? moved : result;
      target = moved + newLength;
    }
    return result;
  }

  /** As mremap_to(): to a place that was named. */
  private long moveTo(Vma found) {
    Vma vma = found;
    if (has(MremapFlag.FIXED)) {
      long unmapped = Unmap.munmap(mm, newAddress, newLength);
      if (unmapped < 0) {
        return unmapped;
      }
      vma = mm.vmas().at(address);
      if (vma == null) {
        return Errno.EFAULT.result();
      }
    }
    if (oldLength > newLength) {
      long shrunk = Unmap.range(mm, address + newLength, address + oldLength);
      if (shrunk < 0) {
        return shrunk;
      }
      oldLength = newLength;
      vma = mm.vmas().at(address);
    }
    if (has(MremapFlag.DONTUNMAP) && !mm.limits().mayExpand(vma.flags(), oldLength >> 12)) {
      return Errno.ENOMEM.result();
    }
    return move(vma);
  }

  /** As mremap_at(): in place if it can be. */
  private long resize(Vma vma) {
    if (oldLength == newLength && oldLength != 0) {
      return address;
    }
    if (newLength < oldLength) {
      long shrunk = Unmap.range(mm, address + newLength, address + oldLength);
      return shrunk < 0 ? shrunk : address;
    }
    if (oldLength == vma.end - address && growInPlace(vma)) {
      if (vma.has(VmFlag.LOCKED)) {
        Populate.ignoringErrors(mm, address + oldLength, address + newLength);
      }
      return address;
    }
    return has(MremapFlag.MAYMOVE) ? move(vma) : Errno.ENOMEM.result();
  }

  private boolean growInPlace(Vma vma) {
    long end = vma.end + newLength - oldLength;
    if (end < 0 || end > PageTables.USER_END || mm.vmas().firstIn(vma.end, end) != null) {
      return false;
    }
    long pgoff = vma.pgoff + vma.pages();
    var range = new VmaMerge.Range(vma.end, end, pgoff, vma.flags(), vma.file, vma.policy);
    if (VmaMerge.newRange(mm, range, vma) == null) {
      vma.end = end;
    }
    return true;
  }

  /** As move_vma(): a VMA at the new place takes the entries, the old place is unmapped. */
  private long move(Vma vma) {
    if (!has(MremapFlag.FIXED)) {
      newAddress =
          UnmappedArea.find(
              mm, has(MremapFlag.DONTUNMAP) ? newAddress : 0, newLength, PageTables.PAGE_BYTES);
      if (newAddress < 0) {
        return newAddress;
      }
    }
    Vma source = cutHugetlb(vma);
    Vma target = target(source);
    boolean locked = source.has(VmFlag.LOCKED);
    long moved = new MoveTables(source, target, address).move(newAddress, oldLength);
    if (moved < oldLength) {
      return undo(source, target, moved);
    }
    if (has(MremapFlag.DONTUNMAP)) {
      leaveEmpty(source, target);
    } else if (oldLength > 0) {
      Unmap.range(mm, address, address + oldLength);
    }
    if (locked && newLength > oldLength) {
      Populate.ignoringErrors(mm, newAddress + oldLength, newAddress + newLength);
    }
    return newAddress;
  }

  /** A part of a mapping of explicit huge pages becomes a VMA of its own, with its reservations. */
  private Vma cutHugetlb(Vma vma) {
    Vma part = vma;
    if (vma.isHugetlb() && address > vma.start) {
      part = mm.split(vma, address);
    }
    if (vma.isHugetlb() && address + oldLength < part.end) {
      mm.split(part, address + oldLength);
    }
    return part;
  }

  /** There was no memory for tables: what has moved goes back, and the new place is unmapped. */
  private long undo(Vma source, Vma target, long moved) {
    new MoveTables(target, source, newAddress).move(address, moved);
    source.reserve = target.reserve != null ? target.reserve : source.reserve;
    target.reserve = null;
    Unmap.range(mm, newAddress, newAddress + newLength);
    return Errno.ENOMEM.result();
  }

  /** The VMA of the new place: a neighbour's if it fits, as copy_vma(). */
  private Vma target(Vma vma) {
    long pgoff = vma.pgoffOf(address);
    if (vma.isAnonymous() && vma.anonVma == null) {
      // Without pages it may as well have been mapped there at first.
      pgoff = newAddress >> 12;
    }
    long end = newAddress + newLength;
    var range = new VmaMerge.Range(newAddress, end, pgoff, vma.flags(), vma.file, vma.policy);
    Vma joined = VmaMerge.newRange(mm, range, vma);
    if (joined != null) {
      if (joined.anonVma == null && vma.anonVma != null) {
        AnonVma.clone(joined, vma);
        vma.anonVma.activateFor(joined);
      }
      return joined;
    }
    Vma copy = new Vma(mm, newAddress, end, vma.file);
    copy.policy = vma.policy;
    copy.pgoff = pgoff;
    copy.setFlags(vma.flags());
    copy.reserve = vma.reserve;
    copy.lostPages = vma.lostPages;
    vma.reserve = null;
    AnonVma.clone(copy, vma);
    if (vma.anonVma != null) {
      vma.anonVma.activateFor(copy);
    }
    mm.link(copy);
    return copy;
  }

  /** The old mapping stays, unlocked; if all of it was moved, it forgets where its pages were. */
  private void leaveEmpty(Vma source, Vma target) {
    source.setFlags(source.flags() & ~VmFlag.LOCKED_MASK);
    boolean whole = source.start == address && source.end == address + oldLength;
    if (source != target && whole) {
      mm.kernel().reverseMap().unlink(source);
    }
  }
}
