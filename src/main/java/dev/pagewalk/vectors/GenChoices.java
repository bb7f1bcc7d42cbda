package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import java.util.List;

/** What the number of a target chooses: one thing after another, as digits of different bases. */
final class GenChoices {
  private int left;

  /** The choices of {@code number}, of {@code round} in all. */
  GenChoices(int number, int round) {
    left = GenMaker.spread(number, round);
  }

  /** A number below {@code base}. */
  int below(int base) {
    int digit = left % base;
    left /= base;
    return digit;
  }

  boolean yes() {
    return below(2) == 1;
  }

  <T> T of(List<T> all) {
    return all.get(below(all.size()));
  }

  <T> T of(T[] all) {
    return all[below(all.length)];
  }

  /** A read, write or fetch. */
  AccessKind kind() {
    return GenSketch.kind(below(3));
  }
}
