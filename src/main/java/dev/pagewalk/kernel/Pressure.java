package dev.pagewalk.kernel;

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
  private final PageUse use;
  private final LruLists lists;
  private final Shrinker shrinker;
  private final OomKiller killer;
  private final MemoryGroup root;
  private final long min;
  private final long low;
  private final long high;
  private LongSupplier clock = () -> 0;

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
    this.use = new PageUse(kernel, options.exactAccessed());
    long managed = folios.buddy().freeFrames();
    this.lists = new LruLists(this, folios);
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

  private long free() {
    return folios.buddy().freeFrames();
  }

  ReclaimOptions options() {
    return options;
  }

  Kernel kernel() {
    return kernel;
  }

  LruLists lists() {
    return lists;
  }

  FrameTable frames() {
    return frames;
  }

  PageUse use() {
    return use;
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
    if (free() < min) {
      shrinker.direct(null, Math.max(1, low - free()), 0);
    }
    settle();
  }

  /** In the middle of a long operation, where nothing is held. */
  void boundary() {
    if (!busy && free() < min) {
      shrinker.direct(null, Math.max(1, low - free()), 0);
    }
  }

  /** What comes next is for page {@code page}; 0 if for none. */
  void want(long page) {
    wanted = page;
    refused = false;
  }

  /** What comes next is for the page that was in a slot of swap. */
  void wantSwapped(long slot) {
    long page = lists.pageIn(slot);
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
    return Math.min(free() - low, group.room());
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
    lists.tick();
    kernel.token().spendNow();
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
    lists.resize(changed);
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
    folios.numa().workFor(keptMm);
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
    if (free() - pages < min) {
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
    lists.charge(pfn, order, group);
  }

  /** A frame for the kernel itself was asked for in vain. */
  void kernelRefused() {
    refuse(true, null);
  }

  @Override
  public void close() {
    lists.close();
  }
}
