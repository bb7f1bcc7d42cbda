package dev.pagewalk.rights;

import dev.pagewalk.rights.ManualRules.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** Leaves rows out of the rules: an enumeration that can fail finds each that is missing. */
public final class MissingRows {
  private MissingRows() {}

  /** Sentences of those among {@code rows} that none of {@code enumerations} misses. */
  public static List<String> unnoticed(List<Row> rows, List<RightsEnumeration> enumerations)
      throws InterruptedException, ExecutionException {
    List<String> unnoticed = new ArrayList<>();
    for (Row row : rows) {
      boolean found = false;
      for (RightsEnumeration enumeration : enumerations) {
        ManualRules without = ManualRules.complete().without(row);
        found = found || enumeration.run(without, 2).mismatch().isPresent();
      }
      if (!found) {
        unnoticed.add(row.sentence());
      }
    }
    return unnoticed;
  }
}
