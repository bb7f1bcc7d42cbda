package dev.pagewalk.vectors;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.Smaps;
import dev.pagewalk.kernel.VmaView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * Reads the state of all processes after a step, as the format tells it.
 *
 * <p>It knows frames and swap slots by their ids, which live as long as some process maps them, and
 * shared anonymous objects by the order in which they were first seen.
 */
final class StateReader {
  private static final long PAGE = 4096;

  /** The flags of VmFlags that the format has. */
  private static final Set<String> FLAGS =
      Set.of(
          "gd", "lo", "lf", "ac", "nr", "sr", "rr", "dc", "wf", "dd", "hg", "nh", "gu", "sl", "ht");

  private final Set<String> dropped;
  private final Map<FileObject, String> shared = new HashMap<>();
  private Map<Long, Long> idsBefore = new HashMap<>();
  private Map<Long, Long> ids = new HashMap<>();
  private long lastId;

  /** A reader that leaves out the counters {@code dropped}. */
  StateReader(Set<String> dropped) {
    this.dropped = dropped;
  }

  /**
   * The state of each of {@code processes}, which come in the order of their names, without what
   * lies {@code outside} of the scenario.
   */
  Map<String, ProcessState> read(
      Map<String, AddressSpace> processes, ScenarioSetting.Outside outside) {
    Map<String, ProcessState> states = new TreeMap<>();
    ids = new HashMap<>();
    processes.forEach((name, mm) -> states.put(name, state(mm, outside)));
    idsBefore = ids;
    return states;
  }

  private ProcessState state(AddressSpace mm, ScenarioSetting.Outside outside) {
    List<ProcessState.Vma> vmas = new ArrayList<>();
    List<Map<String, Long>> smaps = new ArrayList<>();
    ProcessState.Runs runs = new ProcessState.Runs();
    for (VmaView vma : mm.view()) {
      if (outside.has(vma)) {
        continue;
      }
      vmas.add(
          new ProcessState.Vma(
              vma.start(),
              vma.end(),
              vma.perms(),
              vma.pgoff(),
              vma.file().map(this::nameOf).orElse(""),
              flags(vma.flags())));
      addPages(runs, mm, vma);
      smaps.add(counters(mm.smaps(vma.start())));
    }
    long tables = mm.pageTablePages() - outside.tables();
    return new ProcessState(vmas, runs.list(), smaps, tables);
  }

  private void addPages(ProcessState.Runs runs, AddressSpace mm, VmaView vma) {
    long next;
    for (long at = vma.start(); Long.compareUnsigned(at, vma.end()) < 0; at = next) {
      next = mm.endOfNothing(at);
      if (next == at) {
        next = at + PAGE;
        add(runs, at, mm.page(at));
      }
    }
  }

  private void add(ProcessState.Runs runs, long at, PageView page) {
    switch (page.kind()) {
      case NONE -> {}
      case GUARD -> runs.add(at, 1, "G", 0);
      case PRESENT -> runs.add(at, 1, flags("P", page), page.zero() ? 0 : id(page, 0));
      case SWAP -> runs.add(at, 1, flags("S", page), id(page, 1));
    }
  }

  private static String flags(String kind, PageView page) {
    return kind
        + (page.zero() ? "Z" : "")
        + (page.huge() ? "H" : "")
        + (page.file() ? "f" : "")
        + (page.once() ? "x" : "");
  }

  /** The id of a frame, or of a swap slot if {@code kind} is 1. */
  private long id(PageView page, int kind) {
    long key = page.frame() << 1 | kind;
    Long known = ids.get(key);
    if (known == null) {
      known = idsBefore.get(key);
      known = known == null ? ++lastId : known;
      ids.put(key, known);
    }
    return known;
  }

  private String nameOf(FileObject file) {
    return file.isAnonymous()
        ? shared.computeIfAbsent(file, object -> "anon" + shared.size())
        : file.name();
  }

  private static String flags(String letters) {
    StringJoiner kept = new StringJoiner(" ");
    for (String flag : letters.split(" ", -1)) {
      if (FLAGS.contains(flag)) {
        kept.add(flag);
      }
    }
    return kept.toString();
  }

  /** The counters that are not zero and not dropped. */
  private Map<String, Long> counters(Smaps smaps) {
    Map<String, Long> kept = new TreeMap<>();
    kept.put("Rss", smaps.rss());
    kept.put("Pss", smaps.pss());
    kept.put("Shared_Clean", smaps.sharedClean());
    kept.put("Shared_Dirty", smaps.sharedDirty());
    kept.put("Private_Clean", smaps.privateClean());
    kept.put("Private_Dirty", smaps.privateDirty());
    kept.put("Referenced", smaps.referenced());
    kept.put("Anonymous", smaps.anonymous());
    kept.put("LazyFree", smaps.lazyFree());
    kept.put("AnonHugePages", smaps.anonHugePages());
    kept.put("Shared_Hugetlb", smaps.sharedHugetlb());
    kept.put("Private_Hugetlb", smaps.privateHugetlb());
    kept.put("Swap", smaps.swap());
    kept.put("SwapPss", smaps.swapPss());
    kept.put("Locked", smaps.locked());
    kept.keySet().removeAll(dropped);
    kept.values().removeIf(value -> value == 0);
    return kept;
  }
}
