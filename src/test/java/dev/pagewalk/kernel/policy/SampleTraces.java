package dev.pagewalk.kernel.policy;

import java.util.Random;

/** Accesses made up from a seed: some kind of locality, some number of pages, some writes. */
final class SampleTraces {
  private SampleTraces() {}

  /** A trace of a length from 1 to 400, of up to 24 pages. */
  static int[] of(int seed) {
    Random random = new Random(seed);
    return of(random, 1 + random.nextInt(400), 1 + random.nextInt(24));
  }

  /** A trace of some kind. */
  static int[] of(Random random, int length, int pages) {
    int[] accesses = new int[length];
    int kind = random.nextInt(5);
    int place = 0;
    for (int i = 0; i < length; i++) {
      place =
          switch (kind) {
            case 0 -> random.nextInt(pages);
            case 1 -> (int) (pages * Math.pow(random.nextDouble(), 3));
            case 2 -> (place + 1) % pages;
            case 3 -> (place + random.nextInt(3) + pages - 1) % pages;
            default -> random.nextInt(8) == 0 ? random.nextInt(pages) : place;
          };
      accesses[i] = random.nextInt(4) == 0 ? PolicySimulation.write(place) : place;
    }
    return accesses;
  }
}
