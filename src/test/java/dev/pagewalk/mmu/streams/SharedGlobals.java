package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether two address spaces have the same global pages, so that those cached in the first may be
 * used in the second.
 *
 * <p>SDM 3A "Recommended Invalidation" assumes "that both linear-address spaces use the same global
 * pages". To be equal to a walk, word for word, is to ask for more: the entries of the second must
 * be the same words, or be marked accessed and dirty already, as an operating system does with the
 * kernel's part of each root table.
 */
final class SharedGlobals {
  /** No table: an entry of the second space that is not usable or not like that of the first. */
  private static final long NONE = -1;

  private static final long RIGHTS = Entry.RW | Entry.US | Entry.XD;

  /**
   * A pair of tables that a linear address leads to in the two spaces.
   *
   * @param alike whether all entries above have the same rights
   */
  private record Node(Level level, long first, long second, boolean alike) {}

  private final TableReader tables;
  private final Set<Node> visited = new HashSet<>();

  SharedGlobals(TableReader tables) {
    this.tables = tables;
  }

  /** Whether every global page of the space of {@code first} is one of {@code second}, the same. */
  boolean between(long first, long second) {
    return agree(new Node(tables.rootLevel(), first, second, true));
  }

  private boolean agree(Node node) {
    boolean same = node.first == node.second && node.alike;
    if (same || !visited.add(node)) {
      return true;
    }
    if (!tables.layout().isTable(node.first)) {
      return !tables.isHole(node.first);
    }
    for (int i = 0; i < tables.layout().indices(); i++) {
      if (!agree(node, tables.layout().index(i))) {
        return false;
      }
    }
    return true;
  }

  private boolean agree(Node node, int index) {
    long entry = tables.entry(node.first, index);
    if (!tables.isUsable(entry, node.level)) {
      return true;
    }
    long other = node.second == NONE ? 0 : tables.entry(node.second, index);
    if (TableReader.isLeaf(entry, node.level)) {
      boolean marked = Entry.has(other, Entry.A | Entry.D);
      return !tables.isGlobal(entry) || (node.alike && entry == other && marked);
    }
    boolean same = tables.isUsable(other, node.level) && !TableReader.isLeaf(other, node.level);
    boolean marked = node.first == node.second || Entry.has(other, Entry.A);
    long second = same && marked ? Entry.table(other) : NONE;
    boolean alike = node.alike && ((entry ^ other) & RIGHTS) == 0;
    return agree(new Node(node.level.next(), Entry.table(entry), second, alike));
  }
}
