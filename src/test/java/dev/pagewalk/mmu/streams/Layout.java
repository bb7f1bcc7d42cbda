package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Where the tables of a stream lie: a few frames, and a few indices at which each has entries.
 *
 * <p>The words at these places are the named words: no other word of a table is ever other than 0.
 * Memory ends soon after the low frames; a sparse one has regions at the top of every physical
 * address space, the rest is a hole.
 */
final class Layout {
  /** Bytes of memory from address 0. */
  static final long LOW_BYTES = 0x2_0000;

  /** Bytes of the region at the top. */
  static final long TOP_BYTES = 0x4000;

  private final Map<Level, List<Long>> tables;
  private final List<Long> frames;
  private final int[] hot;
  private final long[] words;

  /**
   * A layout.
   *
   * @param tables physical addresses of the tables by the level that each is meant for
   * @param hot indices at which tables have entries
   */
  Layout(Map<Level, List<Long>> tables, int[] hot) {
    this.tables = new EnumMap<>(tables);
    this.frames = tables.values().stream().flatMap(List::stream).toList();
    this.hot = hot.clone();
    this.words =
        frames.stream()
            .flatMapToLong(frame -> Arrays.stream(hot).mapToLong(index -> frame + 8L * index))
            .toArray();
  }

  /** First address of the region at the top, on a processor with this MAXPHYADDR. */
  static long top(int maxPhyAddr) {
    return (1L << (maxPhyAddr - 1)) + 0x3000;
  }

  /** A memory as streams need it, all zero; a flat one ends with the low frames. */
  static PhysicalMemory newMemory(boolean flat) {
    PhysicalMemory.Builder memory = PhysicalMemory.builder().ram(0, LOW_BYTES);
    if (flat) {
      return memory.flat().build();
    }
    for (int width = Cpu.MIN_MAXPHYADDR; width <= Cpu.MAX_MAXPHYADDR; width++) {
      memory.ram(top(width), TOP_BYTES);
    }
    return memory.build();
  }

  /** The tables that are meant for {@code level}; edits may use them at any. */
  List<Long> tables(Level level) {
    return tables.get(level);
  }

  /** The level of the root tables. */
  Level rootLevel() {
    return level(words[0]);
  }

  /** The level that the table around {@code pa} is meant for. */
  Level level(long pa) {
    for (Map.Entry<Level, List<Long>> entry : tables.entrySet()) {
      if (entry.getValue().contains(Entry.table(pa))) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException("no table at " + Hex.of(pa));
  }

  /** Physical addresses of all tables. */
  List<Long> frames() {
    return frames;
  }

  /** Whether {@code table} is one of the tables, so that it may have entries other than 0. */
  boolean isTable(long table) {
    return frames.contains(table);
  }

  /** Number of indices at which tables have entries. */
  int indices() {
    return hot.length;
  }

  /** The {@code i}th of these indices, 0 to 511. */
  int index(int i) {
    return hot[i];
  }

  /** Number of named words. */
  int words() {
    return words.length;
  }

  /** Physical address of the {@code i}th named word. */
  long word(int i) {
    return words[i];
  }

  /** The number of the named word at {@code pa}, or -1. */
  int wordAt(long pa) {
    int frame = frames.indexOf(pa & Entry.ADDRESS);
    if (frame >= 0) {
      for (int i = 0; i < hot.length; i++) {
        if (hot[i] == (pa & (Level.TABLE_BYTES - 1)) >>> 3) {
          return frame * hot.length + i;
        }
      }
    }
    return -1;
  }
}
