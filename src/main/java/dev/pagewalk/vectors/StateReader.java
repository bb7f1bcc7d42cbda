package dev.pagewalk.vectors;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.PageView;
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
  /** The flags of VmFlags that the format has. */
  private static final Set<String> FLAGS =
      Set.of(
          "gd", "lo", "lf", "ac", "nr", "sr", "rr", "dc", "wf", "dd", "hg", "nh", "gu", "sl",
          "ht");

  /** The counters of smaps that the format has. */
  private static final Set<String> COUNTERS =
      Set.of(
          "Rss", "Pss", "Shared_Clean", "Shared_Dirty", "Private_Clean", "Private_Dirty",
          "Referenced", "Anonymous", "LazyFree", "AnonHugePages", "ShmemPmdMapped",
          "FilePmdMapped", "Shared_Hugetlb", "Private_Hugetlb", "Swap", "SwapPss", "Locked");

  private final Set<String> dropped;
  private final Map<FileObject, String> shared = new HashMap<>();
  private Map<Long, Long> idsBefore = new HashMap<>();
  private Map<Long, Long> ids = new HashMap<>();
  private long lastId;

  /** A reader that leaves out the counters {@code dropped}. */
  StateReader(Set<String> dropped) {
    this.dropped = dropped;
  }

  /** The state of each of {@code processes}, which come in the order of their names. */
  Map<String, ProcessState> read(Map<String, AddressSpace> processes) {
    Map<String, ProcessState> states = new TreeMap<>();
    ids = new HashMap<>();
    processes.forEach((name, mm) -> states.put(name, state(mm)));
    idsBefore = ids;
    return states;
  }

  private ProcessState state(AddressSpace mm) {
    List<ProcessState.Vma> vmas = new ArrayList<>();
    List<Map<String, Long>> smaps = new ArrayList<>();
    ProcessState.Runs runs = new ProcessState.Runs();
    for (VmaView vma : mm.view()) {
      vmas.add(
          new ProcessState.Vma(
              vma.start(),
              vma.end(),
              vma.perms(),
              vma.pgoff(),
              vma.file().map(this::nameOf).orElse(""),
              flags(vma.flags())));
      mm.forEachPage(vma.start(), vma.end(), page -> add(runs, page));
      smaps.add(counters(mm.smaps(vma)));
    }
    return new ProcessState(vmas, runs.list(), smaps, mm.pageTablePages());
  }

  private void add(ProcessState.Runs runs, PageView page) {
    if (page.kind() == PageView.Kind.GUARD) {
      runs.add(page.address(), page.count(), "G", 0);
      return;
    }
    String flags =
        (page.kind() == PageView.Kind.PRESENT ? "P" : "S")
            + (page.zero() ? "Z" : "")
            + (page.huge() ? "H" : "")
            + (page.file() ? "f" : "")
            + (page.mappedOnce() ? "x" : "");
    if (page.zero()) {
      runs.add(page.address(), page.count(), flags, 0);
      return;
    }
    long kind = page.kind() == PageView.Kind.PRESENT ? 0 : 1;
    for (long i = 0; i < page.count(); i++) {
      long id = idOf(page.frame() + i << 1 | kind);
      runs.add(page.address() + (i << 12), 1, flags, id);
    }
  }

  private long idOf(long key) {
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

  private Map<String, Long> counters(Map<String, Long> all) {
    Map<String, Long> kept = new TreeMap<>();
    all.forEach((name, value) -> {
      if (value != 0 && COUNTERS.contains(name) && !dropped.contains(name)) {
        kept.put(name, value);
      }
    });
    return kept;
  }
}
