package dev.pagewalk.cli;

import dev.pagewalk.vectors.SubjectVerification;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;

/** The options that name somebody's program, which answers vectors, and how it is asked. */
final class SubjectOptions {
  @Option(
      names = "--subject",
      paramLabel = "COMMAND",
      description =
          "ask this program in place of our engines; the shell starts it, and it speaks the"
              + " protocol of docs/subject-protocol.md")
  private String command;

  @Option(
      names = "--time-limit",
      converter = Seconds.class,
      paramLabel = "SECONDS",
      description = "for the program to begin and for each answer, 1 to 3600 (default: 10)")
  private long seconds = 10;

  @Option(
      names = "--window",
      converter = Window.class,
      paramLabel = "N",
      description = "vectors under way at once, 1 to 65536 (default: 512)")
  private int window = 512;

  @Option(
      names = "--restarts",
      converter = Window.class,
      paramLabel = "N",
      description = "starts anew after which the program is given up (default: 100)")
  private int restarts = 100;

  /** Whether there is such a program. */
  boolean isGiven() {
    return command != null;
  }

  /** How it is asked, by {@code command}, which cannot do without it. */
  SubjectVerification.Options required(CommandSpec command) {
    if (!isGiven()) {
      throw new ParameterException(command.commandLine(), "missing --subject: who is asked");
    }
    return options();
  }

  /** How it is asked. */
  SubjectVerification.Options options() {
    return new SubjectVerification.Options(
        command, PagewalkCommand.version(), Duration.ofSeconds(seconds), window, restarts);
  }

  /** A time in seconds. */
  static final class Seconds implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      return oneTo(3600, text);
    }
  }

  /** A number of vectors or starts. */
  static final class Window implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) oneTo(65536, text);
    }
  }

  private static long oneTo(long most, String text) {
    long value = Numbers.parse(text, 64);
    if (value < 1 || value > most) {
      throw new TypeConversionException("expected 1 to " + most + ", not " + Failures.quote(text));
    }
    return value;
  }
}
