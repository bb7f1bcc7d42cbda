package dev.pagewalk.machine.tables;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Hashed and inverted tables read what lists of keys, written from their definitions, say. */
final class HashedTablesTest {
  private record Page(int process, long page) {
    int bucket(int buckets) {
      return (int) Hash.of(Hash.key(process, page)) & (buckets - 1);
    }
  }

  private final SplittableRandom random = new SplittableRandom(1);

  private Page next(int pages) {
    return new Page(random.nextInt(2), random.nextLong(pages) * 17);
  }

  @Test
  void theInvertedTableReadsItsChain() {
    int frames = 256;
    InvertedTable table = new InvertedTable(frames);
    Map<Integer, ArrayList<Page>> chains = new HashMap<>();
    Deque<Page> resident = new ArrayDeque<>();
    for (int i = 0; i < 30_000; i++) {
      Page page = next(200);
      ArrayList<Page> chain =
          chains.computeIfAbsent(page.bucket(frames), bucket -> new ArrayList<>());
      int place = chain.indexOf(page);
      // The anchor, two words for each that is passed, one of the one found.
      int expected = place < 0 ? 1 + 2 * chain.size() : 1 + 2 * place + 1;
      assertEquals(expected, table.walk(page.process, page.page), "walk " + i);
      assertEquals(place < 0, table.missed(), "walk " + i);
      if (place < 0) {
        if (resident.size() == frames) {
          Page oldest = resident.remove();
          chains.get(oldest.bucket(frames)).remove(oldest);
        }
        chain.addFirst(page);
        resident.add(page);
      }
    }
    assertEquals(frames, resident.size(), "the test did not fill the table");
    assertEquals(frames * 24L, table.bytes());
  }

  @Test
  void theChainedTableReadsItsChain() {
    ChainedTable table = new ChainedTable();
    List<Page> inOrder = new ArrayList<>();
    int anchors = 512;
    for (int i = 0; i < 5_000; i++) {
      Page page = next(1_500);
      // A chain has the newest first while nothing is moved; moving goes by age, and keeps that.
      int passed = 0;
      boolean found = false;
      for (Page other : inOrder.reversed()) {
        if (other.bucket(anchors) == page.bucket(anchors)) {
          passed++;
          if (other.equals(page)) {
            found = true;
            break;
          }
        }
      }
      assertEquals(1 + 2 * passed, table.walk(page.process, page.page), "walk " + i);
      assertEquals(!found, table.missed(), "walk " + i);
      if (!found) {
        anchors = inOrder.size() == anchors ? 2 * anchors : anchors;
        inOrder.add(page);
      }
      assertEquals(8L * (anchors + 3L * inOrder.size()), table.bytes(), "walk " + i);
    }
    assertTrue(anchors > 1024, "the test did not make the table grow");
  }

  @Test
  void theGroupedTableLooksIntoTwoGroups() {
    int frames = 64;
    int groups = frames / 2;
    GroupedTable table = new GroupedTable(frames);
    Page[][] slots = new Page[groups][8];
    int turn = 0;
    int lost = 0;
    int second = 0;
    for (int i = 0; i < 30_000; i++) {
      Page page = next(150);
      Page[] one = slots[page.bucket(groups)];
      Page[] other = slots[groups - 1 - page.bucket(groups)];
      int inOne = indexOf(one, page);
      int inOther = indexOf(other, page);
      int expected = inOne >= 0 ? inOne + 2 : inOther >= 0 ? 8 + inOther + 2 : 16;
      assertEquals(expected, table.walk(page.process, page.page), "walk " + i);
      assertEquals(inOne < 0 && inOther < 0, table.missed(), "walk " + i);
      second += inOne < 0 && inOther >= 0 ? 1 : 0;
      if (inOne < 0 && inOther < 0) {
        if (indexOf(one, null) >= 0) {
          one[indexOf(one, null)] = page;
        } else if (indexOf(other, null) >= 0) {
          other[indexOf(other, null)] = page;
        } else {
          one[turn] = page;
          turn = (turn + 1) % 8;
          lost++;
        }
      }
    }
    assertTrue(lost > 0 && second > 0, "the test met no full group");
    assertEquals(groups * 128L, table.bytes());
  }

  @Test
  void processesAreToldApart() {
    for (PageTable table :
        List.of(new ChainedTable(), new GroupedTable(64), new InvertedTable(64))) {
      table.walk(0, 7);
      table.walk(1, 7);
      assertTrue(table.missed(), table.name());
      table.walk(0, 7);
      assertFalse(table.missed(), table.name());
    }
  }

  private static int indexOf(Page[] group, Page page) {
    for (int i = 0; i < group.length; i++) {
      if (page == null ? group[i] == null : page.equals(group[i])) {
        return i;
      }
    }
    return -1;
  }
}
