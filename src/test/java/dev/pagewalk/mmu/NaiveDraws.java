package dev.pagewalk.mmu;

/** The random draws of one structure: xorshift64*, from the model's seed. */
final class NaiveDraws {
  private long state;

  NaiveDraws(long seed, int structure) {
    state = (seed + 1 + structure) * 0x9e37_79b9_7f4a_7c15L;
    if (state == 0) {
      state = 1;
    }
  }

  /** A number from 0 to {@code choices} - 1. */
  int next(int choices) {
    state ^= state >>> 12;
    state ^= state << 25;
    state ^= state >>> 27;
    long draw = state * 0x2545_f491_4f6c_dd1dL;
    return (int) (((draw >>> 32) * choices) >>> 32);
  }
}
