package dev.pagewalk.kernel;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * What a kernel brings in before it is asked for: {@link Prefetch#use}.
 *
 * @param kind which pages, beside those that {@code readAheadBytes} is about
 * @param distance of SEQUENTIAL and STRIDE: how many steps ahead of the page that was touched the
 *     first page is, at least 1
 * @param degree of SEQUENTIAL and STRIDE: how many pages, at least 1
 * @param pageCluster of LINUX_VMA and LINUX_CLUSTER: at most 2 to this many pages, as {@code
 *     vm.page-cluster}; 0 to 5
 * @param readAheadBytes the largest window of read-ahead of files that have a device, as {@code
 *     read_ahead_kb}; 0 for none
 * @param latency how long a read takes, in the units of {@link Kernel#setClock}: a page that is
 *     used sooner after it was asked for counts as late
 */
public record PrefetchOptions(
    Kind kind, int distance, int degree, int pageCluster, long readAheadBytes, long latency) {
  /** Which pages are brought in. */
  public enum Kind {
    /** None. */
    NONE,
    /** Those behind a page, once two in a row were touched. */
    SEQUENTIAL,
    /** Those at the same step, once three were touched at equal steps. */
    STRIDE,
    /** Around a page that is read from swap, those at neighbouring addresses. */
    LINUX_VMA,
    /** Around a page that is read from swap, those in neighbouring slots. */
    LINUX_CLUSTER;

    /** The name by which it is chosen: {@code linux-vma}. */
    public String lowerName() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** Linux's read-ahead of files, and none of swap. */
  public static final PrefetchOptions DEFAULT =
      new PrefetchOptions(Kind.NONE, 1, 4, 3, 128 << 10, 0);

  /** Checks the numbers. */
  public PrefetchOptions {
    Objects.requireNonNull(kind);
    check("distance", distance, 1, 1 << 20);
    check("degree", degree, 1, 1 << 10);
    check("cluster", pageCluster, 0, 5);
    check("readahead", readAheadBytes, 0, 1L << 30);
    check("latency", latency, 0, Long.MAX_VALUE);
  }

  private static void check(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "expected %s to be %d to %d, not %d".formatted(name, least, most, value));
    }
  }

  /**
   * The options that a text names: a kind, or {@code kind:parameter=value,parameter=value} with the
   * parameters distance, degree, cluster, readahead (bytes) and latency.
   *
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static PrefetchOptions of(String spec) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    PrefetchOptions options = DEFAULT.with(kind(name));
    if (colon < 0) {
      return options;
    }
    for (String part : spec.substring(colon + 1).split(",", -1)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalArgumentException("expected parameter=value, not \"" + part + "\"");
      }
      options = options.with(part.substring(0, equals), part.substring(equals + 1));
    }
    return options;
  }

  private static Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.lowerName().equals(name)) {
        return kind;
      }
    }
    throw new IllegalArgumentException(
        "no prefetcher \"%s\": expected %s"
            .formatted(
                name,
                Arrays.stream(Kind.values())
                    .map(Kind::lowerName)
                    .collect(Collectors.joining(", "))));
  }

  private PrefetchOptions with(String parameter, String text) {
    long value;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException(
          "expected a number for %s, not \"%s\"".formatted(parameter, text));
    }
    int small = Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    return switch (parameter) {
      case "distance" ->
          new PrefetchOptions(kind, small, degree, pageCluster, readAheadBytes, latency);
      case "degree" ->
          new PrefetchOptions(kind, distance, small, pageCluster, readAheadBytes, latency);
      case "cluster" -> new PrefetchOptions(kind, distance, degree, small, readAheadBytes, latency);
      case "readahead" -> withReadAheadBytes(value);
      case "latency" ->
          new PrefetchOptions(kind, distance, degree, pageCluster, readAheadBytes, value);
      default ->
          throw new IllegalArgumentException(
              "no parameter \"%s\": expected distance, degree, cluster, readahead or latency"
                  .formatted(parameter));
    };
  }

  /** These with another kind. */
  public PrefetchOptions with(Kind other) {
    return new PrefetchOptions(other, distance, degree, pageCluster, readAheadBytes, latency);
  }

  /** These with another largest window of files. */
  public PrefetchOptions withReadAheadBytes(long bytes) {
    return new PrefetchOptions(kind, distance, degree, pageCluster, bytes, latency);
  }
}
