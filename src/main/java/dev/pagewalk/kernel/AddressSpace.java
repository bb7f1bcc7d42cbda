package dev.pagewalk.kernel;

import java.util.List;

/**
 * The address space of one process (mm_struct): its VMAs and its page tables.
 *
 * <p>System calls return a value of at least 0, or a negated {@link Errno}. Each may owe
 * invalidations: {@link Kernel#owed}. Addresses and lengths are in bytes.
 */
public final class AddressSpace {
  /** Of {@link #oomScoreAdj}: it is never chosen. */
  static final int NEVER_KILL = -1000;

  private final Kernel kernel;
  private final int id;
  private final PageTables tables;
  private final VmaMap vmas = new VmaMap();
  private final Limits limits = new Limits(this);
  private final SystemCalls calls;

  /** Raised with each invalidation that is owed. */
  long tlbGeneration = 1;

  /** Where the heap begins. */
  long brkStart;

  /** The break: where the heap ends. */
  long brk;

  /** Protection keys handed out, a bit each. */
  int keys;

  /** The key of memory that can only be executed; -1 if there is none yet. */
  int executeOnlyKey = -1;

  /** Flags of {@link VmFlag} that new mappings get besides: locks, by mlockall. */
  long defaultFlags;

  /** Where new pages are to come from; null: from where the core is. */
  Mempolicy policy;

  /** The node that interleaving without an offset took last. */
  int interleavePrevious = NumaTopology.MAX_NODES - 1;

  /** Its pages that are replaced among themselves; null if there are none. */
  LruPool pool;

  private MemoryGroup group;
  private int oomScoreAdj;
  private boolean killed;
  private int pkru;
  private long minorFaults;
  private long majorFaults;
  private long peakPages;
  private long peakRss;

  AddressSpace(Kernel kernel, int id, PageTables tables) {
    this.kernel = kernel;
    this.id = id;
    this.tables = tables;
    this.calls = new SystemCalls(this);
    boolean hasKeys = kernel.options().protectionKeys();
    this.keys = hasKeys ? 1 : 0;
    this.pkru = hasKeys ? Pkeys.FIRST_PKRU : 0;
  }

  /** Number of the process, from 1. */
  public int id() {
    return id;
  }

  /** Physical address of the top-level table. */
  public long root() {
    return tables.root();
  }

  /**
   * Physical address of the PML4 for user mode: {@link #root} without isolation, else the one that
   * has no kernel half.
   */
  public long userRoot() {
    return tables.userRoot();
  }

  /** The system calls of this process. */
  public SystemCalls calls() {
    return calls;
  }

  /** Minor faults charged so far, those that system calls took among them. */
  public long minorFaults() {
    return minorFaults;
  }

  /** Major faults charged so far: those that waited for a device. */
  public long majorFaults() {
    return majorFaults;
  }

  /** Frames that page tables fill, those of the top level left out. */
  public long pageTablePages() {
    return tables.count();
  }

  /** PKRU of the process, which a core has while it runs it. */
  public int pkru() {
    return pkru;
  }

  /** Sets {@link #pkru}, as WRPKRU in user mode; each core that runs the process learns it. */
  public void setPkru(int value) {
    pkru = value;
  }

  /** How often the TLBs of this address space owed an invalidation; grows. */
  public long tlbGeneration() {
    return tlbGeneration;
  }

  /** The group by which its memory is counted; null unless the kernel reclaims. */
  public MemoryGroup group() {
    return group;
  }

  /** Moves the process to another group: what it touches first from now on is charged there. */
  public void setGroup(MemoryGroup to) {
    group = to;
  }

  /** What is added to {@link #oomScore}, in thousandths of all memory; -1000: never killed. */
  public int oomScoreAdj() {
    return oomScoreAdj;
  }

  /** Sets {@link #oomScoreAdj}: -1000 to 1000. */
  public void setOomScoreAdj(int thousandths) {
    if (thousandths < NEVER_KILL || thousandths > -NEVER_KILL) {
      throw new IllegalArgumentException("oom_score_adj is -1000 to 1000: " + thousandths);
    }
    oomScoreAdj = thousandths;
  }

  /** What /proc/PID/oom_score shows: the process with the most is killed first. */
  public long oomScore() {
    return OomKiller.score(this);
  }

  /** Whether it was chosen to end for want of memory: it can do nothing but exit. */
  public boolean isKilled() {
    return killed;
  }

  void kill() {
    killed = true;
  }

  boolean hasExited() {
    return tables.isGone();
  }

  /** Sets where the heap begins, while there is none. */
  public void setBrk(long start) {
    brkStart = start;
    brk = start;
  }

  Kernel kernel() {
    return kernel;
  }

  PageTables tables() {
    return tables;
  }

  VmaMap vmas() {
    return vmas;
  }

  FlushToken token() {
    return kernel.token();
  }

  void chargeFault(boolean major) {
    if (major) {
      majorFaults++;
    } else {
      minorFaults++;
    }
  }

  // --- limits ---

  Limits limits() {
    return limits;
  }

  /** Copies limits, heap and keys of the parent. */
  void inherit(AddressSpace parent) {
    limits.inherit(parent.limits);
    brkStart = parent.brkStart;
    brk = parent.brk;
    keys = parent.keys;
    executeOnlyKey = parent.executeOnlyKey;
    pkru = parent.pkru;
    policy = parent.policy;
    interleavePrevious = parent.interleavePrevious;
    group = parent.group;
    oomScoreAdj = parent.oomScoreAdj;
  }

