package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.spec.Leaf;
import java.util.ArrayList;
import java.util.List;

/** Ranges of equal effective user and write rights, as the lines of QEMU's {@code info mem}. */
final class EffectiveRanges {
  private EffectiveRanges() {}

  /** The ranges of {@code leaves}, which are in address order; neighbours are joined. */
  static List<String> of(List<Leaf> leaves) {
    List<String> lines = new ArrayList<>();
    long start = 0;
    long end = 0;
    String rights = "";
    for (Leaf leaf : leaves) {
      String here = rights(leaf);
      if (rights.isEmpty() || leaf.linearAddress() != end || !here.equals(rights)) {
        if (!rights.isEmpty()) {
          lines.add(line(start, end, rights));
        }
        start = leaf.linearAddress();
        rights = here;
      }
      end = leaf.linearAddress() + leaf.pageBytes();
    }
    if (!rights.isEmpty()) {
      lines.add(line(start, end, rights));
    }
    return lines;
  }

  private static String rights(Leaf leaf) {
    return (leaf.rights().userMode() ? "u" : "-") + "r" + (leaf.rights().writable() ? "w" : "-");
  }

  private static String line(long start, long end, String rights) {
    return Hex.digits(start) + "-" + Hex.digits(end) + " " + Hex.digits(end - start) + " " + rights;
  }
}
