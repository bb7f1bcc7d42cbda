package dev.pagewalk.machine.replay;

import java.util.function.LongConsumer;

/** What a replay does beside its machine's part; each method returns this. */
public final class ReplayOptions {
  private long limit = Long.MAX_VALUE;
  private long interval;
  private AccessListener listener;
  private SampleListener samples;
  private LongConsumer progress = accesses -> {};

  /** A replay of the whole trace, with nobody listening. */
  public ReplayOptions() {}

  /** Ends after so many accesses of the trace. */
  public ReplayOptions limit(long accesses) {
    limit = accesses;
    return this;
  }

  /** Tells {@code newListener} of each page access; the loop is slower then. */
  public ReplayOptions listener(AccessListener newListener) {
    listener = newListener;
    return this;
  }

  /** Tells {@code newSamples} of the counts each {@code accesses} of the trace, and at its end. */
  public ReplayOptions samples(long accesses, SampleListener newSamples) {
    interval = accesses;
    samples = newSamples;
    return this;
  }

  /** Tells {@code newProgress} from time to time how many accesses have been read. */
  public ReplayOptions progress(LongConsumer newProgress) {
    progress = newProgress;
    return this;
  }

  LongConsumer progress() {
    return progress;
  }

  long limit() {
    return limit;
  }

  AccessListener listener() {
    return listener;
  }

  long interval() {
    return samples == null ? Long.MAX_VALUE : interval;
  }

  SampleListener samples() {
    return samples;
  }
}