  // --- VMAs ---

  /** Adds a VMA to the map and to its object. */
  void link(Vma vma) {
    vmas.add(vma);
    if (vma.file != null) {
      vma.file.link(vma);
    }
  }

  /** Takes a VMA out of the map, its object and the reverse map. */
  void unlink(Vma vma) {
    vmas.remove(vma);
    forget(vma);
  }

  /** Takes a VMA that is in no map out of its object and the reverse map. */
  static void forget(Vma vma) {
    Hugetlb.close(vma);
    if (vma.has(VmFlag.LOCKED)) {
      SafePoint.unlocked(vma.mm.kernel);
    }
    vma.mm.kernel.reverseMap().unlink(vma);
    if (vma.file != null) {
      vma.file.unlink(vma);
      if (vma.file.isAnonymous() && vma.file.mappings().isEmpty()) {
        vma.mm.kernel.fileTable().release(vma.file);
      }
    }
  }

  /** Moves the start of a VMA, and its page offset with it. */
  void moveStart(Vma vma, long start) {
    vma.pgoff += (start - vma.start) >> 12;
    vma.start = start;
  }

  /** Gives {@code vma} those of {@code flags} that outlive a merge. */
  void stickTo(Vma vma, long flags) {
    vma.setFlags(vma.flags() | (flags & VmFlag.STICKY));
  }

  /** Cuts {@code vma} at {@code address}; returns the upper part. */
  Vma split(Vma vma, long address) {
    if (address <= vma.start || address >= vma.end) {
      throw new IllegalArgumentException("no cut inside the VMA");
    }
    HugePages.splitAt(vma, address);
    Vma upper = vma.copyFor(this);
    moveStart(upper, address);
    vma.end = address;
    upper.reserve = vma.reserve;
    upper.lostPages = vma.lostPages;
    AnonVma.clone(upper, vma);
    if (vma.anonVma != null) {
      vma.anonVma.activateFor(upper);
    }
    link(upper);
    return upper;
  }

  /**
   * Gives {@code [start, end)} of {@code vma} other flags, joining and cutting.
   *
   * @return its VMA; null if it cannot be cut there: EINVAL
   */
  Vma modify(Vma vma, long start, long end, long flags) {
    return modify(vma, VmaMerge.Range.of(vma, start, end, flags));
  }

  /** The same for a range of {@code vma} with other flags or another policy. */
  Vma modify(Vma vma, VmaMerge.Range range) {
    if (range.isLike(vma)) {
      return vma;
    }
    Vma merged = VmaMerge.existing(vma, range);
    if (merged != null) {
      return merged;
    }
    Vma part = vma;
    if (!vma.maySplit(range.start())) {
      return null;
    }
    if (range.start() > part.start) {
      part = split(part, range.start());
    }
    if (!vma.maySplit(range.end())) {
      return null;
    }
    if (range.end() < part.end) {
      split(part, range.end());
    }
    part.setFlags(range.flags());
    part.policy = range.policy();
    return part;
  }

  /** The policy of this process for new memory. */
  public Mempolicy mempolicy() {
    return policy == null ? Mempolicy.NONE : policy;
  }

  /** The policy of the mapping at {@code address}; none if it has none, or there is no mapping. */
  public Mempolicy mempolicy(long address) {
    Vma vma = vmas.at(address);
    if (vma == null) {
      return Mempolicy.NONE;
    }
    boolean shared = vma.file != null && vma.file.policies() != null;
    Mempolicy found = shared ? vma.file.policies().at(vma.pgoffOf(address)) : vma.policy;
    return found == null ? Mempolicy.NONE : found;
  }

  /** The VMAs as they are now, for those who look at the process from outside. */
  public List<VmaView> view() {
    return vmas.all().stream().map(VmaView::of).toList();
  }

  /** What there is at the page of {@code address}. */
  public PageView page(long address) {
    return PageView.of(this, address);
  }

  /**
   * The end of what has no page table at {@code address}: nothing is mapped from there up to but
   * not including it. {@code address} itself if there is a table.
   */
  public long endOfNothing(long address) {
    return Peek.endOfNothing(this, address);
  }

  /** What /proc/PID shows. */
  public ProcFiles proc() {
    return new ProcFiles(this);
  }

  /** Raises the peaks of what is mapped and in memory, in pages. */
  void sawUse(long pages, long rss) {
    peakPages = Math.max(peakPages, pages);
    peakRss = Math.max(peakRss, rss);
  }

  long peakPages() {
    return peakPages;
  }

  long peakRss() {
    return peakRss;
  }

  /** Pages that are in memory (VmRSS): looks at each entry there is. */
  public long residentPages() {
    return new MemoryUse(this).rss();
  }

  /** The smaps counters of the mapping that {@code address} lies in. */
  public Smaps smaps(long address) {
    return Smaps.of(this, address);
  }

  /**
   * Reads the page of {@code address} with a debugger's rights, and changes nothing.
   *
   * @param page gets the 4096 bytes
   * @return whether there is such a page: not outside of mappings, behind the end of a file, nor at
   *     a guard page
   */
  public boolean peek(long address, byte[] page) {
    return Peek.page(this, PageTables.pageOf(address), page);
  }
}
