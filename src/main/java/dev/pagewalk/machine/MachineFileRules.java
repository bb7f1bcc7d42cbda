package dev.pagewalk.machine;

import java.util.ArrayList;
import java.util.List;

/** Rules for the figures of a {@link MachineFile} that concern several of them. */
final class MachineFileRules {
  private static final int LOCAL = 10;
  private static final int REMOTE = 20;
  private static final int MOST = 254;

  private MachineFileRules() {}

  /** A count of pages that may be null. */
  static void pages(String key, Long pages) {
    Checks.expect(
        pages == null || (pages >= 1 && pages <= 1L << 40),
        key + ": expected 1 to 2^40 pages, found " + pages);
  }

  /** The nodes with {@code cores} in all, dealt out in turn. */
  static List<MachineFile.Node> spread(List<MachineFile.Node> nodes, int cores) {
    List<MachineFile.Node> spread = new ArrayList<>();
    int left = cores;
    for (int i = 0; i < nodes.size(); i++) {
      int share = Math.ceilDiv(left, nodes.size() - i);
      spread.add(new MachineFile.Node(nodes.get(i).memory(), share));
      left -= share;
    }
    return spread;
  }

  /** The distances told, or the usual ones. */
  static List<List<Integer>> distances(List<List<Integer>> told, int nodes) {
    List<List<Integer>> rows = new ArrayList<>();
    if (told == null) {
      for (int from = 0; from < nodes; from++) {
        List<Integer> row = new ArrayList<>();
        for (int to = 0; to < nodes; to++) {
          row.add(from == to ? LOCAL : REMOTE);
        }
        rows.add(List.copyOf(row));
      }
      return List.copyOf(rows);
    }
    Checks.expect(
        told.size() == nodes, "distances: expected " + nodes + " rows, found " + told.size());
    for (int from = 0; from < nodes; from++) {
      List<Integer> row = told.get(from);
      String place = "distances[" + from + "]";
      Checks.expect(
          row.size() == nodes, place + ": expected " + nodes + " numbers, found " + row.size());
      for (int to = 0; to < nodes; to++) {
        int distance = row.get(to);
        boolean fits = from == to ? distance == LOCAL : distance > LOCAL && distance <= MOST;
        Checks.expect(
            fits,
            place
                + "["
                + to
                + "]: expected "
                + (from == to ? "10" : "11 to 254")
                + ", found "
                + distance);
      }
      rows.add(List.copyOf(row));
    }
    return List.copyOf(rows);
  }
}
