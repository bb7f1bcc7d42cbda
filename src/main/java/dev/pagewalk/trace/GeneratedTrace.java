package dev.pagewalk.trace;

/** A trace that is made while it is read, from one part or several that take turns. */
final class GeneratedTrace implements TraceReader {
  private final GeneratedPart[] parts;
  private final long count;
  private final long turn;

  /** Up to which random number each part is drawn, in order; null if they go round. */
  private final double[] limits;

  private final SplitMix random;
  private int part;
  private long leftOfTurn;
  private long done;

  /**
   * A trace whose parts go round.
   *
   * @param count accesses of the trace
   * @param turn accesses of a part before the next
   */
  GeneratedTrace(GeneratedPart[] parts, long count, long turn) {
    this.parts = parts;
    this.count = count;
    this.turn = turn;
    limits = null;
    random = null;
    part = parts.length - 1;
  }

  /**
   * A trace whose parts are drawn at random.
   *
   * @param weights how often each part comes, in any unit; {@code seed} draws them
   */
  GeneratedTrace(GeneratedPart[] parts, Turns turns, double[] weights, long seed) {
    this.parts = parts;
    this.count = turns.count;
    this.turn = turns.turn;
    limits = new double[weights.length];
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    double below = 0;
    for (int i = 0; i < weights.length; i++) {
      below += weights[i];
      limits[i] = below / sum;
    }
    random = new SplitMix(SplitMix.derive(seed, 2));
  }

  /** Accesses of the trace, and of a part before the next is drawn. */
  record Turns(long count, long turn) {}

  @Override
  public boolean read(AccessBatch batch) {
    batch.size = 0;
    while (done < count && !batch.isFull()) {
      if (leftOfTurn == 0) {
        part = draw();
        leftOfTurn = turn;
      }
      long room = Math.min(AccessBatch.CAPACITY - batch.size, count - done);
      int accesses = (int) Math.min(room, leftOfTurn);
      parts[part].fill(batch, accesses);
      leftOfTurn -= accesses;
      done += accesses;
    }
    return batch.size > 0;
  }

  @Override
  public double progress() {
    return count == 0 ? 1 : (double) done / count;
  }

  @Override
  public void close() {}

  private int draw() {
    if (limits == null) {
      return part + 1 == parts.length ? 0 : part + 1;
    }
    double drawn = random.unit();
    int drawnPart = 0;
    while (drawnPart < limits.length - 1 && drawn >= limits[drawnPart]) {
      drawnPart++;
    }
    return drawnPart;
  }
}
