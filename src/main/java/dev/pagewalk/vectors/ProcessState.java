package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The state of a process as scenarios compare it, each part by itself.
 *
 * @param vmas mappings in address order
 * @param pages runs of pages, each as long as it can be
 * @param smaps for each mapping, its counters that are not zero, in KiB
 * @param tables page-table pages
 */
record ProcessState(List<Vma> vmas, List<Run> pages, List<Map<String, Long>> smaps, long tables) {
  /** The state of a process that has nothing mapped yet. */
  static final ProcessState EMPTY = new ProcessState(List.of(), List.of(), List.of(), 0);

  /** A mapping, see {@link ScenarioStep.Vma}. */
  record Vma(long start, long end, String perms, long pgoff, String name, String flags) {
    @Override
    public String toString() {
      String text = Hex.of(start) + "-" + Hex.of(end) + " " + perms + " " + pgoff;
      return text
          + (name.isEmpty() ? "" : " " + name)
          + (flags.isEmpty() ? "" : " [" + flags + "]");
    }
  }

  /** Pages next to each other: address of the first, how many, flags, id of the first. */
  record Run(long at, long count, String flags, long id) {
    @Override
    public String toString() {
      return Hex.of(at)
          + (count == 1 ? "" : " *" + count)
          + " "
          + flags
          + (id == 0 ? "" : " #" + id);
    }
  }

  /** Collects pages in address order into runs. */
  static final class Runs {
    private final List<Run> runs = new ArrayList<>();
    private long at;
    private long count;
    private String flags = "";
    private long id;

    /** Adds {@code more} pages. */
    void add(long address, long more, String newFlags, long newId) {
      long nextId = id == 0 ? 0 : id + count;
      boolean joins =
          count > 0 && address == at + (count << 12) && newId == nextId && newFlags.equals(flags);
      if (joins) {
        count += more;
        return;
      }
      end();
      at = address;
      count = more;
      flags = newFlags;
      id = newId;
    }

    /** The runs. */
    List<Run> list() {
      end();
      count = 0;
      return runs;
    }

    private void end() {
      if (count > 0) {
        runs.add(new Run(at, count, flags, id));
      }
    }
  }
}
