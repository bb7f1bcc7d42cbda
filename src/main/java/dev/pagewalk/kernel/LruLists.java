package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;

/**
 * All pages that may be replaced: which list each is on, by which group it is charged, and by which
 * number policies know it.
 */
final class LruLists implements AutoCloseable {
  private final Pressure pressure;
  private final ReclaimOptions options;
  private final FrameTable frames;
  private final VmStat stat;
  private final LruRecords records;
  private final WorkingSet workingSet;
  private final List<Lruvec> lists = new ArrayList<>();
  private final List<LruPool> pools = new ArrayList<>();

  /** The numbers that pages in swap had in memory, by slot. */
  private final LongTable swapped = new LongTable();

  LruLists(Pressure pressure, Folios folios) {
    this.pressure = pressure;
    this.options = pressure.options();
    this.frames = folios.frames();
    this.stat = folios.stat();
    this.records = new LruRecords(frames.frames());
    this.workingSet = new WorkingSet(stat, folios.buddy().freeFrames());
  }

  LruRecords records() {
    return records;
  }

  WorkingSet workingSet() {
    return workingSet;
  }

  List<LruPool> pools() {
    return pools;
  }

  Lruvec newLruvec(LruPool pool) {
    Lruvec list = new Lruvec(pressure, pool, lists.size());
    lists.add(list);
    return list;
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
      pools.removeIf(LruPool::isOver);
      pool = new LruPool(pressure, of, owner);
      pools.add(pool);
      if (owner == null) {
        of.pool = pool;
      } else {
        owner.pool = pool;
      }
    }
    return pool;
  }

  /** The timer interrupt. */
  void tick() {
    for (LruPool pool : pools) {
      pool.anonymous.tick();
      if (pool.file != pool.anonymous) {
        pool.file.tick();
      }
    }
  }

  /** The limits of a group are others: its lists, and those below, get policies for that. */
  void resize(MemoryGroup changed) {
    for (LruPool pool : pools) {
      if (pool.group.isWithin(changed)) {
        pool.anonymous.resize();
        if (pool.file != pool.anonymous) {
          pool.file.resize();
        }
      }
    }
  }

  /** Whether the policy of {@code group} is an oracle. */
  boolean wantsAccesses(MemoryGroup group) {
    return pool(group, null).file.wantsAccesses();
  }

  /** The page of a frame is accessed. */
  void accessed(long pfn, long position) {
    Lruvec list = listOf(pfn);
    if (list != null && records.place(pfn) != LruRecords.NONE) {
      list.accessed(pfn, position);
    }
  }

  // --- charges ---

  /** A folio was taken for a process of {@code group}. */
  void charge(long pfn, int order, MemoryGroup group) {
    records.setList(pfn, pool(group, null).file.id);
    group.charge(1L << order);
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

  /** A folio was split: each frame is charged, and replaced, by itself. */
  void split(long head, int order) {
    stat.count(VmEvent.THP_SPLIT_PAGE);
    Lruvec list = listOf(head);
    if (list == null) {
      return;
    }
    for (long pfn = head + 1; pfn < head + (1L << order); pfn++) {
      // A lock that was met is looked for anew.
      frames.clear(pfn, FrameTable.MLOCKED);
      list.admit(pfn, records.page(head) + pfn - head);
    }
  }

  // --- coming and going ---

  /** The number of the page in a slot of swap; {@link LongTable#NONE} if it is not known. */
  long pageIn(long slot) {
    return swapped.get(Pte.swapShared(slot));
  }

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
      admit(pfn, records.page(pfn), pressure.current());
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
    boolean anonymous = pressure.use().isAnonymous(pfn);
    if (workingSet.refault(pool, page, anonymous)) {
      frames.set(pfn, FrameTable.ACTIVE);
    }
    pool.of(anonymous).admit(pfn, page);
  }

  /** Brings a page back onto its list that was set aside. */
  void readmit(long pfn) {
    if (isNew(pfn)) {
      Lruvec list = listOf(pfn);
      if (!pools.contains(list.pool)) {
        pools.add(list.pool);
      }
      list.admit(pfn, records.page(pfn));
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
