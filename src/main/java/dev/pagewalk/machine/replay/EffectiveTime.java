package dev.pagewalk.machine.replay;

import dev.pagewalk.machine.Cause;
import dev.pagewalk.machine.CostModel;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The time that accesses took, and on what: effective access time with its break-down. It is the
 * time that all cores spent, added up.
 *
 * @param picoseconds in all; the sum of the lines, exactly
 * @param perAccess nanoseconds an access of the trace, to three places; the sum of the lines',
 *     exactly
 * @param lines what came up, by the order of {@link Cause}
 */
public record EffectiveTime(BigInteger picoseconds, BigDecimal perAccess, List<Line> lines) {
  private static final int PLACES = 3;

  /**
   * What one cause cost.
   *
   * @param cause what it is
   * @param events how often it came up
   * @param picoseconds what that cost
   * @param perAccess nanoseconds an access, rounded so that the lines add up
   */
  public record Line(Cause cause, long events, BigInteger picoseconds, BigDecimal perAccess) {}

  /** What {@code counts} cost under {@code model}. */
  public static EffectiveTime of(Counts counts, CostModel model) {
    List<Line> lines = new ArrayList<>();
    BigInteger sum = BigInteger.ZERO;
    for (Cause cause : Cause.values()) {
      BigInteger cost = model.cost(cause, events(cause, counts));
      if (cost.signum() > 0) {
        lines.add(new Line(cause, events(cause, counts), cost, BigDecimal.ZERO));
        sum = sum.add(cost);
      }
    }
    long accesses = counts.of(Counter.ACCESSES);
    BigDecimal perAccess =
        accesses == 0
            ? BigDecimal.ZERO.setScale(PLACES)
            : new BigDecimal(sum)
                .divide(
                    BigDecimal.valueOf(1000).multiply(BigDecimal.valueOf(accesses)),
                    PLACES,
                    RoundingMode.HALF_UP);
    return new EffectiveTime(sum, perAccess, shared(lines, sum, perAccess));
  }

  /** How often {@code cause} came up. */
  static long events(Cause cause, Counts counts) {
    return switch (cause) {
      case FIRST_LEVEL -> counts.of(Counter.TRANSLATIONS);
      case SECOND_LEVEL -> counts.of(Counter.SECOND_LOOKUPS);
      case WALK -> counts.of(Counter.WALKS);
      case TABLE_L1 -> counts.of(Counter.TABLE_L1);
      case TABLE_L2 -> counts.of(Counter.TABLE_L2);
      case TABLE_L3 -> counts.of(Counter.TABLE_L3);
      case TABLE_MEMORY -> counts.of(Counter.TABLE_MEMORY);
      case DATA -> counts.pageAccesses();
      case REMOTE -> counts.of(Counter.REMOTE);
      case MINOR_FAULT -> counts.of(Counter.MINOR_FAULTS);
      case MAJOR_FAULT -> counts.of(Counter.MAJOR_FAULTS);
      case WRITE_BACK -> counts.of(Counter.WRITE_BACKS);
      case SHOOTDOWN_SEND, SHOOTDOWN_WAIT -> counts.of(Counter.INTERRUPTS);
      case INVLPG -> counts.of(Counter.INVLPGS);
      case FLUSH -> counts.of(Counter.FLUSHES);
      case SWITCH -> counts.of(Counter.SWITCHES);
    };
  }

  /**
   * Deals the time of an access out to the lines in units of its last place: what rounding down
   * leaves goes to those who lost most by it.
   */
  private static List<Line> shared(List<Line> lines, BigInteger sum, BigDecimal perAccess) {
    if (sum.signum() == 0) {
      return List.of();
    }
    BigInteger units = perAccess.unscaledValue();
    BigInteger left = units;
    long[] share = new long[lines.size()];
    List<Integer> byRest = new ArrayList<>();
    BigInteger[] rests = new BigInteger[lines.size()];
    for (int i = 0; i < share.length; i++) {
      BigInteger[] parts = lines.get(i).picoseconds.multiply(units).divideAndRemainder(sum);
      share[i] = parts[0].longValueExact();
      rests[i] = parts[1];
      left = left.subtract(parts[0]);
      byRest.add(i);
    }
    byRest.sort(Comparator.comparing((Integer i) -> rests[i]).reversed());
    for (int i = 0; i < left.intValueExact(); i++) {
      share[byRest.get(i)]++;
    }
    List<Line> shared = new ArrayList<>();
    for (int i = 0; i < share.length; i++) {
      Line line = lines.get(i);
      BigDecimal each = BigDecimal.valueOf(share[i], PLACES);
      shared.add(new Line(line.cause, line.events, line.picoseconds, each));
    }
    return List.copyOf(shared);
  }

  /** Nanoseconds of a time in picoseconds, to three places, exactly. */
  public static BigDecimal nanoseconds(BigInteger picoseconds) {
    return new BigDecimal(picoseconds, PLACES);
  }
}
