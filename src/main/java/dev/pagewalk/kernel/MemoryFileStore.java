package dev.pagewalk.kernel;

import java.util.Arrays;
import java.util.TreeMap;

/** A device in memory; pages of zeroes take no room. */
public final class MemoryFileStore implements FileStore {
  private final TreeMap<Long, byte[]> pages = new TreeMap<>();

  /** An empty device. */
  public MemoryFileStore() {}

  @Override
  public boolean read(long index, byte[] page) {
    byte[] kept = pages.get(index);
    if (kept == null) {
      Arrays.fill(page, (byte) 0);
    } else {
      System.arraycopy(kept, 0, page, 0, page.length);
    }
    return true;
  }

  @Override
  public long write(long index, byte[] page) {
    pages.put(index, page.clone());
    return 0;
  }

  @Override
  public boolean contains(long index) {
    return pages.containsKey(index);
  }

  @Override
  public long discard(long first, long end) {
    pages.subMap(first, Math.max(first, end)).clear();
    return 0;
  }
}
