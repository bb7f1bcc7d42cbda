package dev.pagewalk.machine;

import dev.pagewalk.arch.InputException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a file says that describes what events cost: {@link CostModel}, and where each figure is
 * from. {@code docs/costs.md} has the format.
 *
 * <p>All constructors throw IllegalArgumentException, which says what is wrong.
 *
 * @param name the model's name
 * @param description one sentence for people; null if not told
 * @param cycle how long a cycle of the clock takes; not in cycles
 * @param firstLevel a look into the first-level TLB
 * @param secondLevel a look into the second-level TLB
 * @param walk page walks
 * @param data the access itself
 * @param remoteAccess what an access to another NUMA node's memory costs more
 * @param minorFault a fault that waits for no device
 * @param majorFault one that does
 * @param writeBack a page written to its device
 * @param shootdown invalidations
 * @param contextSwitch another address space on a core
 * @param notes what the model leaves out; may be empty
 */
public record CostFile(
    String name,
    String description,
    Figure cycle,
    Figure firstLevel,
    Figure secondLevel,
    Walk walk,
    Figure data,
    Figure remoteAccess,
    Figure minorFault,
    Figure majorFault,
    Figure writeBack,
    Shootdown shootdown,
    Figure contextSwitch,
    List<String> notes) {
  /** Caches that a walk's words may be found in, at most. */
  static final int MOST_CACHES = 3;

  private static final long MOST_PICOSECONDS = 1_000_000_000_000L;

  /** Units of time. */
  public enum Unit {
    /** Cycles of the model's clock. */
    CYCLES(0),
    /** Picoseconds. */
    PS(1),
    /** Nanoseconds. */
    NS(1_000),
    /** Microseconds. */
    US(1_000_000),
    /** Milliseconds. */
    MS(1_000_000_000);

    private final long picoseconds;

    Unit(long picoseconds) {
      this.picoseconds = picoseconds;
    }
  }

  /**
   * A price.
   *
   * @param value at least 0
   * @param unit of the value
   * @param why where it is from, or why it was chosen
   */
  public record Figure(Long value, Unit unit, String why) {
    public Figure {
      Checks.need(value, "value");
      Checks.need(unit, "unit");
      Checks.needText(why, "why");
      Checks.expect(value >= 0, "value: expected 0 or more, found " + value);
    }

    /** In picoseconds, under a clock of so many a cycle. */
    long picoseconds(long cycle) {
      long each = unit == Unit.CYCLES ? cycle : unit.picoseconds;
      boolean fits = value == 0 || value <= MOST_PICOSECONDS / each;
      Checks.expect(fits, "expected at most a second, found " + value + " " + Word.of(unit));
      return value * each;
    }
  }

  /**
   * What walks cost: either so much each, or each word by where it is found.
   *
   * @param flat a whole walk; null with caches
   * @param caches from the nearest; null with a flat price
   * @param memory a word that is in none of them; null with a flat price
   */
  public record Walk(Figure flat, List<Cache> caches, Figure memory) {
    public Walk {
      boolean isFlat = flat != null && caches == null && memory == null;
      boolean isCached = flat == null && caches != null && memory != null;
      Checks.expect(isFlat || isCached, "expected either the key flat, or caches and memory");
      caches = caches == null ? List.of() : List.copyOf(caches);
      Checks.expect(
          isFlat || (!caches.isEmpty() && caches.size() <= MOST_CACHES),
          "caches: expected 1 to " + MOST_CACHES);
      Set<String> names = new HashSet<>();
      for (Cache cache : caches) {
        Checks.expect(names.add(cache.name), "caches: expected different names");
      }
    }
  }

  /**
   * A cache, or the share of it that table words get.
   *
   * @param name as it is shown
   * @param sets number of sets, a power of two up to 65,536
   * @param ways lines of a set, 1 to 16; the least recently used goes
   * @param latency of a word found here
   */
  public record Cache(String name, Integer sets, Integer ways, Figure latency) {
    /** Bytes of a line. */
    public static final int LINE = 64;

    public Cache {
      Checks.needText(name, "name");
      Checks.need(sets, "sets");
      Checks.need(ways, "ways");
      Checks.need(latency, "latency");
      boolean power = sets >= 1 && sets <= 1 << 16 && Integer.bitCount(sets) == 1;
      Checks.expect(power, "sets: expected a power of two up to 65536, found " + sets);
      Checks.expect(ways >= 1 && ways <= 16, "ways: expected 1 to 16, found " + ways);
    }
  }

  /**
   * What invalidations cost.
   *
   * @param send an interrupt to one other core
   * @param acknowledge the wait for one core's acknowledgement
   * @param page a page dropped by INVLPG
   * @param flush a load of CR3 that drops a whole PCID
   */
  public record Shootdown(Figure send, Figure acknowledge, Figure page, Figure flush) {
    public Shootdown {
      Checks.need(send, "send");
      Checks.need(acknowledge, "acknowledge");
      Checks.need(page, "page");
      Checks.need(flush, "flush");
    }
  }

  public CostFile {
    Checks.needText(name, "name");
    Checks.checkText(description, "description");
    Checks.need(cycle, "cycle");
    boolean timed = cycle.unit != Unit.CYCLES && cycle.value > 0;
    Checks.expect(timed, "cycle: expected more than 0, and not in cycles");
    Checks.need(firstLevel, "firstLevel");
    Checks.need(secondLevel, "secondLevel");
    Checks.need(walk, "walk");
    Checks.need(data, "data");
    Checks.need(remoteAccess, "remoteAccess");
    Checks.need(minorFault, "minorFault");
    Checks.need(majorFault, "majorFault");
    Checks.need(writeBack, "writeBack");
    Checks.need(shootdown, "shootdown");
    Checks.need(contextSwitch, "contextSwitch");
    notes = notes == null ? List.of() : List.copyOf(notes);
    notes.forEach(note -> Checks.checkText(note, "notes"));
  }

  /**
   * Reads {@code path}.
   *
   * @throws InputException if it cannot be read or is no cost model
   */
  public static CostFile read(Path path) throws InputException {
    return checked(path.toString(), JsonRecords.read(path, CostFile.class));
  }

  /**
   * Reads all of {@code in}.
   *
   * @param file the name for messages
   * @throws InputException if it is no cost model
   */
  static CostFile read(String file, InputStream in) throws InputException {
    return checked(file, JsonRecords.read(file, in, CostFile.class));
  }

  private static CostFile checked(String file, CostFile costs) throws InputException {
    try {
      costs.model();
      return costs;
    } catch (IllegalArgumentException e) {
      throw new InputException(file, "", e.getMessage());
    }
  }

  /** This as JSON, in a form that {@link #read(Path)} reads. */
  public String json() {
    return JsonRecords.write(this);
  }

  /**
   * The prices.
   *
   * @throws IllegalArgumentException if one is more than a second
   */
  public CostModel model() {
    return CostModel.of(this);
  }
}
