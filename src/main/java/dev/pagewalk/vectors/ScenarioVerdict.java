package dev.pagewalk.vectors;

import java.util.EnumMap;
import java.util.Map;

/**
 * What running one scenario showed: in each layer the first difference, if there is any.
 *
 * <p>A scenario is run to its end whatever differs, so that later layers are judged too; after a
 * first difference others may follow from it.
 */
class ScenarioVerdict {
  /**
   * A difference.
   *
   * @param step that it shows after, counted from 1; 0 at the end
   * @param what was compared, and what the step does
   * @param expected what was observed
   * @param got what was answered
   */
  record Difference(int step, String what, String expected, String got) {}

  private final Map<Layer, Difference> first = new EnumMap<>(Layer.class);
  private boolean passed = true;

  /** Whether the difference of counters that is kept is one of write-back. */
  private boolean writtenBack;

  /** Records a difference; the first of a layer is kept. */
  void differs(Layer layer, Difference difference) {
    if (writtenBack && layer == Layer.COUNTERS) {
      first.remove(layer);
      writtenBack = false;
    }
    first.putIfAbsent(layer, difference);
    passed = false;
  }

  /** Records a difference of counters that write-back of an ext4 file may have made. */
  void differsByWriteBack(Difference difference) {
    if (first.putIfAbsent(Layer.COUNTERS, difference) == null) {
      writtenBack = true;
    }
  }

  /** The first difference of each layer in which there is one. */
  Map<Layer, Difference> differences() {
    return first;
  }

  /** Whether nothing differs, but for counters that write-back of an ext4 file may have changed. */
  boolean passed() {
    return passed;
  }
}
