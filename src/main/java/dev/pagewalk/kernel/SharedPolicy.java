package dev.pagewalk.kernel;

import java.util.Map;
import java.util.TreeMap;

/**
 * The policies of ranges of a TMPFS file, which mbind sets on the object for all who map it
 * (Linux's {@code shared_policy}).
 */
final class SharedPolicy {
  /** A range's policy up to {@code end}; ranges are apart. */
  private record Part(long end, Mempolicy policy) {}

  /** By first page. */
  private final TreeMap<Long, Part> parts = new TreeMap<>();

  /** The policy of page {@code index}; null if it has none. */
  Mempolicy at(long index) {
    Map.Entry<Long, Part> found = parts.floorEntry(index);
    return found == null || index >= found.getValue().end() ? null : found.getValue().policy();
  }

  /** Sets the policy of the pages {@code start} up to {@code end}; null takes it away. */
  void set(long start, long end, Mempolicy policy) {
    cutAt(start);
    cutAt(end);
    parts.subMap(start, end).clear();
    if (policy != null) {
      parts.put(start, new Part(end, policy));
    }
  }

  private void cutAt(long index) {
    Map.Entry<Long, Part> found = parts.lowerEntry(index);
    if (found != null && found.getValue().end() > index) {
      Part part = found.getValue();
      parts.put(found.getKey(), new Part(index, part.policy()));
      parts.put(index, part);
    }
  }
}
