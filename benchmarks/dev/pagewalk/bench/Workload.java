package dev.pagewalk.bench;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Locale;

/**
 * The working sets of {@code benchmarks/limit.c}, with the same names, tables and numbers.
 *
 * <p>An access goes to a page drawn by {@link #next}, one in four is a write, all are in user mode.
 */
public enum Workload {
  /** One page: the generator and the fastest hit. */
  RNG(1, 20_000_000, false),
  /** Within the first-level TLB: 3 of 4 ways of each set. */
  HOT(48, 20_000_000, false),
  /** Within the second-level TLB. */
  WARM(1 << 10, 10_000_000, false),
  /** 1 GiB: nearly every access walks; the tables lie in the host's caches. */
  COLD(1 << 18, 5_000_000, false),
  /** 4 GiB: nearly every access walks; leaf tables of 8 MiB. */
  VAST(1 << 20, 5_000_000, false),
  /** {@link #HOT}, scattered: some sets of the first-level TLB have more pages than ways. */
  HOT_SCATTERED(48, 20_000_000, true),
  /** {@link #WARM}, scattered. */
  WARM_SCATTERED(1 << 10, 10_000_000, true),
  /** {@link #COLD}, scattered: a page table for each page. */
  COLD_SCATTERED(1 << 18, 5_000_000, true),
  /** {@link #VAST}, scattered: 4.5 GiB of tables. */
  VAST_SCATTERED(1 << 20, 5_000_000, true);

  /** What {@link #next} starts from. */
  static final long SEED = 0x9e3779b97f4a7c15L;

  /** Linear address of the first page of neighbours. */
  static final long BASE = 0x1000_0000_0000L;

  private static final long PAGES_47 = (1L << 35) - 1;
  private static final long TABLES = 64L << 20;
  private static final long SCATTERED_TABLES = 8L << 30;
  private static final long MEMORY = 12L << 30;
  private static final long ROOT = 0x1000;
  private static final long TABLE_BITS = Entry.P | Entry.RW | Entry.US | Entry.A;

  /** Pages of the working set. */
  final int pages;

  /** Accesses of one round. */
  final int accesses;

  /** Whether the pages lie scattered over 2^47 bytes; else they are neighbours. */
  final boolean scattered;

  Workload(int pages, int accesses, boolean scattered) {
    this.pages = pages;
    this.accesses = accesses;
    this.scattered = scattered;
  }

  /** The workload that limit.c calls {@code name}, {@code hot-scattered} for example. */
  static Workload of(String name) {
    for (Workload workload : values()) {
      if (workload.toString().equals(name)) {
        return workload;
      }
    }
    throw new IllegalArgumentException(name);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The state of xorshift64* after {@code state}. */
  static long next(long state) {
    long x = state;
    x ^= x >>> 12;
    x ^= x << 25;
    x ^= x >>> 27;
    return x;
  }

  /** The number drawn in {@code state}. */
  static long drawn(long state) {
    return state * 0x2545f4914f6cdd1dL;
  }

  /** Linear address of page {@code i} of a scattered set: limit.c tells why it is worked out. */
  static long scatter(long i) {
    long x = (i * 0x5_9e37_79b9L) & PAGES_47;
    x ^= x >>> 17;
    x = (x * 0x4_f6cd_d1dbL) & PAGES_47;
    x ^= x >>> 15;
    return x << 12;
  }

  /** A processor with everything, and 46 bits of physical address. */
  static Cpu cpu() {
    return Cpu.withEverything(46, ModelPresets.SDM);
  }

  /** 4-level paging with PCID 1. */
  static Registers registers() {
    return Registers.longMode(ROOT | 1).withCr4(Cr4.PAE | Cr4.PCIDE);
  }

  /** A new memory that holds the tables. Page i is mapped to frame (i * 2654435761) mod pages. */
  PhysicalMemory memory() {
    PhysicalMemory memory = PhysicalMemory.builder().ram(0, MEMORY).hugePages().build();
    long data = scattered ? SCATTERED_TABLES : TABLES;
    long bump = ROOT + PhysicalMemory.FRAME_BYTES;
    for (long i = 0; i < pages; i++) {
      long frame = data + ((i * 2_654_435_761L % pages) << 12);
      bump = map(memory, scattered ? scatter(i) : BASE + (i << 12), frame, bump);
    }
    return memory;
  }

  /** Clears P of {@code percent} in a hundred of the pages, evenly spread. */
  void takeAway(PhysicalMemory memory, int percent) {
    for (long i = 0; i < pages; i++) {
      long table = ROOT;
      long va = scattered ? scatter(i) : BASE + (i << 12);
      for (int shift = 39; shift > 12; shift -= 9) {
        table = memory.read64(table + (((va >>> shift) & 511) << 3)) & Entry.ADDRESS;
      }
      long at = table + (((va >>> 12) & 511) << 3);
      if ((i + 1) * percent / 100 != i * percent / 100) {
        memory.write64(at, memory.read64(at) & ~Entry.P);
      }
    }
  }

  /** Maps one page; new tables are taken from {@code bump}, which is returned as it is then. */
  private static long map(PhysicalMemory memory, long va, long frame, long bump) {
    long free = bump;
    long table = ROOT;
    for (int shift = 39; shift > 12; shift -= 9) {
      long at = table + (((va >>> shift) & 511) << 3);
      long entry = memory.read64(at);
      if (entry == 0) {
        entry = free | TABLE_BITS;
        memory.write64(at, entry);
        free += PhysicalMemory.FRAME_BYTES;
      }
      table = entry & Entry.ADDRESS;
    }
    memory.write64(table + (((va >>> 12) & 511) << 3), frame | TABLE_BITS | Entry.D);
    return free;
  }
}
