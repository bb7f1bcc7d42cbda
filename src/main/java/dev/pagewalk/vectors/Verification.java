package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Holds engines against files of vectors, scenarios of a Linux kernel and snapshots of real page
 * tables.
 *
 * <p>Vectors are streamed: memory does not grow with their files. Of a snapshot the list of its
 * pages is kept. The machine's cores share the work. Bad input ends the run with an {@link
 * InputException}; a wrong answer is counted and the run goes on.
 */
public final class Verification {
  /** How a line of the format linux-mm begins, where a vector has its id. */
  private static final byte[] LINUX_SCENARIO = "{\"name\":".getBytes(StandardCharsets.UTF_8);

  private final Engines engines;
  private final ModelChoices choices;
  private final int keepFailures;
  private final LongConsumer progress;

  /**
   * A verification.
   *
   * @param engines who answers
   * @param choices of the engines for vectors that are conformance cases
   * @param keepFailures how many failures the report holds in full
   * @param progress is told how many bytes of files have been read since it was last told
   */
  public Verification(
      Engines engines, ModelChoices choices, int keepFailures, LongConsumer progress) {
    this.engines = engines;
    this.choices = choices;
    this.keepFailures = keepFailures;
    this.progress = progress;
  }

  /**
   * Bytes that {@link #run} will tell its progress of.
   *
   * @throws InputException if a path does not exist, or a directory holds nothing to verify
   */
  public static long bytesToRead(List<Path> paths) throws InputException {
    return TestFiles.below(paths).vectorBytes();
  }

  /**
   * Runs everything in {@code paths}, files or directories.
   *
   * @throws InputException at the first thing that is not as its format says
   */
  public VerifyReport run(List<Path> paths) throws InputException {
    TestFiles files = TestFiles.below(paths);
    VerifyReport report = new VerifyReport(engines.names(), keepFailures);
    try (Crew crew = new Crew(report, () -> new Panel(engines, choices))) {
      for (Path file : files.vectors()) {
        readVectors(file, crew, report);
      }
      crew.finish();
    }
    for (Path file : files.snapshots()) {
      new Snapshot(file, choices, engines, report).check();
    }
    return report;
  }

  private void readVectors(Path file, Crew crew, VerifyReport report) throws InputException {
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file, progress)) {
      if (!lines.next()) {
        throw new InputException(file.toString(), "", "expected at least one vector, found none");
      }
      do {
        boolean scenario = lines.startsWith(LINUX_SCENARIO);
        try (Cursor cursor = lines.cursor()) {
          Case test = scenario ? ScenarioParser.parse(cursor) : parser.parse(cursor);
          if (scenario && engines.models().isEmpty()) {
            report.skip("scenario of a Linux kernel: it runs on MMUs, and none answers");
          } else {
            crew.add(new Panel.Placed(test, lines.file(), lines.line()), lines.length());
          }
        }
      } while (lines.next());
    }
  }
}
