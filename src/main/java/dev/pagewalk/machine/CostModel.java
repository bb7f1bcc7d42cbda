package dev.pagewalk.machine;

import dev.pagewalk.machine.CostFile.Cache;
import dev.pagewalk.machine.CostFile.Figure;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** What events cost, in whole picoseconds, so that sums are exact. */
public final class CostModel {
  private final String name;
  private final List<Cache> caches;
  private final Map<Cause, Long> prices = new EnumMap<>(Cause.class);

  private CostModel(CostFile file) {
    this.name = file.name();
    this.caches = file.walk().caches();
  }

  static CostModel of(CostFile file) {
    CostModel model = new CostModel(file);
    long cycle = model.picoseconds("cycle", file.cycle(), 0);
    model.put(Cause.FIRST_LEVEL, file.firstLevel(), cycle);
    model.put(Cause.SECOND_LEVEL, file.secondLevel(), cycle);
    model.put(Cause.DATA, file.data(), cycle);
    model.put(Cause.REMOTE, file.remoteAccess(), cycle);
    model.put(Cause.MINOR_FAULT, file.minorFault(), cycle);
    model.put(Cause.MAJOR_FAULT, file.majorFault(), cycle);
    model.put(Cause.WRITE_BACK, file.writeBack(), cycle);
    model.put(Cause.SHOOTDOWN_SEND, file.shootdown().send(), cycle);
    model.put(Cause.SHOOTDOWN_WAIT, file.shootdown().acknowledge(), cycle);
    model.put(Cause.INVLPG, file.shootdown().page(), cycle);
    model.put(Cause.FLUSH, file.shootdown().flush(), cycle);
    model.put(Cause.SWITCH, file.contextSwitch(), cycle);
    CostFile.Walk walk = file.walk();
    if (walk.flat() != null) {
      model.put(Cause.WALK, walk.flat(), cycle);
      return model;
    }
    for (int i = 0; i < walk.caches().size(); i++) {
      model.put(ofCache(i), walk.caches().get(i).latency(), cycle);
    }
    model.put(Cause.TABLE_MEMORY, walk.memory(), cycle);
    return model;
  }

  /** What a word of a table costs that is found in the cache at place {@code i}, from 0. */
  private static Cause ofCache(int i) {
    return switch (i) {
      case 0 -> Cause.TABLE_L1;
      case 1 -> Cause.TABLE_L2;
      case 2 -> Cause.TABLE_L3;
      default -> throw new IllegalArgumentException("a fourth cache");
    };
  }

  private void put(Cause cause, Figure figure, long cycle) {
    prices.put(cause, picoseconds(cause.title(), figure, cycle));
  }

  private long picoseconds(String what, Figure figure, long cycle) {
    try {
      return figure.picoseconds(cycle);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
  }

  /** The model's name. */
  public String name() {
    return name;
  }

  /** Where table words may be found, from the nearest; empty if walks have a flat price. */
  public List<Cache> caches() {
    return caches;
  }

  /** What one event costs, in picoseconds; 0 if the model has no price for it. */
  public long price(Cause cause) {
    return prices.getOrDefault(cause, 0L);
  }

  /** What so many events cost, in picoseconds. */
  public BigInteger cost(Cause cause, long events) {
    return BigInteger.valueOf(price(cause)).multiply(BigInteger.valueOf(events));
  }
}
