package dev.pagewalk.kernel;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.BitSet;

/**
 * A swap area: slots of 4 KiB in memory or in a swap file, with the count of swap entries that name
 * each of them (Linux's {@code swap_map}) and the frame in the swap cache that holds its contents.
 *
 * <p>Slot 0 is the header's and never handed out. A slot is free again once no entry names it and
 * no frame caches it. To be full is an answer, and so is an error of the file. It costs what is in
 * use: records of {@value #RECORD} bytes, and in memory the contents. One thread at a time.
 *
 * <p>MODEL: slots are handed out from the lowest; Linux takes clusters of them in turn.
 */
public final class SwapArea implements AutoCloseable {
  /** Bytes of a slot. */
  public static final int SLOT_BYTES = PhysicalMemory.FRAME_BYTES;

  private static final int RECORD = 16;

  /** Offsets in a record: entries that name the slot; frame of the swap cache and 1, or 0. */
  private static final int COUNT = 0;

  private static final int CACHED = 8;

  private final SwapStore store;
  private final boolean synchronous;
  private final long slots;
  private final PhysicalMemory records;

  /** Slots that are not free: the header, bad ones, and those in use. */
  private final BitSet taken = new BitSet();

  private final long total;
  private long used;

  /** No slot below it is free. */
  private int lowest = 1;

  SwapArea(SwapStore store, SwapHeader header, boolean synchronous) {
    this.store = store;
    this.synchronous = synchronous;
    slots = header.lastPage() + 1L;
    records = PhysicalMemory.builder().ram(0, slots * RECORD).flat().build();
    taken.set(0);
    for (int bad : header.badPages()) {
      taken.set(bad);
    }
    total = slots - taken.cardinality();
  }

  /**
   * A swap area in memory, as on zram.
   *
   * @param bytes its size with the header's slot, at least two slots
   * @param synchronous whether reading from it does not sleep ({@code SWP_SYNCHRONOUS_IO})
   */
  public static SwapArea inMemory(long bytes, boolean synchronous) {
    SwapHeader header = SwapHeader.ofSize(bytes);
    return new SwapArea(new SwapStore.InMemory(bytes), header, synchronous);
  }

  /**
   * The swap area of a swap file, as {@code mkswap} or {@link #makeFile} have made it. The file is
   * kept open until {@link #close}. It is never synchronous.
   *
   * @throws InputException if the file cannot be opened, or is no swap file
   */
  public static SwapArea open(Path file) throws InputException {
    try {
      FileChannel channel = SwapStore.InFile.open(file);
      try {
        SwapHeader header = SwapHeader.read(file, channel);
        return new SwapArea(new SwapStore.InFile(channel), header, false);
      } catch (IOException | RuntimeException e) {
        channel.close();
        throw e;
      }
    } catch (AccessDeniedException _) {
      throw new InputException(file.toString(), "", "may not be read and written");
    } catch (IOException e) {
      throw InputException.of(file.toString(), e);
    }
  }

  /**
   * Makes a swap file, as {@code mkswap} does; what the file held is lost.
   *
   * @param bytes its size with the header's slot, at least two slots
   * @throws IOException if the file cannot be written
   */
  public static void makeFile(Path file, long bytes) throws IOException {
    SwapHeader.ofSize(bytes).write(file, bytes);
  }

  /** Whether reading from it does not sleep: Linux then leaves the swap cache aside. */
  public boolean synchronous() {
    return synchronous;
  }

  /** The number behind the last slot's. */
  long slots() {
    return slots;
  }

  /** How many slots can be in use. */
  public long total() {
    return total;
  }

  /** How many slots are in use. */
  public long used() {
    return used;
  }

  /** Takes the lowest free slot, with one entry that names it; -1 if none is free. */
  public long allocate() {
    int slot = taken.nextClearBit(lowest);
    if (slot >= slots) {
      return -1;
    }
    taken.set(slot);
    lowest = slot + 1;
    used++;
    records.write32((long) slot * RECORD + COUNT, 1);
    return slot;
  }

  /** How many entries name the slot. */
  public int count(long slot) {
    return records.read32(record(slot) + COUNT);
  }

  /**
   * Counts one more entry that names the slot.
   *
   * @throws IllegalStateException if the slot is free
   */
  public void duplicate(long slot) {
    long record = record(slot);
    checkUsed(slot);
    records.write32(record + COUNT, records.read32(record + COUNT) + 1);
  }

  /**
   * Counts one entry less that names the slot; without entry and swap cache it is free.
   *
   * @return how many entries still name it
   * @throws IllegalStateException if none does
   */
  public int release(long slot) {
    long record = record(slot);
    int left = records.read32(record + COUNT) - 1;
    if (left < 0) {
      throw new IllegalStateException("no entry names swap slot " + slot);
    }
    records.write32(record + COUNT, left);
    freeIfUnused(slot);
    return left;
  }

  /** The frame that holds the slot's contents in the swap cache, or -1. */
  public long cached(long slot) {
    return records.read64(record(slot) + CACHED) - 1;
  }

  /**
   * Puts a frame into the swap cache for the slot.
   *
   * @throws IllegalStateException if the slot is free, or another frame is there
   */
  public void setCached(long slot, long pfn) {
    checkUsed(slot);
    long there = cached(slot);
    if (there >= 0 && there != pfn) {
      throw new IllegalStateException(
          "swap slot %d is cached in frame 0x%x".formatted(slot, there));
    }
    records.write64(record(slot) + CACHED, pfn + 1);
  }

  /** Takes the frame out of the swap cache; a slot that no entry names is then free. */
  public void clearCached(long slot) {
    checkUsed(slot);
    records.write64(record(slot) + CACHED, 0);
    freeIfUnused(slot);
  }

  /**
   * Writes a frame to the slot.
   *
   * @param pa the frame's physical address
   * @return whether that worked; memory always does
   */
  public boolean write(long slot, PhysicalMemory memory, long pa) {
    checkUsed(slot);
    return store.write(slot * SLOT_BYTES, memory, pa);
  }

  /**
   * Reads the slot into a frame.
   *
   * @param pa the frame's physical address
   * @return whether that worked; memory always does
   */
  public boolean read(long slot, PhysicalMemory memory, long pa) {
    checkUsed(slot);
    return store.read(slot * SLOT_BYTES, memory, pa);
  }

  /** Frees the memory or closes the file; the area may not be used any more. */
  @Override
  public void close() {
    records.close();
    store.close();
  }

  private void freeIfUnused(long slot) {
    if (count(slot) == 0 && cached(slot) < 0) {
      taken.clear((int) slot);
      lowest = Math.min(lowest, (int) slot);
      used--;
    }
  }

  /** Where the slot's record begins. */
  private long record(long slot) {
    if (slot < 1 || slot >= slots) {
      throw new IndexOutOfBoundsException("no swap slot: " + slot);
    }
    return slot * RECORD;
  }

  private void checkUsed(long slot) {
    if (count(slot) == 0 && cached(slot) < 0) {
      throw new IllegalStateException("swap slot %d is free".formatted(slot));
    }
  }
}
