package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What a kernel that reclaims has besides: watermarks, groups, lists of pages, and the memory that
 * the operation under way asked for and did not get.
 *
 * <p>An allocation that goes below a watermark, or over the limit of a group, is refused, and noted
 * here. The operation backs out to where it holds nothing, has room made ({@link #makeRoom}), and
 * begins anew. So nothing is ever taken away from under somebody who looks at it, and a page goes
 * only when another really comes.
 */
final class Pressure implements AutoCloseable {
  /** Tries to make room for one page after which memory counts as exhausted. */
  private static final int MOST_TRIES = 16;

  private final Kernel kernel;
  private final ReclaimOptions options;
  private final Folios folios;
  private final FrameTable frames;
  private final LruRecords records;
  private final PageUse use;
  private final WorkingSet workingSet;
  private final Shrinker shrinker;
  private final OomKiller killer;
  private final List<Lruvec> lists = new ArrayList<>();
  private final List<LruPool> pools = new ArrayList<>();
  private final MemoryGroup root;
  private final long min;
  private final long low;
  private final long high;
  private LongSupplier clock = () -> 0;

  /** The numbers that pages in swap had in memory, by slot. */
  private final LongTable swapped = new LongTable();

  // --- of the operation under way ---

  private AddressSpace mm;
  private MemoryGroup group;

  /** The page for which memory is asked. */
  private long wanted;

  private boolean refused;

  /** The group whose limit stood in the way; null if memory as a whole did. */
  private MemoryGroup refusedBy;

  private int tries;
  private boolean busy;

  Pressure(Kernel kernel, ReclaimOptions options) {
    this.kernel = kernel;
    this.options = options;
    this.folios = kernel.folios();
    this.frames = folios.frames();
    this.records = new LruRecords(frames.frames());
    this.use = new PageUse(kernel, options.exactAccessed());
    long managed = folios.buddy().freeFrames();
    this.workingSet = new WorkingSet(folios.stat(), managed);
    this.root = new MemoryGroup(this, "", null);
    this.group = root;
    this.min = options.minPages() < 0 ? defaultMin(managed) : options.minPages();
    long step = Math.max(min / 4, managed / 1000);
    this.low = options.lowPages() < 0 ? min + step : options.lowPages();
    this.high = options.highPages() < 0 ? low + step : options.highPages();
    if (min > low || low > high) {
      throw new IllegalArgumentException("watermarks are min, low, high, in ascending order");
    }
    this.shrinker = new Shrinker(kernel, this);
    this.killer = new OomKiller(kernel, this);
  }

  /** As init_per_zone_wmark_min(): four times the square root of the memory in KiB. */
  private static long defaultMin(long managed) {
    long kibibytes = (long) Math.sqrt(managed * 4.0 * 16);
    return Math.clamp(kibibytes, 128, 262144) / 4;
  }

  ReclaimOptions options() {
    return options;
  }

  Kernel kernel() {
    return kernel;
  }

  FrameTable frames() {
    return frames;
  }

  LruRecords records() {
    return records;
  }

  PageUse use() {
    return use;
  }

  WorkingSet workingSet() {
    return workingSet;
  }

  MemoryGroup root() {
    return root;
  }

  long min() {
    return min;
  }

  long low() {
    return low;
  }

  long high() {
    return high;
  }

  void setClock(LongSupplier accesses) {
    clock = accesses;
  }

  long now() {
    return clock.getAsLong();
  }

  // --- lists ---

  Lruvec newLruvec(LruPool pool) {
    Lruvec list = new Lruvec(this, pool, lists.size());
    lists.add(list);
    return list;
  }

  List<LruPool> pools() {
    return pools;
  }

  Lruvec list(int id) {
    return lists.get(id);
  }

  /** The list of a frame; null if it is charged to nobody. */
  Lruvec listOf(long pfn) {
    int id = records.list(pfn);
    return id == LruRecords.NONE ? null : lists.get(id);
  }

  /** The pages of a group, or, if {@code owner} is not null, of a process in it. */
  private LruPool pool(MemoryGroup of, AddressSpace owner) {
    LruPool pool = owner == null ? of.pool : owner.pool;
    if (pool == null || pool.group != of) {
      pool = new LruPool(this, of, owner);
      pools.add(pool);
      if (owner == null) {
        of.pool = pool;
      } else {
        owner.pool = pool;
      }
    }
    return pool;
  }

  /** The pages of the process whose operation this is: those that go first in per-process scope. */
  AddressSpace local() {
    return options.scope() == ReclaimOptions.Scope.PER_PROCESS ? mm : null;
  }

  // --- operations ---

  /** An operation begins, for {@code of} or for nobody; nothing is held. */
  void begin(AddressSpace of) {
    mm = of;
    group = of == null ? root : of.group();
    want(0);
    if (busy) {
      return;
    }
    shrinker.background();
    if (folios.buddy().freeFrames() < min) {
      shrinker.direct(null, Math.max(1, low - folios.buddy().freeFrames()), 0);
    }
    settle();
  }

  /** In the middle of a long operation, where nothing is held. */
  void boundary() {
    if (!busy && folios.buddy().freeFrames() < min) {
      shrinker.direct(null, Math.max(1, low - folios.buddy().freeFrames()), 0);
    }
  }

  /** What comes next is for page {@code page}; 0 if for none. */
  void want(long page) {
    wanted = page;
    refused = false;
  }

  /** What comes next is for the page that was in a slot of swap. */
  void wantSwapped(long slot) {
    long page = swapped.get(Pte.swapShared(slot));
    if (page != LongTable.NONE) {
      want(page);
    }
  }

  /** A page is asked for, for which no room has been made yet. */
  void beginPage() {
    tries = 0;
  }

  /** How many pages may be taken that nobody needs yet, without anybody having to give up any. */
  long spare() {
    return Math.min(folios.buddy().freeFrames() - low, group.room());
  }

  /**
   * Makes room for what was refused last; nothing is held. Kills a process if it must.
   *
   * @return whether it is worth to try again
   */
  boolean makeRoom() {
    if (!refused || (mm != null && mm.isKilled())) {
      return false;
    }
    boolean found = false;
    if (++tries <= MOST_TRIES) {
      long need = refusedBy == null ? Shrinker.CLUSTER : refusedBy.current() + 1 - refusedBy.max();
      need += refusedBy == null ? 0 : kernel.prefetch().takeWish(refusedBy.max());
      found = shrinker.direct(refusedBy, need, wanted) > 0;
    }
    boolean again = found || killer.kill(refusedBy);
    tries = found ? tries : 1;
    refused = false;
    return again;
  }

  /** As mem_cgroup_handle_over_high(): a process of a group above its high limit reclaims. */
  void settle() {
    for (MemoryGroup over = group.overHigh(); over != null; over = over.parent()) {
      if (over.current() > over.high()) {
        over.count(MemoryGroup.Event.HIGH);
        shrinker.direct(over, over.current() - over.high(), 0);
      }
    }
  }

  /** The timer interrupt. */
  void tick() {
    shrinker.background();
    for (LruPool pool : pools) {
      pool.anonymous.tick();
      if (pool.file != pool.anonymous) {
        pool.file.tick();
      }
    }
    kernel.shootdown();
  }

  /** Mappings are no longer locked: what was set aside is looked at again. */
  void unlocked() {
    shrinker.unlocked();
  }

  /** The limits of a group are others. */
  void limitsChanged(MemoryGroup changed) {
    kernel.begin();
    boolean goOn = true;
    while (goOn && changed.current() > changed.max()) {
      long over = changed.current() - changed.max();
      goOn = shrinker.direct(changed, over, 0) > 0 || killer.kill(changed);
    }
    if (changed.current() > changed.high()) {
      shrinker.direct(changed, changed.current() - changed.high(), 0);
    }
    for (LruPool pool : pools) {
      if (pool.group.isWithin(changed)) {
        pool.anonymous.resize();
        if (pool.file != pool.anonymous) {
          pool.file.resize();
        }
      }
    }
  }

  /** Does something of another operation in between. */
  void during(Runnable other) {
    AddressSpace keptMm = mm;
    MemoryGroup keptGroup = group;
    long keptWanted = wanted;
    boolean keptBusy = busy;
    busy = true;
    other.run();
    busy = keptBusy;
    mm = keptMm;
    group = keptGroup;
    wanted = keptWanted;
  }

  /** The process whose operation is under way; null if nobody's. */
  AddressSpace current() {
    return mm;
  }

  // --- allocation ---

  /** Whether a user's folio may be had now; if not, that is noted for {@link #makeRoom}. */
  boolean mayTake(int order) {
    long pages = 1L << order;
    boolean small = order == 0;
    MemoryGroup limit = group.refusing(pages);
    if (limit != null) {
      limit.count(MemoryGroup.Event.MAX);
      refuse(small, limit);
      return false;
    }
    if (folios.buddy().freeFrames() - pages < min) {
      refuse(small, null);
      return false;
    }
    return true;
  }

  private void refuse(boolean small, MemoryGroup by) {
    // MODEL: nothing is reclaimed for a huge page; small ones are taken instead.
    refused |= small;
    refusedBy = by;
  }

  /** A folio was taken; or there was none, NONE. */
  void taken(long pfn, int order) {
    if (pfn == Folios.NONE) {
      refuse(order == 0, null);
      return;
    }
    records.setList(pfn, pool(group, null).file.id);
    group.charge(1L << order);
  }

  /** A frame for the kernel itself was asked for in vain. */
  void kernelRefused() {
    refuse(true, null);
  }

  /** A folio is free. */
  void freed(long head, int order) {
    Lruvec list = listOf(head);
    if (list != null) {
      if (records.place(head) != LruRecords.NONE) {
        list.forget(head);
      }
      list.pool.group.uncharge(1L << order);
      records.clear(head);
    }
  }

  /** Whether the policies are oracles. */
  boolean wantsAccesses() {
    return pool(root, null).file.wantsAccesses();
  }

  /** The page of a frame is accessed. */
  void accessed(long pfn, long position) {
    Lruvec list = listOf(pfn);
    if (list != null && records.place(pfn) != LruRecords.NONE) {
      list.accessed(pfn, position);
    }
  }

  /** A folio was split: each frame is charged, and replaced, by itself. */
  void split(long head, int order) {
    folios.stat().count(VmEvent.THP_SPLIT_PAGE);
    Lruvec list = listOf(head);
    if (list == null) {
      return;
    }
    for (long pfn = head + 1; pfn < head + (1L << order); pfn++) {
      list.admit(pfn, records.page(head) + pfn - head);
    }
  }

  // --- coming and going ---

  /** The page in a frame that is read from swap keeps its number, wherever it will be mapped. */
  void comesFromSwap(long pfn, long slot) {
    long page = swapped.get(Pte.swapShared(slot));
    if (page != LongTable.NONE) {
      records.setPage(pfn, page);
    }
  }

  /** An anonymous page comes onto a list, if it is not there yet. */
  void admitAnonymous(long pfn, Vma vma, long address) {
    if (isNew(pfn)) {
      long known = records.page(pfn);
      admit(pfn, known != 0 ? known : PageNumber.ofAnonymous(vma.mm, address), vma.mm);
    }
  }

  /** A page that was read from swap and that nobody maps yet. */
  void admitSwapped(long pfn) {
    if (isNew(pfn) && records.page(pfn) != 0) {
      admit(pfn, records.page(pfn), mm);
    }
  }

  /** A page of a file. */
  void admitFile(long pfn, FileObject file, long index) {
    if (isNew(pfn)) {
      admit(pfn, PageNumber.ofFile(file, index), null);
    }
  }

  private boolean isNew(long pfn) {
    return records.list(pfn) != LruRecords.NONE && records.place(pfn) == LruRecords.NONE;
  }

  private void admit(long pfn, long page, AddressSpace owner) {
    boolean perProcess = options.scope() == ReclaimOptions.Scope.PER_PROCESS;
    LruPool pool = pool(listOf(pfn).pool.group, perProcess ? owner : null);
    boolean anonymous = use.isAnonymous(pfn);
    if (workingSet.refault(pool, page, anonymous)) {
      frames.set(pfn, FrameTable.ACTIVE);
    }
    pool.of(anonymous).admit(pfn, page);
  }

  /** Brings a page back onto its list that was set aside. */
  void readmit(long pfn) {
    if (isNew(pfn)) {
      listOf(pfn).admit(pfn, records.page(pfn));
    }
  }

  /** Remembers the number of a page that goes to swap. */
  void remember(long slot, long pfn) {
    swapped.put(Pte.swapShared(slot), records.page(pfn));
  }

  @Override
  public void close() {
    records.close();
  }
}
