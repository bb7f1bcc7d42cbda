package dev.pagewalk.vectors;

import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;

/** Which known mistakes a vector catches. */
final class DeviationCatch implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final Map<Deviation, VectorRunner> runners = new EnumMap<>(Deviation.class);

  /** For all of them. */
  DeviationCatch() {
    for (Deviation deviation : Deviation.values()) {
      DeviantEngine engine = new DeviantEngine(memory, EnumSet.of(deviation));
      runners.put(deviation, new VectorRunner(engine, ModelPresets.SDM));
    }
  }

  /** The ordinals of the mistakes with which {@code vector} is answered wrongly. */
  BitSet of(WalkVector vector) {
    BitSet caught = new BitSet();
    runners.forEach((deviation, runner) -> {
      if (runner.run(vector) instanceof Verdict.Failed
          && (!vector.isEvidence() || agreesWithASide(runner, vector))) {
        caught.set(deviation.ordinal());
      }
    });
    return caught;
  }

  /** Evidence catches a mistake that somebody who was observed has made. */
  static boolean agreesWithASide(VectorRunner runner, WalkVector vector) {
    return vector.differs().values().stream()
        .anyMatch(side -> runner.run(vector, side) instanceof Verdict.Passed);
  }

  @Override
  public void close() {
    memory.close();
  }
}
