package dev.pagewalk.machine;

import dev.pagewalk.kernel.Mempolicy;

/** On which node pages come to lie, as machine.json has it. */
final class Placement {
  private static final int NONE = -1;

  private Placement() {}

  /**
   * The policy of each process.
   *
   * @param nodes how many there are
   * @throws IllegalArgumentException which says what was expected
   */
  static Mempolicy parse(String text, int nodes) {
    long all = nodes == Long.SIZE ? -1 : (1L << nodes) - 1;
    int colon = text.indexOf(':');
    String word = colon < 0 ? text : text.substring(0, colon);
    long chosen = colon < 0 ? 0 : nodes(text.substring(colon + 1), nodes);
    boolean bare = colon < 0;
    int mode =
        switch (word) {
          case "local" -> bare ? Mempolicy.LOCAL : NONE;
          case "interleave" -> Mempolicy.INTERLEAVE;
          case "bind" -> bare ? NONE : Mempolicy.BIND;
          case "preferred" -> Long.bitCount(chosen) == 1 ? Mempolicy.PREFERRED : NONE;
          default -> NONE;
        };
    Checks.expect(
        mode != NONE,
        "placement: expected local, interleave, interleave:0,1, bind:0,1 or preferred:0, found \""
            + text
            + '"');
    return new Mempolicy(mode, mode == Mempolicy.INTERLEAVE && bare ? all : chosen);
  }

  private static long nodes(String list, int nodes) {
    long mask = 0;
    for (String number : list.split(",", -1)) {
      boolean digits = number.matches("[0-9]{1,2}");
      int node = digits ? Integer.parseInt(number) : nodes;
      Checks.expect(
          node < nodes,
          "placement: expected numbers of nodes, 0 to "
              + (nodes - 1)
              + ", found \""
              + number
              + '"');
      mask |= 1L << node;
    }
    return mask;
  }
}
