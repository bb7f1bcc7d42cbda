package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Holds the reference walk against files of vectors and snapshots of real page tables.
 *
 * <p>Vectors are streamed: memory does not grow with their files. Of a snapshot the list of its
 * pages is kept. Bad input ends the run with an {@link InputException}; a wrong answer is counted
 * and the run goes on.
 */
public final class Verification {
  /** How a line of the format linux-mm begins, where a vector has its id. */
  private static final byte[] LINUX_SCENARIO = "{\"name\":".getBytes(StandardCharsets.UTF_8);

  private final ModelChoices choices;
  private final int keepFailures;
  private final LongConsumer progress;

  /**
   * A verification.
   *
   * @param choices of the engine for vectors that are conformance cases
   * @param keepFailures how many failures the report holds in full
   * @param progress is told how many bytes of files have been read since it was last told
   */
  public Verification(ModelChoices choices, int keepFailures, LongConsumer progress) {
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
    VerifyReport report = new VerifyReport(keepFailures);
    for (Path file : files.vectors()) {
      runVectors(file, report);
    }
    for (Path file : files.snapshots()) {
      new Snapshot(file, choices, report).check();
    }
    return report;
  }

  private void runVectors(Path file, VerifyReport report) throws InputException {
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file, progress);
        Engine engine = new SpecEngine()) {
      VectorRunner runner = new VectorRunner(engine, choices);
      Map<String, VectorRunner> presets = new LinkedHashMap<>();
      ModelPresets.all().forEach((name, set) -> presets.put(name, new VectorRunner(engine, set)));
      if (!lines.next()) {
        throw new InputException(file.toString(), "", "expected at least one vector, found none");
      }
      do {
        if (lines.startsWith(LINUX_SCENARIO)) {
          report.skip("scenario of a Linux kernel: there is no kernel here yet");
          continue;
        }
        WalkVector vector;
        try (Cursor cursor = lines.cursor()) {
          vector = parser.parse(cursor);
        }
        if (vector.isEvidence()) {
          weigh(vector, presets, report);
        } else {
          run(vector, runner, lines, report);
        }
      } while (lines.next());
    }
  }

  private static void run(
      WalkVector vector, VectorRunner runner, LineReader lines, VerifyReport report) {
    switch (runner.run(vector)) {
      case Verdict.Passed passed -> report.pass(vector.group());
      case Verdict.Failed failed -> {
        Action action = vector.steps().get(failed.step() - 1).action();
        report.fail(
            vector.group(),
            new VerifyReport.Failure(
                lines.file(),
                lines.line(),
                vector.id(),
                "step " + failed.step() + ": " + Describe.action(action),
                failed.expected(),
                failed.got(),
                failed.explanation()));
      }
    }
  }

  /** Finds which presets give which side's answers. */
  private static void weigh(
      WalkVector vector, Map<String, VectorRunner> presets, VerifyReport report) {
    report.countEvidence();
    for (Map.Entry<String, VectorRunner> preset : presets.entrySet()) {
      VectorRunner runner = preset.getValue();
      boolean reproduced = runner.run(vector) instanceof Verdict.Passed;
      for (String source : vector.sources()) {
        report.evidence(preset.getKey(), source, reproduced);
      }
      for (Map.Entry<String, List<Step>> side : vector.differs().entrySet()) {
        boolean same = runner.run(vector, side.getValue()) instanceof Verdict.Passed;
        report.evidence(preset.getKey(), side.getKey(), same);
      }
    }
  }
}
