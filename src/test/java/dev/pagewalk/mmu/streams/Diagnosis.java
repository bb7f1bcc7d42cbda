package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Hex;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A failed stream, made small and told.
 *
 * @param stream the smallest stream that fails
 * @param wrong how the machine under test and the reference differ
 * @param vector the stream as a vector of format 1, if the format can say it
 * @param attempts streams played to find it
 */
record Diagnosis(Stream stream, String wrong, Optional<String> vector, long attempts) {
  /** A number as a record's text has it, if it is an address or a register. */
  private static final Pattern DECIMAL = Pattern.compile("(?<==)-?\\d{4,}");

  /** Makes {@code failing} small, which fails in runs of {@code runs}. */
  static Diagnosis of(Stream failing, Run.Maker runs, Memories memories) {
    Shrinker shrinker = new Shrinker(runs, memories);
    Stream small = shrinker.shrink(failing);
    Run run = runs.begin(small.scenario(), memories);
    run.record();
    String wrong = Run.play(run, small).orElseThrow();
    String id = Long.toHexString(small.scenario().seed());
    Optional<String> vector = new VectorPrinter(small.scenario(), run.transcript()).vector(id);
    return new Diagnosis(small, wrong, vector, shrinker.attempts());
  }

  /** The whole of it, for the message of a test that fails. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(stream.scenario().seed()).append(", made small:\n");
    text.append("  ").append(stream.scenario().cpu()).append('\n');
    text.append("  ").append(stream.scenario().model()).append('\n');
    stream.scenario().words().forEach(word -> text.append("  ").append(word).append('\n'));
    stream.moves().forEach(move -> text.append("  ").append(move).append('\n'));
    text.append(wrong).append('\n');
    text.append(vector.orElse("format 1 cannot say it: shadow stacks or #SS")).append('\n');
    return DECIMAL.matcher(text).replaceAll(found -> Hex.of(Long.parseLong(found.group())));
  }
}
