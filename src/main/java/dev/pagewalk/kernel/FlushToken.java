package dev.pagewalk.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The invalidations that a change of page tables owes, and what waits for them.
 *
 * <p>Whoever runs the cores drops the ranges from the TLBs of every core that has the address space
 * loaded, and then calls {@link #spent}; only then are the frames given back that the entries
 * mapped. The kernel refuses its next operation while a token is owed.
 */
public final class FlushToken {
  /**
   * A range of addresses of one address space.
   *
   * @param mm whose
   * @param start first address, in bytes
   * @param end the address after the last
   * @param stride distance of two entries: 4096, or 2 MiB where only huge pages were changed
   * @param tables whether page tables have gone, so that paging-structure caches must forget them
   */
  public record Item(AddressSpace mm, long start, long end, long stride, boolean tables) {}

  private final Folios folios;
  private final SwapSpace swap;
  private AddressSpace[] mms = new AddressSpace[2];
  private long[] starts = new long[2];
  private long[] ends = new long[2];
  private boolean[] tables = new boolean[2];
  private boolean[] huge = new boolean[2];
  private int size;
  private long[] waiting = new long[16];
  private int waitingSize;
  private Runnable spender;

  FlushToken(Folios folios, SwapSpace swap) {
    this.folios = folios;
    this.swap = swap;
  }

  /** Whether nothing is owed. */
  public boolean isEmpty() {
    return size == 0 && waitingSize == 0;
  }

  /** How many ranges there are, at most one for each address space. */
  public int size() {
    return size;
  }

  /** The range at place {@code i}, from 0. */
  public Item item(int i) {
    Objects.checkIndex(i, size);
    long stride = huge[i] ? PageTables.HUGE_BYTES : PageTables.PAGE_BYTES;
    return new Item(mms[i], starts[i], ends[i], stride, tables[i]);
  }

  /** The ranges, at most one for each address space. */
  public List<Item> items() {
    return IntStream.range(0, size).mapToObj(this::item).toList();
  }

  /** Sets what spends the token in the middle of an operation. */
  void onSpend(Runnable spend) {
    spender = spend;
  }

  /** In the middle of an operation, where nothing is held that could go: has what is owed spent. */
  void spendNow() {
    if (isEmpty()) {
      return;
    }
    if (spender == null) {
      throw new IllegalStateException("reclaim needs Kernel.onShootdown");
    }
    spender.run();
  }

  /** The same, if there is somebody who spends in the middle of an operation. */
  void spendIfPossible() {
    if (spender != null) {
      spendNow();
    }
  }

  /** Says that no TLB holds anything of the ranges any more: frames that waited are given back. */
  public void spent() {
    Arrays.fill(mms, 0, size, null);
    size = 0;
    for (int i = 0; i < waitingSize; i++) {
      folios.put(waiting[i]);
      swap.dropIfUnused(waiting[i]);
    }
    waitingSize = 0;
  }

  /** An entry of a page of 4 KiB has lost rights or its frame. */
  void page(AddressSpace mm, long address) {
    range(mm, address, address + PageTables.PAGE_BYTES);
  }

  void range(AddressSpace mm, long start, long end) {
    if (start < end) {
      int i = item(mm, start, end);
      huge[i] = false;
    }
  }

  /** The entry of a huge page. */
  void hugePage(AddressSpace mm, long start) {
    item(mm, start, start + PageTables.HUGE_BYTES);
  }

  /** The entry of an explicit huge page of {@code bytes}. */
  void hugePages(AddressSpace mm, long start, long bytes) {
    item(mm, start, start + bytes);
  }

  /** Page tables for the range have been unlinked. */
  void tables(AddressSpace mm, long start, long end) {
    int i = item(mm, start, end);
    huge[i] = false;
    tables[i] = true;
  }

  /** Everything of an address space. */
  void all(AddressSpace mm) {
    range(mm, 0, PageTables.USER_END);
  }

  /** Drops a reference to a frame once the token is spent. */
  void putLater(long pfn) {
    if (waitingSize == waiting.length) {
      waiting = Arrays.copyOf(waiting, 2 * waitingSize);
    }
    waiting[waitingSize++] = pfn;
  }

  private int item(AddressSpace mm, long start, long end) {
    mm.tlbGeneration++;
    for (int i = size - 1; i >= 0; i--) {
      if (mms[i] == mm) {
        starts[i] = Math.min(starts[i], start);
        ends[i] = Math.max(ends[i], end);
        return i;
      }
    }
    if (size == mms.length) {
      grow();
    }
    mms[size] = mm;
    starts[size] = start;
    ends[size] = end;
    tables[size] = false;
    huge[size] = true;
    return size++;
  }

  private void grow() {
    int length = 2 * size;
    mms = Arrays.copyOf(mms, length);
    starts = Arrays.copyOf(starts, length);
    ends = Arrays.copyOf(ends, length);
    tables = Arrays.copyOf(tables, length);
    huge = Arrays.copyOf(huge, length);
  }
}
