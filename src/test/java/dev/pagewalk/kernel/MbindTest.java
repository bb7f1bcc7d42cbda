package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Mappings are cut and joined by their policies, and what is no policy is refused, as in Linux. */
class MbindTest {
  private static final long BASE = 0x1000_0000_0000L;
  private static final long PAGE = 4096;
  private static final Mempolicy ON_1 = Mempolicy.of(Mempolicy.BIND, 1);
  private static final Mempolicy TURNS = Mempolicy.of(Mempolicy.INTERLEAVE, 0, 1);

  private final Rig rig =
      new Rig(8L << 20, KernelOptions.DEFAULT, NumaTopology.of(List.of(4L << 20, 4L << 20)));

  @AfterEach
  void close() {
    KernelCheck.whole(rig.kernel);
    rig.close();
  }

  private long mbind(long from, long to, Mempolicy policy, int flags) {
    return call(BASE + from * PAGE, (to - from) * PAGE, policy, flags);
  }

  private long call(long start, long length, Mempolicy policy, int flags) {
    var request = new MbindRequest(policy, flags);
    return rig.call(() -> rig.mm.calls().mbind(start, length, request));
  }

  /** The first pages of the mappings, and the end of the last. */
  private List<Long> cuts() {
    List<Long> cuts = new ArrayList<>();
    long end = 0;
    for (VmaView vma : rig.mm.view()) {
      cuts.add((vma.start() - BASE) / PAGE);
      end = vma.end();
    }
    cuts.add((end - BASE) / PAGE);
    return cuts;
  }

  private void map(long from, long to) {
    rig.map(rig.mm, BASE + from * PAGE, (to - from) * PAGE, MapFlag.PRIVATE);
  }

  @Test
  void aPolicyCutsAndItsEqualJoins() {
    map(0, 10);
    assertEquals(0, mbind(2, 4, ON_1, 0));
    assertEquals(List.of(0L, 2L, 4L, 10L), cuts());
    assertEquals(0, mbind(4, 6, Mempolicy.of(Mempolicy.BIND, 1, 7), 0));
    assertEquals(List.of(0L, 2L, 6L, 10L), cuts(), "a node that is not there does not count");
    assertEquals(0, mbind(6, 8, TURNS, 0));
    assertEquals(List.of(0L, 2L, 6L, 8L, 10L), cuts());
    assertEquals(0, mbind(3, 7, TURNS, 0));
    assertEquals(List.of(0L, 2L, 3L, 8L, 10L), cuts());
    assertEquals(0, mbind(0, 10, Mempolicy.NONE, 0));
    assertEquals(List.of(0L, 10L), cuts());
  }

  @Test
  void oneRangeOverManyMappingsJoinsThemAll() {
    map(0, 10);
    for (long page = 0; page < 10; page += 2) {
      mbind(page, page + 1, page % 4 == 0 ? ON_1 : TURNS, 0);
    }
    assertEquals(0, mbind(1, 9, ON_1, 0));
    assertEquals(List.of(0L, 9L, 10L), cuts());
    assertEquals(ON_1, rig.mm.mempolicy(BASE + 4 * PAGE));
    assertEquals(Mempolicy.NONE, rig.mm.mempolicy(BASE + 9 * PAGE));
  }

  @Test
  void aNewMappingHasNoPolicyAndDoesNotJoinOneThatHas() {
    map(0, 4);
    mbind(0, 4, ON_1, 0);
    map(4, 8);
    assertEquals(List.of(0L, 4L, 8L), cuts());
    mbind(4, 8, ON_1, 0);
    assertEquals(List.of(0L, 8L), cuts());
  }

  @Test
  void rightsThatChangeKeepThePolicyAndMovesTakeItAlong() {
    map(0, 8);
    mbind(2, 6, ON_1, 0);
    rig.call(() -> rig.mm.calls().mprotect(BASE + 3 * PAGE, PAGE, Prot.READ));
    assertEquals(List.of(0L, 2L, 3L, 4L, 6L, 8L), cuts());
    assertEquals(ON_1, rig.mm.mempolicy(BASE + 3 * PAGE));
    int flags = MremapFlag.MAYMOVE | MremapFlag.FIXED;
    long target = BASE + 100 * PAGE;
    var request = new MremapRequest(BASE + 3 * PAGE, PAGE, PAGE, flags, target);
    assertEquals(target, rig.call(() -> rig.mm.calls().mremap(request)));
    assertEquals(ON_1, rig.mm.mempolicy(target));
    var more = new MremapRequest(BASE + 4 * PAGE, 2 * PAGE, 4 * PAGE, flags, BASE + 200 * PAGE);
    rig.call(() -> rig.mm.calls().mremap(more));
    assertEquals(ON_1, rig.mm.mempolicy(BASE + 203 * PAGE));
  }

