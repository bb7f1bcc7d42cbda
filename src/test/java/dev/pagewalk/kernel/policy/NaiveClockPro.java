package dev.pagewalk.kernel.policy;

import java.util.ArrayList;
import java.util.List;

/**
 * CLOCK-Pro, from section 4 of its paper: a list of pages and three hands, which are pages too. The
 * head of the list is behind HANDhot. The bit of the page that came last is cleared at the next
 * fault.
 */
final class NaiveClockPro extends NaivePolicy {
  private static final class Entry {
    final int page;
    boolean isHot;
    boolean isResident = true;
    boolean inTest;

    Entry(int page) {
      this.page = page;
    }
  }

  private final List<Entry> clock = new ArrayList<>();
  private Entry handHot;
  private Entry handCold;
  private Entry handTest;
  private int coldPages;
  private int newest = -1;

  NaiveClockPro(int frames) {
    super(frames);
  }

  @Override
  void missed(int page) {
    clear(newest);
  }

  @Override
  int evict(int incoming) {
    if (coldPages == 0) {
      coldPages = Math.max(1, frames / 100);
    }
    turnHotPagesCold();
    while (true) {
      Entry entry = handCold;
      while (entry.isHot || !entry.isResident) {
        entry = after(entry);
      }
      handCold = after(entry);
      if (!clear(entry.page)) {
        if (entry.inTest) {
          entry.isResident = false;
          while (clock.stream().filter(other -> !other.isResident).count() > frames) {
            moveHandTest();
          }
        } else {
          takeOut(entry);
        }
        drop(resident, entry.page);
        return entry.page;
      }
      takeOut(entry);
      putAtHead(entry);
      if (entry.inTest) {
        entry.inTest = false;
        entry.isHot = true;
        coldPages = Math.min(frames, coldPages + 1);
        turnHotPagesCold();
      } else {
        entry.inTest = true;
      }
    }
  }

  @Override
  void admit(int page) {
    Entry entry = new Entry(page);
    for (Entry known : List.copyOf(clock)) {
      if (known.page == page) {
        takeOut(known);
        entry.isHot = true;
        coldPages = Math.min(frames, coldPages + 1);
      }
    }
    entry.inTest = !entry.isHot;
    putAtHead(entry);
    resident.add(page);
    if (entry.isHot) {
      turnHotPagesCold();
    }
    newest = page;
  }

  private void turnHotPagesCold() {
    while (clock.stream().filter(entry -> entry.isHot).count() > frames - coldPages) {
      moveHandHot();
    }
  }

  private void moveHandHot() {
    boolean turned = false;
    while (!turned) {
      Entry entry = handHot;
      handHot = after(entry);
      if (!entry.isHot) {
        endTest(entry);
      } else if (!clear(entry.page)) {
        entry.isHot = false;
        turned = true;
      }
    }
    while (!handHot.isHot && clock.stream().anyMatch(entry -> entry.isHot)) {
      Entry entry = handHot;
      handHot = after(entry);
      endTest(entry);
    }
  }

  private void moveHandTest() {
    while (!handTest.inTest) {
      handTest = after(handTest);
    }
    Entry entry = handTest;
    handTest = after(entry);
    endTest(entry);
  }

  private void endTest(Entry entry) {
    if (entry.inTest) {
      entry.inTest = false;
      coldPages = Math.max(1, coldPages - 1);
      if (!entry.isResident) {
        takeOut(entry);
      }
    }
  }

  private Entry after(Entry entry) {
    return clock.get((clock.indexOf(entry) + 1) % clock.size());
  }

  private void takeOut(Entry entry) {
    Entry after = clock.size() == 1 ? null : after(entry);
    handHot = handHot == entry ? after : handHot;
    handCold = handCold == entry ? after : handCold;
    handTest = handTest == entry ? after : handTest;
    clock.remove(entry);
  }

  private void putAtHead(Entry entry) {
    if (clock.isEmpty()) {
      handHot = entry;
      handCold = entry;
      handTest = entry;
      clock.add(entry);
    } else {
      clock.add(clock.indexOf(handHot), entry);
    }
  }
}
