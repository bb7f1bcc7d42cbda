package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The allocator against a plain model: a bit for each free frame. */
class BuddyModelTest {
  private static final int MOST_ORDER = 12;

  /** A block that is in use. */
  private record Block(long pfn, int order) {}

  private final List<FrameRange> ranges = new ArrayList<>();
  private final BitSet free = new BitSet();
  private final List<Block> inUse = new ArrayList<>();
  private int end;
  private int refused;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void randomAllocationsAndFreesAreThoseOfTheModel(long seed) {
    Random random = new Random(seed);
    drawRanges(random);
    try (FrameTable table = new FrameTable(ranges)) {
      BuddyAllocator buddy = new BuddyAllocator(table);
      List<Long> whole = blocks(buddy);
      for (int i = 0; i < TestSize.pick(20_000, 1_000_000); i++) {
        // Stretches in which memory fills up, and others in which it empties.
        step(buddy, random, i % 6000 < 4000 ? 60 : 40);
        assertEquals(free.cardinality(), buddy.freeFrames());
      }
      assertTrue(refused > 0, "memory was never full");
      while (!inUse.isEmpty()) {
        release(buddy, random);
      }
      buddy.drain();
      assertEquals(whole, blocks(buddy));
    }
  }

  /** A few ranges with holes between them, on two nodes. */
  private void drawRanges(Random random) {
    int at = random.nextInt(100);
    for (int i = 0; i < 6; i++) {
      int next = at + 1 + random.nextInt(6000);
      ranges.add(new FrameRange(at, next, i / 3));
      free.set(at, next);
      at = next + (i == 2 ? 0 : random.nextInt(100));
    }
    end = at;
  }

  private void step(BuddyAllocator buddy, Random random, int percentAllocated) {
    if (inUse.isEmpty() || random.nextInt(100) < percentAllocated) {
      int order = random.nextInt(3) > 0 ? 0 : random.nextInt(MOST_ORDER + 1);
      int node = random.nextInt(3) - 1;
      long pfn = node < 0 ? buddy.allocate(order) : buddy.allocate(order, node);
      if (pfn >= 0) {
        take(new Block(pfn, order), node);
      } else {
        refused++;
        assertFalse(hasBlock(order, node), () -> "refused order " + order);
      }
    } else {
      release(buddy, random);
    }
  }

  private void take(Block block, int node) {
    int first = Math.toIntExact(block.pfn);
    int frames = 1 << block.order;
    assertEquals(0, first & (frames - 1), "alignment");
    assertTrue(free.nextClearBit(first) >= first + frames, "free before");
    assertTrue(node < 0 || nodeOf(first) == node, "node");
    free.clear(first, first + frames);
    inUse.add(block);
  }

  private void release(BuddyAllocator buddy, Random random) {
    Block block = inUse.remove(random.nextInt(inUse.size()));
    buddy.free(block.pfn, block.order);
    free.set((int) block.pfn, (int) block.pfn + (1 << block.order));
  }

  /** Whether the model has an aligned block of free frames of this node, or of one if it is -1. */
  private boolean hasBlock(int order, int node) {
    int frames = 1 << order;
    for (int at = 0; at + frames <= end; at += frames) {
      if (free.get(at)
          && free.nextClearBit(at) >= at + frames
          && nodeOf(at) == nodeOf(at + frames - 1)
          && (node < 0 || node == nodeOf(at))) {
        return true;
      }
    }
    return false;
  }

  private int nodeOf(int pfn) {
    for (FrameRange range : ranges) {
      if (pfn >= range.start() && pfn < range.end()) {
        return range.node();
      }
    }
    return -1;
  }

  private static List<Long> blocks(BuddyAllocator buddy) {
    List<Long> counts = new ArrayList<>();
    for (int order = 0; order <= BuddyAllocator.MAX_ORDER; order++) {
      counts.add(buddy.freeBlocks(order));
    }
    return counts;
  }
}
