package dev.pagewalk.machine.sweep;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a sweep, one of several of about the same size: every {@code of}-th cell.
 *
 * @param index which part, from 0; one by the number of parts is the first, so that those who count
 *     from 1 get all parts too
 * @param of how many parts, from 1
 */
public record SweepShard(int index, int of) {
  /** All of it. */
  public static final SweepShard WHOLE = new SweepShard(0, 1);

  private static final Pattern TEXT = Pattern.compile("([0-9]{1,9})/([0-9]{1,9})");

  /** Checks the numbers. */
  public SweepShard {
    if (of < 1 || index < 0 || index > of) {
      throw new IllegalArgumentException("expected a part from 0 to " + of);
    }
  }

  /**
   * Reads {@code i/n}.
   *
   * @throws IllegalArgumentException which says what was expected
   */
  public static SweepShard parse(String text) {
    Matcher matcher = TEXT.matcher(text);
    if (matcher.matches()) {
      int index = Integer.parseInt(matcher.group(1));
      int of = Integer.parseInt(matcher.group(2));
      if (of >= 1 && index <= of) {
        return new SweepShard(index, of);
      }
    }
    throw new IllegalArgumentException(
        "expected i/n, a part and the number of parts, as 0/4 to 3/4 or 1/4 to 4/4; found \""
            + text
            + '"');
  }

  /** The cells of this part. */
  public List<SweepCell> of(List<SweepCell> cells) {
    return cells.stream().filter(cell -> cell.number() % of == index % of).toList();
  }
}
