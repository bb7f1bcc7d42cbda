package dev.pagewalk.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** A prefetcher is chosen by name and parameters; what is wrong is said. */
class PrefetchOptionsTest {
  @Test
  void eachKindHasItsName() {
    for (PrefetchOptions.Kind kind : PrefetchOptions.Kind.values()) {
      assertEquals(PrefetchOptions.DEFAULT.with(kind), PrefetchOptions.of(kind.lowerName()));
    }
    assertEquals("linux-vma", PrefetchOptions.Kind.LINUX_VMA.lowerName());
  }

  @Test
  void parametersAreRead() {
    assertEquals(
        new PrefetchOptions(PrefetchOptions.Kind.STRIDE, 2, 8, 5, 65536, 100),
        PrefetchOptions.of("stride:distance=2,degree=8,cluster=5,readahead=65536,latency=100"));
  }

  private static String refused(String spec) {
    return assertThrows(IllegalArgumentException.class, () -> PrefetchOptions.of(spec))
        .getMessage();
  }

  @Test
  void whatIsWrongIsSaid() {
    assertEquals(
        "no prefetcher \"best\": expected none, sequential, stride, linux-vma, linux-cluster",
        refused("best"));
    assertEquals("expected parameter=value, not \"degree\"", refused("stride:degree"));
    assertEquals("expected a number for degree, not \"many\"", refused("stride:degree=many"));
    assertEquals(
        "no parameter \"speed\": expected distance, degree, cluster, readahead or latency",
        refused("stride:speed=1"));
    assertEquals("expected degree to be 1 to 1024, not 0", refused("stride:degree=0"));
    assertEquals("expected distance to be 1 to 1048576, not -3", refused("stride:distance=-3"));
    assertEquals("expected cluster to be 0 to 5, not 6", refused("linux-vma:cluster=6"));
    assertEquals("expected parameter=value, not \"\"", refused("stride:"));
  }

  @Test
  void theGainIsThatOfThePagesThatWereUsedLessThatOfTheOthers() {
    PrefetchStat stat = new PrefetchStat(10, 6, 3, 1);
    assertEquals(1, stat.pending());
    assertEquals(6.0 / 9, stat.accuracy());
    assertEquals(6 * (80.0 - 1) - 3 * 20, stat.netGain(80, 1, 20));
    assertEquals(new PrefetchStat(20, 12, 6, 2), stat.plus(stat));
    assertEquals(new PrefetchStat(0, 0, 0, 0), stat.since(stat));
    assertEquals(0, new PrefetchStat(0, 0, 0, 0).accuracy());
  }
}
