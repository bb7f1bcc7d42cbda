package dev.pagewalk.cli;

import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * What a linear address is, under 4-level or 5-level paging.
 *
 * <p>Source: SDM 1 "Canonical Addressing", SDM 3A "Linear-Address Pre-Processing".
 *
 * @param address the address as software uses it
 * @param la57 CR4.LA57: 5-level paging
 */
record AddressExplanation(long address, boolean la57) {
  /**
   * What one mode of linear-address masking makes of the address.
   *
   * @param name the register bit that turns the mode on
   * @param result the address that is then translated
   * @param canonical whether the processor accepts it
   */
  record Masking(String name, long result, boolean canonical) {}

  /** Width of a linear address in bits. */
  int width() {
    return la57 ? 57 : 48;
  }

  /** {@code 4-level paging (48-bit addresses)}. */
  String paging() {
    return (la57 ? 5 : 4) + "-level paging (" + width() + "-bit addresses)";
  }

  /** Whether the processor accepts the address as it stands. */
  boolean isCanonical() {
    return LinearAddress.isCanonical(address, width());
  }

  /** {@code user} for the lower half, {@code kernel} for the upper, {@code none} between them. */
  String half() {
    if (!isCanonical()) {
      return "none";
    }
    return address < 0 ? "kernel" : "user";
  }

  /** The levels that a walk goes through, the root first. */
  List<Level> levels() {
    Level[] all = Level.values();
    return List.of(all).subList(la57 ? 0 : 1, all.length);
  }

  /** Bit positions of the index at {@code level}. */
  static String bits(Level level) {
    return (level.shift() + 8) + ":" + level.shift();
  }

  /** Canonical or not, and in which half. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    String equal = "bits 63:" + (width() - 1);
    if (isCanonical()) {
      sentences.add(
          "Canonical, "
              + equal
              + " are all "
              + (address < 0
                  ? "1: the upper half, by custom the kernel's."
                  : "0: the lower half, by" + " custom the user's."));
    } else {
      sentences.add(
          "Not canonical, "
              + equal
              + " are not all equal: an access raises #GP (#SS through the stack segment), and no"
              + " entry is read.");
    }
    int other = la57 ? 48 : 57;
    boolean there = LinearAddress.isCanonical(address, other);
    sentences.add(
        (there ? "Canonical" : "Not canonical") + " with " + (la57 ? 4 : 5) + "-level paging.");
    return sentences;
  }

  /** What the modes that apply to this half do: bit 63 chooses the user's or the supervisor's. */
  List<Masking> maskings() {
    List<Masking> maskings = new ArrayList<>();
    if (address < 0) {
      maskings.add(masking("CR4.LAM_SUP", width()));
    } else {
      maskings.add(masking("CR3.LAM_U48", 48));
      maskings.add(masking("CR3.LAM_U57", 57));
    }
    return maskings;
  }

  /** Bits 62 down to {@code from} are replaced by bit {@code from - 1}; bit 63 stays. */
  private Masking masking(String name, int from) {
    long kept = address & Long.MIN_VALUE;
    long extended = LinearAddress.signExtend(address, from) & Long.MAX_VALUE;
    long result = kept | extended;
    return new Masking(name, result, LinearAddress.isCanonical(result, width()));
  }
}
