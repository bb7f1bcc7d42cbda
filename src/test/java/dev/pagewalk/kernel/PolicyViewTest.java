package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.PressureRig.BASE;
import static dev.pagewalk.kernel.PressureRig.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.kernel.policy.PageView;
import dev.pagewalk.kernel.policy.ReplacementPolicy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a policy is told by the kernel, sees of pages, and can do to them. */
class PolicyViewTest {
  /** A FIFO that writes down what it is told. */
  private static final class Recorder implements ReplacementPolicy {
    final List<String> told = new ArrayList<>();
    private final List<Integer> queue = new ArrayList<>();
    private final List<Long> pages = new ArrayList<>();
    final PageView view;

    Recorder(PageView view) {
      this.view = view;
    }

    @Override
    public void admitted(int frame, long page) {
      told.add("in " + (page & 0xfff));
      queue.add(frame);
      pages.add(page);
    }

    @Override
    public void forgotten(int frame) {
      told.add("gone");
      pages.remove(queue.indexOf(frame));
      queue.remove(/* element */ (Integer) frame);
    }

    @Override
    public int victim(long incoming) {
      told.add("room for " + (incoming & 0xfff));
      pages.removeFirst();
      return queue.removeFirst();
    }

    @Override
    public void putBack(int frame) {
      admitted(frame, NO_PAGE);
    }

    @Override
    public int resident() {
      return queue.size();
    }
  }

  private static PressureRig recorded(List<Recorder> made, boolean exact) {
    ReclaimOptions options =
        ReclaimOptions.of(
                (frames, view) -> {
                  made.add(new Recorder(view));
                  return made.getLast();
                })
            .withExactAccessed(exact);
    return new PressureRig(4096, 1000, KernelOptions.DEFAULT, options);
  }

  @Test
  void aPolicyIsToldWhichPageComes() {
    List<Recorder> made = new ArrayList<>();
    try (PressureRig rig = recorded(made, true)) {
      rig.kernel.rootGroup().setMax(2);
      rig.machine.spend();
      AddressSpace mm = rig.process(100);
      for (int page : new int[] {1, 2, 3, 1}) {
        rig.store(mm, page, 1);
      }
      rig.machine.call(() -> mm.calls().munmap(BASE + 3 * PAGE, PAGE));
      assertEquals(
          List.of("in 1", "in 2", "room for 3", "in 3", "room for 1", "in 1", "gone"),
          made.getLast().told);
    }
  }

  @Test
  void anAccessedBitThatWasClearedIsSetAgainOnlyIfTheTlbForgets() {
    for (boolean exact : new boolean[] {true, false}) {
      List<Recorder> made = new ArrayList<>();
      try (PressureRig rig = recorded(made, exact)) {
        AddressSpace mm = rig.process(100);
        rig.store(mm, 1, 1);
        PageView view = made.getLast().view;
        assertTrue(view.isAccessed(0));
        assertTrue(view.testAndClearAccessed(0));
        assertEquals(exact, !rig.kernel.owed().isEmpty());
        rig.machine.spend();
        assertEquals(false, view.testAndClearAccessed(0));
        rig.load(mm, 1);
        assertEquals(exact, view.isAccessed(0));
      }
    }
  }

  @Test
  void accessedBitsOfAllWhoMapAPageCount() {
    List<Recorder> made = new ArrayList<>();
    try (PressureRig rig = recorded(made, true)) {
      AddressSpace mm = rig.process(100);
      rig.store(mm, 1, 1);
      AddressSpace child = rig.kernel.fork(mm).orElseThrow();
      rig.machine.spend();
      PageView view = made.getLast().view;
      assertTrue(view.testAndClearAccessed(0));
      rig.machine.spend();
      assertEquals(false, view.isAccessed(0));
      rig.load(child, 1);
      assertTrue(view.isAccessed(0));
    }
  }

  @Test
  void whatIsWrittenAheadIsCleanUntilTheNextStore() {
    List<Recorder> made = new ArrayList<>();
    try (PressureRig rig = recorded(made, true)) {
      AddressSpace mm = rig.process(100);
      rig.store(mm, 1, 77);
      PageView view = made.getLast().view;
      assertTrue(view.isDirty(0) && view.isAnonymous(0));
      assertTrue(view.writeBack(0));
      assertEquals(false, view.isDirty(0));
      assertEquals(1, rig.count(VmEvent.PSWPOUT));
      rig.check();
      rig.kernel.rootGroup().setMax(1);
      rig.machine.spend();
      rig.store(mm, 2, 2);
      // The page went without being written once more.
      assertEquals(1, rig.count(VmEvent.PSWPOUT));
      assertEquals(77, rig.load(mm, 1));
      view = made.getLast().view;
      assertTrue(view.writeBack(0));
      rig.store(mm, 1, 78);
      assertTrue(view.isDirty(0));
      rig.store(mm, 2, 3);
      assertEquals(78, rig.load(mm, 1));
      rig.check();
    }
  }

  @Test
  void dirtyPagesOfFilesAreWrittenAhead() {
    List<Recorder> made = new ArrayList<>();
    try (PressureRig rig = recorded(made, true)) {
      FileObject file = rig.file(1);
      AddressSpace mm = rig.kernel.newAddressSpace().orElseThrow();
      rig.mapFile(mm, file, 1);
      PageView view = made.getLast().view;
      assertEquals(false, view.isDirty(0) || view.isAnonymous(0));
      rig.store(mm, 0, 5);
      assertTrue(view.isDirty(0));
      assertTrue(view.writeBack(0));
      assertEquals(false, view.isDirty(0));
      rig.store(mm, 0, 6);
      assertTrue(view.isDirty(0));
      rig.check();
    }
  }
}
