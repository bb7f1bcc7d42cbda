package dev.pagewalk.kernel;

import java.util.EnumMap;
import java.util.Map;

/** The limits of a process, and what they leave it. Bytes; what is not limited has no entry. */
final class Limits {
  private static final long NONE = Long.MAX_VALUE;

  private final AddressSpace mm;
  private final Map<Rlimit, Long> soft = new EnumMap<>(Rlimit.class);

  Limits(AddressSpace mm) {
    this.mm = mm;
    set(Rlimit.STACK, 8L << 20);
  }

  /** The limit, or the greatest number. */
  long get(Rlimit limit) {
    return soft.getOrDefault(limit, NONE);
  }

  /** Sets a limit, unsigned. */
  void set(Rlimit limit, long bytes) {
    if (bytes < 0 || bytes == NONE) {
      soft.remove(limit);
    } else {
      soft.put(limit, bytes);
    }
  }

  /** Takes over the limits of the parent. */
  void inherit(Limits parent) {
    soft.clear();
    soft.putAll(parent.soft);
  }

  /**
   * Whether there may be {@code pages} more with {@code flags}, as may_expand_vm(). A soft limit of
   * 0 data bounds the heap alone, while the hard limit is above it.
   *
   * <p>MODEL: every hard limit is infinite.
   */
  boolean mayExpand(long flags, long pages) {
    if (soft.containsKey(Rlimit.AS) && totalPages() + pages > get(Rlimit.AS) >>> 12) {
      return false;
    }
    long data = get(Rlimit.DATA);
    boolean bound = data != NONE && data != 0 && isData(flags);
    return !bound || dataPages() + pages <= data >>> 12;
  }

  /** Pages mapped in all. */
  long totalPages() {
    long pages = 0;
    for (Vma vma : mm.vmas().all()) {
      pages += vma.pages();
    }
    return pages;
  }

  /** Pages of private writable memory that is no stack. */
  private long dataPages() {
    long pages = 0;
    for (Vma vma : mm.vmas().all()) {
      pages += isData(vma.flags()) ? vma.pages() : 0;
    }
    return pages;
  }

  private static boolean isData(long flags) {
    return (flags & (VmFlag.WRITE | VmFlag.SHARED | VmFlag.GROWSDOWN)) == VmFlag.WRITE;
  }
}
