package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.HugePolicy;

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
 */
record Setting(
    String name,
    String cpu,
    long memory,
    long swap,
    boolean synchronous,
    HugePolicy huge,
    boolean isolation,
    boolean tight) {
  private static final long MIB = 1 << 20;

  /** Memory and swap enough, four TLB entries. */
  static final Setting ROOMY =
      new Setting("roomy", "classroom", 48 * MIB, 32 * MIB, true, HugePolicy.MADVISE, false, false);

  /**
   * The same with huge pages everywhere, a slow swap device, isolated tables and the TLBs of a real
   * processor.
   */
  static final Setting HUGE =
      new Setting("huge", "skylake", 64 * MIB, 32 * MIB, false, HugePolicy.ALWAYS, true, false);

  /** Too little of both. */
  static final Setting TIGHT =
      new Setting("tight", "zen2", 3 * MIB / 2, MIB / 4, true, HugePolicy.MADVISE, false, true);
}
