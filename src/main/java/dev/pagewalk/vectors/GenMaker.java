package dev.pagewalk.vectors;

import java.util.random.RandomGenerator;

/** Makes the machines and steps of one group of generated vectors. */
interface GenMaker {
  /** How many targets there are: with so many numbers each of them is met once. */
  int round();

  /**
   * The draft with this number: its target depends on the number alone, what is left open on {@code
   * random}.
   */
  FuzzDraft make(int number, RandomGenerator random);

  /** A number below {@code round} from each other one, in an order that has all sorts early on. */
  static int spread(int number, int round) {
    // A prime that is no factor of any round.
    return (int) (Math.floorMod(number, round) * 7919L % round);
  }
}
