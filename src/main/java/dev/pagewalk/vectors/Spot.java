package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import java.util.Map;

/**
 * An address as a scenario writes it: a number, or a place in a mapping that the kernel was left to
 * put somewhere.
 *
 * @param name what an earlier step gave the mapping; empty if the address is a number
 * @param offset the number, or how far into the mapping, in bytes
 */
record Spot(String name, long offset) {
  /** The address {@code offset}. */
  static Spot of(long offset) {
    return new Spot("", offset);
  }

  /**
   * The address, where {@code names} has the start of each named mapping; 0 is the start of none.
   */
  long in(Map<String, Long> names) {
    return name.isEmpty() ? offset : names.getOrDefault(name, 0L) + offset;
  }

  @Override
  public String toString() {
    return name.isEmpty() ? Hex.of(offset) : name + "+" + Hex.of(offset);
  }
}
