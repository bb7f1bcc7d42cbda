package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.HugePolicy;
import dev.pagewalk.kernel.PrefetchOptions;
import dev.pagewalk.kernel.ReclaimOptions;
import java.util.Optional;

/**
 * A machine to walk on.
 *
 * @param name for reports
 * @param cpu built-in model of the processor, whose TLBs the cores have
 * @param memory bytes of RAM
 * @param swap bytes of swap
 * @param synchronous whether swap is read without sleeping
 * @param huge when anonymous memory gets huge pages
 * @param isolation whether user mode has tables of its own
 * @param tight whether there may be too little memory for a step
 * @param pressed how memory is reclaimed, if it is
 * @param extras what else there is
 */
record Setting(
    String name,
    String cpu,
    long memory,
    long swap,
    boolean synchronous,
    HugePolicy huge,
    boolean isolation,
    boolean tight,
    Optional<Pressed> pressed,
    Extras extras) {
  /**
   * What only some machines have. With any of it, walks make steps of the kinds that need it.
   *
   * @param keys whether the processor has protection keys
   * @param hugetlbPages pages in the pool of explicit huge pages
   * @param hugetlbBytes size of such a page
   * @param nodes of NUMA
   * @param hostFiles whether some files are files of the host
   */
  record Extras(boolean keys, long hugetlbPages, long hugetlbBytes, int nodes, boolean hostFiles) {
    static final Extras NONE = new Extras(false, 0, 2 << 20, 1, false);
  }

  /**
   * A kernel that reclaims.
   *
   * @param few pages that the group of the first two processes may have
   * @param prefetch which pages of swap come before they are asked for
   */
  record Pressed(ReclaimOptions options, long few, PrefetchOptions prefetch) {}

  private static final long MIB = 1 << 20;

  /** Memory and swap enough, four TLB entries. */
  static final Setting ROOMY =
      new Setting(
          "roomy",
          "classroom",
          48 * MIB,
          32 * MIB,
          true,
          HugePolicy.MADVISE,
          false,
          false,
          Optional.empty(),
          Extras.NONE);

  /**
   * The same with huge pages everywhere, a slow swap device, isolated tables and the TLBs of a real
   * processor.
   */
  static final Setting HUGE =
      new Setting(
          "huge",
          "skylake",
          64 * MIB,
          32 * MIB,
          false,
          HugePolicy.ALWAYS,
          true,
          false,
          Optional.empty(),
          Extras.NONE);

  /** Too little of both. */
  static final Setting TIGHT =
      new Setting(
          "tight",
          "zen2",
          3 * MIB / 2,
          MIB / 4,
          true,
          HugePolicy.MADVISE,
          false,
          true,
          Optional.empty(),
          Extras.NONE);

  /**
   * Too little memory, but much swap, reclaim by a clock, and rows of pages followed; a group for
   * two processes.
   */
  static final Setting PRESSED =
      new Setting(
          "pressed",
          "classroom",
          3 * MIB / 2,
          16 * MIB,
          true,
          HugePolicy.MADVISE,
          false,
          true,
          Optional.of(
              new Pressed(
                  ReclaimOptions.of("clock"), 100, PrefetchOptions.of("sequential:degree=3"))),
          Extras.NONE);

  /**
   * The same with huge pages, a slow swap device, processes that replace their own pages first, two
   * lists, accessed bits that TLBs may hide, and clusters of swap read ahead.
   */
  static final Setting PRESSED_HUGE =
      new Setting(
          "pressed-huge",
          "zen2",
          3 * MIB,
          16 * MIB,
          false,
          HugePolicy.ALWAYS,
          true,
          true,
          Optional.of(
              new Pressed(
                  ReclaimOptions.of("second-chance")
                      .withScope(ReclaimOptions.Scope.PER_PROCESS)
                      .withExactAccessed(false)
                      .withSwappiness(60),
                  300,
                  PrefetchOptions.of("linux-cluster"))),
          Extras.NONE);

  /** This with more memory and extras. */
  Setting with(long moreMemory, Extras more) {
    return new Setting(
        name, cpu, memory + moreMemory, swap, synchronous, huge, isolation, tight, pressed, more);
  }

  /** All that a walk of all operations is made on. */
  static Setting[] all() {
    Setting gigantic =
        new Setting(
            "gigantic",
            "skylake",
            32 * MIB,
            32 * MIB,
            true,
            HugePolicy.MADVISE,
            true,
            false,
            Optional.empty(),
            Extras.NONE);
    return new Setting[] {
      ROOMY.with(16 * MIB, new Extras(true, 6, 2 * MIB, 1, true)),
      HUGE.with(64 * MIB, new Extras(true, 4, 2 * MIB, 2, true)),
      TIGHT.with(0, new Extras(true, 0, 2 * MIB, 1, true)),
      PRESSED.with(0, new Extras(true, 0, 2 * MIB, 1, false)),
      PRESSED_HUGE.with(0, new Extras(false, 0, 2 * MIB, 2, true)),
      gigantic.with(4L << 30, new Extras(false, 3, 1 << 30, 1, false))
    };
  }
}
