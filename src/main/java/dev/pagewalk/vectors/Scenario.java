package dev.pagewalk.vectors;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A short program of memory calls and accesses, with what a Linux kernel did at every step.
 *
 * @param name its own
 * @param group of scenarios about the same
 * @param base where page number 0 lies
 * @param features what it uses, in the format's words
 * @param swap whether there is a swap device
 * @param brk where the heap starts, if it has one
 * @param files in order
 * @param dropped counters of smaps that are not compared
 * @param steps in order
 * @param end the contents of memory and files
 */
record Scenario(
    String name,
    String group,
    long base,
    Set<String> features,
    boolean swap,
    OptionalLong brk,
    List<SourceFile> files,
    Set<String> dropped,
    List<ScenarioStep> steps,
    End end)
    implements Case {
  /** Bytes from the base to the end of the window that all mappings lie in. */
  static final long WINDOW_BYTES = 0x4000_0000L;

  /** Whether it has a file whose dirty pages the kernel writes back when it likes. */
  boolean usesExt4() {
    return files.stream().anyMatch(file -> !file.tmpfs());
  }

  /**
   * A file as it is at the start.
   *
   * @param name its own
   * @param tmpfs whether it is one of tmpfs, else of ext4
   * @param size in bytes
   * @param hole whether nothing was ever written to it
   * @param cold whether no page of it is in the page cache
   */
  record SourceFile(String name, boolean tmpfs, long size, boolean hole, boolean cold) {}

  /**
   * The contents at the end.
   *
   * @param memory by process, pages in address order
   * @param files by name
   */
  record End(Map<String, List<Content>> memory, Map<String, FileEnd> files) {}

  /**
   * Pages next to each other with the same contents.
   *
   * @param at the first, as an address
   * @param count how many
   * @param hash CRC-32 of each page's bytes as 8 hexadecimal digits, {@code 0} if all are zero,
   *     {@code !} if they cannot be read
   */
  record Content(Spot at, long count, String hash) {}

  /** A file's size in bytes, and the hash of each page. */
  record FileEnd(long size, List<String> pages) {}
}
