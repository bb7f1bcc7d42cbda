package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.kernel.policy.Policies;
import dev.pagewalk.machine.Machine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Under load no page is lost and all contents are right, with every policy; and it would show. */
class ConservationTest {
  private static final int SMALL = 20_000;
  private static final ReclaimOptions.Scope ALL = ReclaimOptions.Scope.GLOBAL;

  static List<String> policies() {
    return Policies.names();
  }

  @ParameterizedTest
  @MethodSource("policies")
  void noPageIsLost(String policy) {
    run(policy, ALL, TestSize.pick(SMALL, 10_000_000));
  }

  @ParameterizedTest
  @MethodSource("policies")
  void noPageIsLostIfEachProcessReplacesItsOwn(String policy) {
    run(policy, ReclaimOptions.Scope.PER_PROCESS, TestSize.pick(SMALL / 4, 1_000_000));
  }

  private static void run(String policy, ReclaimOptions.Scope scope, int accesses) {
    try (Conservation conservation = new Conservation(policy, scope, accesses)) {
      conservation.run();
      assertTrue(conservation.reclaimed() > accesses / 100, "pages " + conservation.reclaimed());
    }
  }

  // --- it would show ---

  private static void isFound(Conservation conservation) {
    try (conservation) {
      assertThrows(AssertionError.class, conservation::run);
    }
  }

  /** A machine that tells no core of a page that was put out. */
  private static final class Forgetful extends Machine {
    Forgetful(Kernel kernel) {
      super(kernel);
    }

    @Override
    public void spend() {
      if (kernel().stat().get(VmEvent.PGSTEAL_DIRECT) > 500) {
        kernel().owed().spent();
      }
      super.spend();
    }
  }

  @Test
  void aForgottenFlushIsFound() {
    isFound(new Conservation("random", ALL, SMALL, Forgetful::new));
  }

  /** The first anonymous page that is there and not locked; -1 if there is none. */
  private static long somePage(AddressSpace mm) {
    for (long page = 4; page < 96; page++) {
      PageView view = mm.page(Conservation.locked() + page * 4096);
      boolean usable = view.kind() == PageView.Kind.PRESENT && !view.zero();
      if (usable && !mm.kernel().folios().frames().has(view.frame(), FrameTable.SWAPCACHE)) {
        return view.frame();
      }
    }
    return Folios.NONE;
  }

  /** Makes a mistake once, when enough pages have gone. */
  private static final class Once {
    private boolean done;

    void when(Conservation conservation, java.util.function.BooleanSupplier mistake) {
      if (!done && conservation.reclaimed() > 500) {
        done = mistake.getAsBoolean();
        conservation.kernel().token().spendNow();
      }
    }
  }

  @Test
  void aDirtyPageThatWasTakenForWrittenIsFound() {
    Conservation spoiled = new Conservation("fifo", ALL, SMALL);
    Once once = new Once();
    spoiled.spoiler =
        conservation ->
            once.when(
                conservation,
                () -> {
                  Kernel kernel = conservation.kernel();
                  long pfn = somePage(conservation.process(1));
                  if (pfn == Folios.NONE) {
                    return false;
                  }
                  long slot = kernel.swap().allocate();
                  kernel.pressure().lists().remember(slot, pfn);
                  kernel.swap().addToCache(pfn, slot);
                  kernel.swap().release(slot);
                  new PageUseProbe(kernel).clean(pfn);
                  return true;
                });
    isFound(spoiled);
  }

  @Test
  void aLockedPageThatGoesIsFound() {
    Conservation spoiled = new Conservation("fifo", ALL, SMALL);
    Once once = new Once();
    spoiled.spoiler =
        conservation ->
            once.when(
                conservation,
                () -> {
                  Kernel kernel = conservation.kernel();
                  AddressSpace mm = conservation.process(2);
                  long pfn = mm.page(Conservation.locked()).frame();
                  return new Reclaim(kernel).evict(pfn);
                });
    isFound(spoiled);
  }

  @Test
  void aPageThatIsForgottenByReclaimIsFound() {
    Conservation spoiled = new Conservation("fifo", ALL, SMALL);
    Once once = new Once();
    spoiled.spoiler =
        conservation ->
            once.when(
                conservation,
                () -> {
                  Kernel kernel = conservation.kernel();
                  long pfn = somePage(conservation.process(0));
                  boolean listed =
                      pfn != Folios.NONE
                          && kernel.pressure().lists().records().place(pfn) != LruRecords.NONE;
                  if (listed) {
                    kernel.pressure().lists().listOf(pfn).forget(pfn);
                  }
                  return listed;
                });
    isFound(spoiled);
  }

  @Test
  void aSwapEntryOfAnotherPageIsFound() {
    Conservation spoiled = new Conservation("fifo", ALL, SMALL);
    Once once = new Once();
    spoiled.spoiler =
        conservation ->
            once.when(conservation, () -> PageUseProbe.exchange(conservation.process(3)));
    isFound(spoiled);
  }
}
