package dev.pagewalk.machine.curve;

import java.util.Arrays;

/** The pages of a sample, the one with the greatest hash on top; each has a dense number. */
final class HashHeap {
  private static final int NONE = -1;

  /** Hash, and number below it: that at i is not less than those at 2i + 1 and 2i + 2. */
  private long[] heap = new long[64];

  /** The page of each number; of numbers that are free, the next one that is. */
  private long[] keyOf = new long[64];

  private int size;
  private int used;
  private int free = NONE;

  /** Adds a page, which must not be there; its number. */
  int add(long key, int hash) {
    int number = free;
    if (number == NONE) {
      number = used++;
      if (number == keyOf.length) {
        keyOf = Arrays.copyOf(keyOf, 2 * number);
      }
    } else {
      free = (int) keyOf[number];
    }
    keyOf[number] = key;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, 2 * size);
    }
    int at = size++;
    long word = ((long) hash << Integer.SIZE) | number;
    while (at > 0 && heap[(at - 1) / 2] < word) {
      heap[at] = heap[(at - 1) / 2];
      at = (at - 1) / 2;
    }
    heap[at] = word;
    return number;
  }

  /** The greatest hash. */
  int greatest() {
    return (int) (heap[0] >>> Integer.SIZE);
  }

  /** The number of the page with the greatest hash. */
  int greatestNumber() {
    return (int) heap[0];
  }

  /** The page with the greatest hash. */
  long greatestKey() {
    return keyOf[greatestNumber()];
  }

  /** Takes the page with the greatest hash out; its number is free. */
  void removeGreatest() {
    int number = greatestNumber();
    keyOf[number] = free;
    free = number;
    long word = heap[--size];
    int at = 0;
    int child = 1;
    while (child < size) {
      if (child + 1 < size && heap[child + 1] > heap[child]) {
        child++;
      }
      if (heap[child] <= word) {
        break;
      }
      heap[at] = heap[child];
      at = child;
      child = 2 * at + 1;
    }
    heap[at] = word;
  }

  /** How many pages there are. */
  int size() {
    return size;
  }
}
