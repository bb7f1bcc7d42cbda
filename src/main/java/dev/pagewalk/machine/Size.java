package dev.pagewalk.machine;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes of memory as files have them: a whole number and {@code KiB}, {@code MiB} and so on. */
final class Size {
  private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,14}) (KiB|MiB|GiB|TiB)");
  private static final List<String> UNITS = List.of("bytes", "KiB", "MiB", "GiB", "TiB");

  /** The largest: half of what physical addresses reach. */
  private static final long MOST = 1L << 51;

  private Size() {}

  /**
   * A size in bytes, a multiple of 4 KiB.
   *
   * @throws IllegalArgumentException which says what was expected
   */
  static long parse(String key, String text) {
    Matcher parts = FORM.matcher(text);
    if (parts.matches()) {
      long value = Long.parseLong(parts.group(1));
      int shift = 10 * UNITS.indexOf(parts.group(2));
      long bytes = value << shift;
      if (value <= MOST >>> shift && (bytes & 0xfff) == 0) {
        return bytes;
      }
    }
    throw new IllegalArgumentException(
        key
            + ": expected a size of whole pages as \"512 MiB\", with KiB, MiB, GiB or TiB, found \""
            + (text.length() > 40 ? text.substring(0, 40) + "..." : text)
            + '"');
  }
}
