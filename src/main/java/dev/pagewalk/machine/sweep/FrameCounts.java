package dev.pagewalk.machine.sweep;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Numbers of frames as people write them: {@code 4,6,8}; {@code 1..16}, all of them; {@code
 * 100..1000+100}, in steps; {@code 16..4096*2}, doubling.
 */
public final class FrameCounts {
  private static final int MOST = 100_000;

  private static final Pattern PART =
      Pattern.compile("([0-9]{1,9})(?:\\.\\.([0-9]{1,9})(?:([+*])([0-9]{1,9}))?)?");

  private FrameCounts() {}

  /**
   * Reads a list.
   *
   * @throws IllegalArgumentException which says what was expected
   */
  public static List<Integer> parse(String text) {
    List<Integer> counts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      Matcher matcher = PART.matcher(part);
      if (!matcher.matches()) {
        throw mistake(part);
      }
      long first = Long.parseLong(matcher.group(1));
      long last = matcher.group(2) == null ? first : Long.parseLong(matcher.group(2));
      boolean isProduct = "*".equals(matcher.group(3));
      long step = matcher.group(4) == null ? 1 : Long.parseLong(matcher.group(4));
      if (first < 1 || last < first || step < (isProduct ? 2 : 1)) {
        throw mistake(part);
      }
      for (long count = first; count <= last; count = isProduct ? count * step : count + step) {
        counts.add((int) count);
        if (counts.size() > MOST) {
          throw new IllegalArgumentException("expected at most " + MOST + " numbers of frames");
        }
      }
    }
    return counts;
  }

  private static IllegalArgumentException mistake(String part) {
    return new IllegalArgumentException(
        "expected numbers from 1 as 4,6,8 or 1..16 or 100..1000+100 or 16..4096*2; found \""
            + part
            + '"');
  }
}