  @Test
  void whatIsNoPolicyIsRefused() {
    map(0, 4);
    long einval = Errno.EINVAL.result();
    assertEquals(einval, mbind(0, 4, new Mempolicy(-1, 1), 0));
    assertEquals(einval, mbind(0, 4, new Mempolicy(7, 1), 0));
    assertEquals(einval, mbind(0, 0, new Mempolicy(7, 1), 0));
    assertEquals(einval, mbind(0, 4, new Mempolicy(Mempolicy.DEFAULT, 1), 0));
    assertEquals(einval, mbind(0, 4, new Mempolicy(Mempolicy.LOCAL, 1), 0));
    for (int mode : new int[] {Mempolicy.BIND, Mempolicy.INTERLEAVE, Mempolicy.PREFERRED_MANY}) {
      assertEquals(einval, mbind(0, 4, new Mempolicy(mode, 0), 0));
      assertEquals(einval, mbind(0, 4, Mempolicy.of(mode, 2, 63), 0));
      assertEquals(einval, rig.call(() -> rig.mm.calls().setMempolicy(new Mempolicy(mode, 0))));
    }
    assertEquals(einval, mbind(0, 4, Mempolicy.of(Mempolicy.PREFERRED, 9), 0));
    assertEquals(einval, mbind(0, 4, ON_1, 8));
    assertEquals(einval, call(BASE + 1, PAGE, ON_1, 0));
    assertEquals(einval, call(BASE, -BASE, ON_1, 0));
    assertEquals(List.of(0L, 4L), cuts());
    assertEquals(0, mbind(0, 4, new Mempolicy(Mempolicy.PREFERRED, 0), 0));
    assertEquals(new Mempolicy(Mempolicy.LOCAL, 0), rig.mm.mempolicy(BASE));
  }

  @Test
  void aGapIsEfaultUnlessAPolicyIsTakenAway() {
    map(0, 2);
    map(4, 6);
    long efault = Errno.EFAULT.result();
    assertEquals(efault, mbind(0, 6, ON_1, 0));
    assertEquals(efault, mbind(0, 3, ON_1, 0));
    assertEquals(efault, mbind(3, 6, ON_1, 0));
    assertEquals(efault, mbind(2, 4, Mempolicy.NONE, 0));
    assertEquals(efault, call(-2 * PAGE, PAGE / 2, ON_1, 0));
    assertEquals(Mempolicy.NONE, rig.mm.mempolicy(BASE));
    assertEquals(0, mbind(0, 2, ON_1, 0));
    assertEquals(0, mbind(4, 6, ON_1, 0));
    assertEquals(0, mbind(1, 7, Mempolicy.NONE, 0));
    assertEquals(ON_1, rig.mm.mempolicy(BASE));
    assertEquals(Mempolicy.NONE, rig.mm.mempolicy(BASE + 4 * PAGE));
    assertEquals(0, mbind(2, 2, ON_1, 0));
  }

  @Test
  void strictLooksWhereThePagesAre() {
    map(0, 4);
    rig.store(rig.mm, BASE, 1);
    rig.load(rig.mm, BASE + PAGE);
    long eio = Errno.EIO.result();
    assertEquals(eio, mbind(0, 4, ON_1, MbindRequest.STRICT));
    assertEquals(Mempolicy.NONE, rig.mm.mempolicy(BASE), "nothing is changed");
    assertEquals(0, mbind(1, 4, ON_1, MbindRequest.STRICT), "the zero page lies nowhere");
    assertEquals(0, mbind(0, 4, TURNS, MbindRequest.STRICT));
    assertEquals(eio, mbind(0, 4, ON_1, MbindRequest.STRICT | MbindRequest.MOVE));
    assertEquals(ON_1, rig.mm.mempolicy(BASE), "set, though nothing could be moved");
    assertEquals(0, mbind(0, 4, Mempolicy.NONE, MbindRequest.STRICT));
  }
}
