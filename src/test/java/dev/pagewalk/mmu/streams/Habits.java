package dev.pagewalk.mmu.streams;

import java.util.SplittableRandom;

/**
 * How often a stream does what: drawn for each, so that some are quiet and some wild.
 *
 * @param edits moves of a thousand that edit tables
 * @param switches moves of a thousand that load CR3
 * @param invalidations moves of a thousand that invalidate without need
 * @param registers moves of a thousand that write another register
 * @param large entries of a hundred PDPTEs that map a page, half of those among PDEs
 * @param globals entries of a hundred that map a page of the kernel and have G set
 * @param executeDisable entries of a hundred that have XD set
 * @param chaos entries of a hundred that reference a table of any level, or none
 * @param places addresses to which accesses return
 * @param locality accesses of a hundred that return to one of them
 */
record Habits(
    int edits,
    int switches,
    int invalidations,
    int registers,
    int large,
    int globals,
    int executeDisable,
    int chaos,
    int places,
    int locality) {

  static Habits draw(SplittableRandom random) {
    return new Habits(
        random.nextInt(5, random.nextBoolean() ? 150 : 30),
        random.nextInt(2, random.nextBoolean() ? 80 : 20),
        random.nextInt(1, 25),
        random.nextInt(1, random.nextBoolean() ? 80 : 10),
        random.nextInt(3) * 10,
        random.nextInt(3) * 30,
        random.nextInt(2) * 10,
        random.nextInt(3) * 6,
        random.nextInt(2, 24),
        random.nextInt(60, 96));
  }

  /** Those of many processes that share a kernel of global pages and switch all the time. */
  static Habits sharing(SplittableRandom random) {
    return new Habits(random.nextInt(2, 20), 150, 2, 5, 20, 80, 0, 0, random.nextInt(2, 8), 80);
  }

  /** Whether they are those of {@link #sharing}. */
  boolean isSharing() {
    return globals == 80;
  }

  /** The same without large and global pages and without tables out of place. */
  Habits plain() {
    return new Habits(
        edits, switches, invalidations, registers, 0, 0, executeDisable, 0, places, locality);
  }
}
