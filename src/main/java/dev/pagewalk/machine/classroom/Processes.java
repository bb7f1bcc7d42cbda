package dev.pagewalk.machine.classroom;

import dev.pagewalk.kernel.AddressSpace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The processes of a machine by their names, in the order in which they were made. */
public final class Processes {
  /** Processes alive at a time, at most. */
  static final int MOST = 8;

  private final Map<String, AddressSpace> alive = new LinkedHashMap<>();

  /** Those that have not ended. */
  public Map<String, AddressSpace> alive() {
    return Collections.unmodifiableMap(alive);
  }

  /**
   * The process of that name.
   *
   * @throws ScenarioException if none of that name is alive
   */
  public AddressSpace get(String name) throws ScenarioException {
    AddressSpace mm = alive.get(name);
    if (mm == null) {
      throw new ScenarioException(
          "expected a process that is alive"
              + (alive.isEmpty() ? "" : ", one of " + String.join(", ", alive.keySet()))
              + "; found \""
              + name
              + '"');
    }
    return mm;
  }

  /**
   * The name of a process.
   *
   * @throws ScenarioException if it is none of these, or null
   */
  String nameOf(AddressSpace mm) throws ScenarioException {
    String name = mm == null ? "" : nameOf(mm.id());
    if (name.isEmpty()) {
      throw new ScenarioException("expected a process that runs, or the name of one");
    }
    return name;
  }

  /** The name of a process by its number; empty if it is none of these. */
  public String nameOf(int id) {
    for (Map.Entry<String, AddressSpace> entry : alive.entrySet()) {
      if (entry.getValue().id() == id) {
        return entry.getKey();
      }
    }
    return "";
  }

  /** Refuses a name that is in use, and one process too many. */
  void checkNew(String name) throws ScenarioException {
    if (alive.containsKey(name)) {
      throw new ScenarioException("expected a new name; a process \"" + name + "\" is alive");
    }
    if (alive.size() == MOST) {
      throw new ScenarioException("expected at most " + MOST + " processes");
    }
  }

  void add(String name, AddressSpace mm) {
    alive.put(name, mm);
  }

  /** Forgets those that have ended. */
  void removeDead(Iterable<AddressSpace> living) {
    alive
        .values()
        .removeIf(mm -> {
          for (AddressSpace other : living) {
            if (other == mm) {
              return false;
            }
          }
          return true;
        });
  }
}
