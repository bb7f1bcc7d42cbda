package dev.pagewalk.trace;

/** Permutations of pages, drawn at random. */
final class Permutations {
  private Permutations() {}

  /**
   * Any of them; each is as likely as the other. Source: R. Durstenfeld, "Algorithm 235" (1964).
   */
  static int[] random(int size, SplitMix random) {
    int[] permutation = identity(size);
    for (int i = size - 1; i > 0; i--) {
      swap(permutation, i, (int) random.below(i + 1L));
    }
    return permutation;
  }

  /**
   * Any of those that are one cycle through all pages.
   *
   * <p>Source: S. Sattolo, "An algorithm to generate a random cyclic permutation" (1986).
   */
  static int[] cyclic(int size, SplitMix random) {
    int[] permutation = identity(size);
    for (int i = size - 1; i > 0; i--) {
      swap(permutation, i, (int) random.below(i));
    }
    return permutation;
  }

  /** The pages in order. */
  static int[] identity(int size) {
    int[] permutation = new int[size];
    for (int i = 0; i < size; i++) {
      permutation[i] = i;
    }
    return permutation;
  }

  static void swap(int[] permutation, int a, int b) {
    int held = permutation[a];
    permutation[a] = permutation[b];
    permutation[b] = held;
  }
}
