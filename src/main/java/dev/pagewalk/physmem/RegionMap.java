package dev.pagewalk.physmem;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** The regions of a physical memory in address order, and what each of them holds at first. */
final class RegionMap {
  private static final int FRAME_BYTES = PhysicalMemory.FRAME_BYTES;

  /** A region with what it holds at first: {@code image} null for zeroes. */
  record Source(Region region, MemorySegment image) {}

  private final Source[] sources;

  /**
   * A map of {@code regions} in any order.
   *
   * @throws IllegalArgumentException if there is none, or two of them overlap
   */
  RegionMap(List<Source> regions) {
    if (regions.isEmpty()) {
      throw new IllegalArgumentException("a physical memory has at least one region");
    }
    sources = regions.toArray(Source[]::new);
    Arrays.sort(sources, Comparator.comparingLong(source -> source.region.start()));
    for (int i = 1; i < sources.length; i++) {
      if (sources[i].region.start() < sources[i - 1].region.end()) {
        throw new IllegalArgumentException(
            "regions overlap at physical address 0x%x".formatted(sources[i].region.start()));
      }
    }
  }

  /** The regions, in address order. */
  List<Region> regions() {
    List<Region> regions = new ArrayList<>(sources.length);
    for (Source source : sources) {
      regions.add(source.region);
    }
    return regions;
  }

  /** The first physical address behind the last region. */
  long end() {
    return sources[sources.length - 1].region.end();
  }

  /** Whether no region has {@code pa}. */
  boolean isHole(long pa) {
    return sourceOf(pa) == null;
  }

  /** All ones in the low {@code bytes} bytes. */
  static long ones(int bytes) {
    return -1L >>> (64 - 8 * bytes);
  }

  /** Ones in each byte, of the {@code bytes} from {@code pa}, that a region has. */
  long covered(long pa, int bytes) {
    Source source = sourceOf(pa);
    if (source != null && source.region.contains(pa + bytes - 1)) {
      return ones(bytes);
    }
    long mask = 0;
    for (int i = 0; i < bytes; i++) {
      mask |= isHole(pa + i) ? 0 : 0xffL << (8 * i);
    }
    return mask;
  }

  /** What the {@code bytes} bytes from {@code pa} hold at first, holes all ones. */
  long first(long pa, int bytes) {
    Source source = sourceOf(pa);
    if (source != null && source.image == null && source.region.contains(pa + bytes - 1)) {
      return 0;
    }
    long value = 0;
    for (int i = 0; i < bytes; i++) {
      value |= firstByte(pa + i) << (8 * i);
    }
    return value;
  }

  /** Native address of the frame from {@code base} in the image that has all of it, or 0. */
  long frameInImage(long base) {
    Source source = sourceOf(base);
    if (source == null || source.image == null || !source.region.contains(base + FRAME_BYTES - 1)) {
      return 0;
    }
    return source.image.address() + (base - source.region.start());
  }

  /** Whether the frame from {@code base} lies in one region that is zero at first. */
  boolean isZeroFrame(long base) {
    Source source = sourceOf(base);
    return source != null && source.image == null && source.region.contains(base + FRAME_BYTES - 1);
  }

  /** How many bytes of the frame from {@code base} regions have, 0 to 4096. */
  int coveredOfFrame(long base) {
    int covered = 0;
    for (int i = firstEndingBehind(base); i < sources.length; i++) {
      long bytes = endIn(base, i) - startIn(base, i);
      if (bytes <= 0) {
        break;
      }
      covered += (int) bytes;
    }
    return covered;
  }

  /** Puts into {@code frame}, which is zero, what the frame from {@code base} holds at first. */
  void fill(long base, MemorySegment frame) {
    boolean partial = coveredOfFrame(base) < FRAME_BYTES;
    if (partial) {
      frame.fill((byte) -1);
    }
    for (int i = firstEndingBehind(base); i < sources.length; i++) {
      long from = startIn(base, i);
      long bytes = endIn(base, i) - from;
      if (bytes <= 0) {
        break;
      }
      MemorySegment part = frame.asSlice(from - base, bytes);
      if (sources[i].image != null) {
        part.copyFrom(sources[i].image.asSlice(from - sources[i].region.start(), bytes));
      } else if (partial) {
        part.fill((byte) 0);
      }
    }
  }

  private long startIn(long base, int i) {
    return Math.max(base, sources[i].region.start());
  }

  private long endIn(long base, int i) {
    return Math.min(base + FRAME_BYTES, sources[i].region.end());
  }

  private long firstByte(long pa) {
    Source source = sourceOf(pa);
    if (source == null) {
      return 0xff;
    }
    return source.image == null
        ? 0
        : source.image.get(ValueLayout.JAVA_BYTE, pa - source.region.start()) & 0xffL;
  }

  private Source sourceOf(long pa) {
    int i = firstEndingBehind(pa);
    return i < sources.length && sources[i].region.contains(pa) ? sources[i] : null;
  }

  /** Index of the first region that ends behind {@code pa}, found by halving. */
  private int firstEndingBehind(long pa) {
    int low = 0;
    int high = sources.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(sources[middle].region.end(), pa) > 0) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }
}
