package dev.pagewalk.trace;

import java.util.Arrays;

/** The processes of a trace: their ids, numbered from 0 in the order of their first appearance. */
final class ProcessTable {
  private final String file;

  /** The ids, by number. */
  private long[] ids = new long[16];

  /** An open-addressing table of numbers plus one; 0 is free. Its length is a power of two. */
  private int[] slots = new int[64];

  private int size;
  private long lastId;
  private int lastNumber;

  ProcessTable(String file) {
    this.file = file;
  }

  /** How many there are. */
  int size() {
    return size;
  }

  /** The id of a process; its number, if it has not appeared. */
  long id(int number) {
    return number < size ? ids[number] : number;
  }

  /**
   * The number of the process with {@code id}, a new one if it has not appeared.
   *
   * @param place where in the trace it stands, for the message
   * @throws TraceException if there are too many processes
   */
  int number(long id, long place) throws TraceException {
    if (id == lastId && size > 0) {
      return lastNumber;
    }
    lastId = id;
    lastNumber = find(id, place);
    return lastNumber;
  }

  private int find(long id, long place) throws TraceException {
    int mask = slots.length - 1;
    int slot = hash(id) & mask;
    while (slots[slot] != 0) {
      if (ids[slots[slot] - 1] == id) {
        return slots[slot] - 1;
      }
      slot = (slot + 1) & mask;
    }
    if (size > AccessBatch.LAST_PROCESS) {
      throw new TraceException(file, "line " + place, "expected at most 262,144 processes");
    }
    if (size == ids.length) {
      ids = Arrays.copyOf(ids, size * 2);
    }
    ids[size] = id;
    slots[slot] = ++size;
    if (size * 2 > slots.length) {
      grow();
    }
    return size - 1;
  }

  private void grow() {
    slots = new int[slots.length * 2];
    int mask = slots.length - 1;
    for (int number = 0; number < size; number++) {
      int slot = hash(ids[number]) & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = number + 1;
    }
  }

  private static int hash(long id) {
    return (int) ((id * 0x9e37_79b9_7f4a_7c15L) >>> 32);
  }
}
