package dev.pagewalk.mmu.streams;

import java.util.SplittableRandom;

/**
 * How often a stream does what: drawn for each, so that some are quiet and some wild.
 *
 * @param edits moves of a thousand that edit tables
 * @param switches moves of a thousand that load CR3
 * @param invalidations moves of a thousand that invalidate without need
 * @param registers moves of a thousand that write another register
 * @param globals entries of a hundred that map a page and have G set
 * @param chaos entries of a hundred that reference a table of any level, or none
 * @param locality accesses of a hundred that go where an earlier one went
 */
record Habits(
    int edits,
    int switches,
    int invalidations,
    int registers,
    int globals,
    int chaos,
    int locality) {

  static Habits draw(SplittableRandom random) {
    return new Habits(
        random.nextInt(10, 180),
        random.nextInt(5, 80),
        random.nextInt(2, 40),
        random.nextInt(5, 60),
        random.nextInt(4) * 15,
        random.nextInt(3) * 12,
        random.nextInt(40, 90));
  }
}
