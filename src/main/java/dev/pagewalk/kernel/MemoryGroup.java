package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A group of processes whose memory is counted and bounded together, as cgroup v2's memory
 * controller does.
 *
 * <p>A page is charged to the group of the process that first touched it, and to all groups above,
 * until its frame is free; a process that changes its group leaves its pages behind. Page tables
 * and pages in swap are not counted. Numbers are pages, texts are bytes.
 */
public final class MemoryGroup {
  /** In place of a number of pages: as many as there are. */
  public static final long NO_LIMIT = Long.MAX_VALUE;

  /** What {@code memory.events} counts, of the group and of those below. */
  public enum Event {
    /** It was over its high limit, and somebody had to reclaim. */
    HIGH,
    /** A charge would have made it greater than its maximum. */
    MAX,
    /** It was at its maximum, and nothing could be reclaimed. */
    OOM,
    /** A process of it was killed for its memory. */
    OOM_KILL
  }

  private final Pressure pressure;
  private final String name;
  private final MemoryGroup parent;
  private final List<MemoryGroup> children = new ArrayList<>();

  /** Its pages that are replaced among themselves; null until it has any. */
  LruPool pool;

  private final long[] events = new long[Event.values().length];
  private long current;
  private long peak;
  private long max = NO_LIMIT;
  private long high = NO_LIMIT;

  MemoryGroup(Pressure pressure, String name, MemoryGroup parent) {
    this.pressure = pressure;
    this.name = name;
    this.parent = parent;
  }

  /** A new group below this one. */
  public MemoryGroup child(String childName) {
    if (childName.isEmpty() || childName.contains("/")) {
      throw new IllegalArgumentException("no name of a group: " + childName);
    }
    if (children.stream().anyMatch(child -> child.name.equals(childName))) {
      throw new IllegalArgumentException("there is such a group: " + childName);
    }
    MemoryGroup child = new MemoryGroup(pressure, childName, this);
    children.add(child);
    return child;
  }

  /** Path from the root, which is {@code /}. */
  public String path() {
    if (parent == null) {
      return "/";
    }
    return parent.parent == null ? "/" + name : parent.path() + "/" + name;
  }

  /** The group above; null for the root. */
  public MemoryGroup parent() {
    return parent;
  }

  /** The groups right below, in the order in which they were made. */
  public List<MemoryGroup> children() {
    return List.copyOf(children);
  }

  /** Pages charged now. */
  public long current() {
    return current;
  }

  /** The most pages that were ever charged. */
  public long peak() {
    return peak;
  }

  /** How many pages it can have at most. */
  public long max() {
    return max;
  }

  /** Above how many pages its processes are slowed down and reclaim. */
  public long high() {
    return high;
  }

  /** How often it has happened, here and below. */
  public long event(Event event) {
    return events[event.ordinal()];
  }

  /**
   * Sets the maximum; what is over it goes, and if that cannot be, processes are killed. A kernel
   * operation.
   */
  public void setMax(long pages) {
    max = checked(pages);
    pressure.limitsChanged(this);
  }

  /** Sets the high limit; what is over it goes, as far as it can. A kernel operation. */
  public void setHigh(long pages) {
    high = checked(pages);
    pressure.limitsChanged(this);
  }

  private static long checked(long pages) {
    if (pages < 0) {
      throw new IllegalArgumentException("no number of pages: " + pages);
    }
    return pages;
  }

  // --- as files ---

  /**
   * The text of a file of the group: memory.current, memory.peak, memory.max, memory.high,
   * memory.events or cgroup.procs.
   *
   * @throws IllegalArgumentException if there is no such file
   */
  public String read(String file) {
    return switch (file) {
      case "memory.current" -> text(current);
      case "memory.peak" -> text(peak);
      case "memory.max" -> text(max);
      case "memory.high" -> text(high);
      case "memory.events" ->
          "low 0\nhigh %d\nmax %d\noom %d\noom_kill %d\noom_group_kill 0\n"
              .formatted(
                  event(Event.HIGH), event(Event.MAX), event(Event.OOM), event(Event.OOM_KILL));
      case "cgroup.procs" ->
          pressure.kernel().addressSpaces().stream()
              .filter(mm -> mm.group() == this)
              .map(mm -> mm.id() + "\n")
              .collect(Collectors.joining());
      default -> throw new IllegalArgumentException("no file of a group: " + file);
    };
  }

  /**
   * Writes memory.max or memory.high: bytes, with K, M or G for units, or {@code max}.
   *
   * @throws IllegalArgumentException if there is no such file, or this is no size
   */
  public void write(String file, String text) {
    long pages = pages(text.strip());
    switch (file) {
      case "memory.max" -> setMax(pages);
      case "memory.high" -> setHigh(pages);
      default -> throw new IllegalArgumentException("no file of a group to write: " + file);
    }
  }

  private static String text(long pages) {
    return (pages == NO_LIMIT ? "max" : Long.toString(pages << 12)) + "\n";
  }

  private static long pages(String text) {
    if (text.equals("max")) {
      return NO_LIMIT;
    }
    int unit = text.isEmpty() ? -1 : "KMGT".indexOf(last(text));
    String digits = unit < 0 ? text : text.substring(0, text.length() - 1);
    if (digits.isEmpty() || digits.length() > 18 || !digits.chars().allMatch(MemoryGroup::digit)) {
      throw new IllegalArgumentException("expected bytes or max, not: " + text);
    }
    return Math.multiplyExact(Long.parseLong(digits), 1L << (10 * (unit + 1))) >> 12;
  }

  private static boolean digit(int character) {
    return character >= '0' && character <= '9';
  }

  private static String last(String text) {
    return text.substring(text.length() - 1).toUpperCase(Locale.ROOT);
  }

  // --- for reclaim ---

  /** Whether this is {@code top} or below it. */
  boolean isWithin(MemoryGroup top) {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      if (group == top) {
        return true;
      }
    }
    return false;
  }

  /** The lowest group from here up that cannot have {@code pages} more; null if all can. */
  MemoryGroup refusing(long pages) {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      if (pages > group.max - group.current) {
        return group;
      }
    }
    return null;
  }

  /** How many pages it may still have without anybody having to reclaim. */
  long room() {
    long room = Math.min(max, high) - current;
    return parent == null ? room : Math.min(room, parent.room());
  }

  /** The lowest group from here up that is over its high limit; null if none is. */
  MemoryGroup overHigh() {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      if (group.current > group.high) {
        return group;
      }
    }
    return null;
  }

  /** How many pages it, or a group above, lets it have at most. */
  long bound() {
    return parent == null ? max : Math.min(max, parent.bound());
  }

  void charge(long pages) {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      group.current += pages;
      group.peak = Math.max(group.peak, group.current);
    }
  }

  void uncharge(long pages) {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      group.current -= pages;
      if (group.current < 0) {
        throw new IllegalStateException("group " + group.path() + " gives back what it has not");
      }
    }
  }

  void count(Event event) {
    for (MemoryGroup group = this; group != null; group = group.parent) {
      group.events[event.ordinal()]++;
    }
  }
}
