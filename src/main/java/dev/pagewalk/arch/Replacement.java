package dev.pagewalk.arch;

/**
 * Which way of a full set a set-associative structure gives up. Empty ways are always used first.
 */
public enum Replacement {
  /** The one whose last use lies furthest back. */
  LRU,
  /**
   * Tree pseudo-LRU: a binary tree over the ways, in which each node points away from the half that
   * was used last. A range of n ways is split into its lower (n + 1) / 2 and the others.
   */
  TREE_PLRU,
  /** Not most recently used: any but the way used last, drawn at random from the model's seed. */
  NMRU,
  /** Any way, drawn at random from the model's seed. */
  RANDOM
}
