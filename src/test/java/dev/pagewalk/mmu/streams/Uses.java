package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which pages of an address space are translated with certain entries, one of them or several.
 *
 * <p>An entry may be used at several levels and by several ways, by its own table even: all of them
 * count. SDM 3A "Recommended Invalidation": "If the nature of the paging structures is such that a
 * single entry may be used for multiple purposes ..., software should perform invalidations for all
 * of these purposes."
 */
final class Uses {
  /** More pages than this are not listed: nobody would invalidate them one by one. */
  private static final int MOST_LISTED = 20;

  /** More pages than this are not looked at. */
  private static final int MOST = 500;

  /**
   * A page that is translated with one of the entries.
   *
   * @param linearAddress of its first byte
   * @param level of the entry that maps it
   * @param global whether its translation may be used under every PCID
   */
  record Page(long linearAddress, Level level, boolean global) {}

  private record Node(Level level, long table) {}

  private final TableReader tables;
  private final Set<Long> words;
  private final Map<Node, Boolean> reaches = new HashMap<>();
  private final List<Page> pages = new ArrayList<>();
  private boolean any;
  private boolean inTable;
  private boolean global;
  private boolean unknown;
  private int count;
  private long somewhere;

  /**
   * The uses of {@code words} in the address space of {@code root}.
   *
   * @param words physical addresses of the entries
   */
  Uses(TableReader tables, long root, Set<Long> words) {
    this.tables = tables;
    this.words = words;
    visit(new Node(tables.rootLevel(), root), 0, false);
  }

  /** Whether a walk can come upon one of the entries and go on, or end well, there. */
  boolean any() {
    return any;
  }

  /** Whether one of the entries references a table there. */
  boolean inTable() {
    return inTable;
  }

  /** Whether there are more pages than are listed. */
  boolean tooMany() {
    return unknown || count > MOST_LISTED;
  }

  /** The pages translated with one of the entries. */
  List<Page> pages() {
    return pages;
  }

  /** Whether one of the pages is global, or may be. */
  boolean touchesGlobals() {
    return global || (unknown && TableReader.isPge(tables.registers()));
  }

  /** A linear address that one of the entries controls. */
  long somewhere() {
    return tables.canonical(somewhere);
  }

  private void visit(Node node, long prefix, boolean through) {
    if (unknown || (!through && !reaches(node))) {
      return;
    }
    if (!tables.layout().isTable(node.table)) {
      // A hole may map all its pages; other memory is zero.
      unknown |= tables.isHole(node.table);
      return;
    }
    for (int i = 0; i < tables.layout().indices(); i++) {
      int index = tables.layout().index(i);
      long entry = tables.entry(node.table, index);
      if (tables.isUsable(entry, node.level)) {
        long start = prefix | (long) index << node.level.shift();
        boolean own = words.contains(node.table + 8L * index);
        use(entry, new Page(start, node.level, tables.isGlobal(entry)), through, own);
      }
    }
  }

  private void use(long entry, Page page, boolean through, boolean own) {
    if (own) {
      any = true;
      somewhere = page.linearAddress;
    }
    if (!TableReader.isLeaf(entry, page.level)) {
      inTable |= own;
      visit(new Node(page.level.next(), Entry.table(entry)), page.linearAddress, through || own);
    } else if (through || own) {
      count++;
      unknown |= count == MOST;
      global |= page.global;
      if (count <= MOST_LISTED) {
        pages.add(new Page(tables.canonical(page.linearAddress), page.level, page.global));
      }
    }
  }

  /** Whether a walk through {@code node} can come upon one of the entries. */
  private boolean reaches(Node node) {
    Boolean known = reaches.get(node);
    if (known != null) {
      return known;
    }
    boolean found = false;
    for (int i = 0; i < tables.layout().indices() && tables.layout().isTable(node.table); i++) {
      long entry = tables.entry(node.table, tables.layout().index(i));
      if (tables.isUsable(entry, node.level)) {
        found |= words.contains(node.table + 8L * tables.layout().index(i));
        found |=
            !TableReader.isLeaf(entry, node.level)
                && reaches(new Node(node.level.next(), Entry.table(entry)));
      }
    }
    reaches.put(node, found);
    return found;
  }
}
