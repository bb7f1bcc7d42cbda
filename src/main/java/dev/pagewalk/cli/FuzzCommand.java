package dev.pagewalk.cli;

import dev.pagewalk.vectors.FuzzReport;
import dev.pagewalk.vectors.Fuzzer;
import dev.pagewalk.vectors.SubjectVerification;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk fuzz}: asks a subject random vectors, and names what it gets wrong. */
@Command(
    name = "fuzz",
    description = {
      "Asks a subject random machine states and sequences, makes each difference as small as it"
          + " gets, and names the mistake behind it if it is known."
    })
final class FuzzCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private SubjectOptions subject;

  @Option(
      names = "--minutes",
      converter = Minutes.class,
      paramLabel = "N",
      description = "for how long, 0.01 to 10000 (default: 1)")
  private double minutes = 1;

  @Option(
      names = "--count",
      converter = Whole.class,
      paramLabel = "N",
      description = "make N vectors at most (default: as many as the time allows)")
  private long count = Long.MAX_VALUE;

  @Option(
      names = "--seed",
      converter = Whole.class,
      paramLabel = "N",
      description = "of the random numbers (default: 1)")
  private long seed = 1;

  @Option(
      names = "--corpus",
      paramLabel = "DIR",
      description = "a folder in which vectors are kept, and with which a run goes on")
  private Path corpus;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  FuzzCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    SubjectVerification.Options asked = subject.required(command);
    Duration limit = Duration.ofMillis((long) (minutes * 60_000));
    Fuzzer.Options options =
        new Fuzzer.Options(asked, seed, limit, count, Optional.ofNullable(corpus));
    try (Fuzzer fuzzer = new Fuzzer(options)) {
      long start = System.nanoTime();
      ProgressLine progress = new ProgressLine(terminal, asJson);
      FuzzReport report =
          fuzzer.run(soFar -> {
            progress.tell(() -> progress(soFar, (System.nanoTime() - start) / 1e9));
            return true;
          });
      progress.clear();
      double seconds = (System.nanoTime() - start) / 1e9;
      if (asJson) {
        FuzzOutput.json(terminal, report, seconds);
      } else {
        FuzzOutput.text(terminal, report, seconds);
      }
      return report.wrong() == 0 ? Main.OK : Main.NO;
    }
  }

  private static String progress(FuzzReport report, double seconds) {
    return String.format(
        Locale.ROOT,
        "%.0f s: %,d vectors, %,.0f a second, %,d situations, %,d wrong, %,d unexplained",
        seconds,
        report.asked(),
        report.asked() / seconds,
        report.situations(),
        report.wrong(),
        report.unexplained());
  }

  /** A time in minutes. */
  static final class Minutes implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      if (text.matches("[0-9]{1,5}(\\.[0-9]{1,4})?")) {
        double minutes = Double.parseDouble(text);
        if (minutes >= 0.01 && minutes <= 10_000) {
          return minutes;
        }
      }
      throw new TypeConversionException("expected 0.01 to 10000, not " + Failures.quote(text));
    }
  }

  /** A number. */
  static final class Whole implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return Numbers.parse(text, 63);
    }
  }
}
