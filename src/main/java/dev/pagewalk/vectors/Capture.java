package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.IntConsumer;
import java.util.zip.GZIPOutputStream;

/**
 * Records what a subject answers to vectors, as vectors of format 1 whose source it is, with a file
 * beside them that says where they come from.
 *
 * <p>A capture that is there already is added to if it is of the same subject on the same machine,
 * and if nothing in it is answered otherwise now; else it stays as it is.
 */
public final class Capture {
  private static final byte[] LINUX_SCENARIO = "{\"name\":".getBytes(StandardCharsets.UTF_8);

  private final SubjectVerification.Options options;
  private final Set<String> groups;
  private final Path out;
  private final SequencedMap<String, WalkVector> captured = new LinkedHashMap<>();
  private final Map<String, Long> skipped = new TreeMap<>();
  private int found;

  /**
   * A capture.
   *
   * @param options how the subject is asked
   * @param groups of vectors; all if there are none
   * @param out where it is written
   */
  public Capture(SubjectVerification.Options options, Set<String> groups, Path out) {
    this.options = options;
    this.groups = Set.copyOf(groups);
    this.out = out;
  }

  /**
   * What was recorded.
   *
   * @param source who answered
   * @param vectors how many are in the file now
   * @param before how many were in it before
   * @param skipped those that the subject does not answer, by reason
   * @param provenance the file beside it
   */
  public record Result(
      String source, int vectors, int before, Map<String, Long> skipped, Path provenance) {}

  /**
   * Asks the vectors of {@code paths} and writes the capture.
   *
   * @param progress is told how many vectors have been looked at
   * @throws InputException if the subject does not begin, or there is a file that is no part of the
   *     same capture
   */
  public Result run(List<Path> paths, IntConsumer progress) throws InputException {
    TestFiles files = TestFiles.below(paths);
    try (Subject subject = Subject.open(options)) {
      Provenance provenance = Provenance.here(subject.hello(), options.version());
      int before = readOld(provenance);
      for (Path file : files.vectors()) {
        ask(file, new Asked(subject, provenance, progress));
      }
      if (found == 0) {
        throw new InputException("--groups", "", "no vector is of " + String.join(", ", groups));
      }
      write(provenance);
      return new Result(
          provenance.source(), captured.size(), before, skipped, Provenance.beside(out));
    }
  }

  private int readOld(Provenance provenance) throws InputException {
    Path beside = Provenance.beside(out);
    if (Files.exists(beside)) {
      String differs = Provenance.read(beside).differsFrom(provenance);
      if (!differs.isEmpty()) {
        throw new InputException(
            out.toString(), "", "not overwritten: its provenance has another " + differs);
      }
    } else if (Files.exists(out)) {
      throw new InputException(
          out.toString(), "", "not overwritten: no " + beside.getFileName() + " is beside it");
    }
    if (!Files.exists(out)) {
      return 0;
    }
    captured.putAll(read(out));
    return captured.size();
  }

  /** The vectors of a capture, by id. */
  static SequencedMap<String, WalkVector> read(Path file) throws InputException {
    SequencedMap<String, WalkVector> vectors = new LinkedHashMap<>();
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file)) {
      while (lines.next()) {
        try (Cursor cursor = lines.cursor()) {
          WalkVector vector = parser.parse(cursor);
          vectors.put(vector.id(), vector);
        }
      }
    }
    return vectors;
  }

  /** Who is asked, as whom it answers, and who is told how far it is. */
  private record Asked(Subject subject, Provenance provenance, IntConsumer progress) {}

  private void ask(Path file, Asked asked) throws InputException {
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(file)) {
      while (lines.next()) {
        if (lines.startsWith(LINUX_SCENARIO)) {
          continue;
        }
        try (Cursor cursor = lines.cursor()) {
          WalkVector vector = parser.parse(cursor);
          if (groups.isEmpty() || groups.contains(vector.group())) {
            asked.progress.accept(++found);
            ask(vector, asked.subject, asked.provenance);
          }
        }
      }
    }
  }

  private void ask(WalkVector vector, Subject subject, Provenance provenance)
      throws InputException {
    Optional<String> whyNot = subject.hello().whyNot(vector);
    if (whyNot.isEmpty()) {
      subject.ask(vector);
      try {
        SubjectAnswer answer = subject.answer();
        subject.answered(answer, placed(vector));
        if (answer.skip().isEmpty()) {
          keep(observed(vector, answer.steps(), provenance));
          return;
        }
        whyNot = answer.skip();
      } catch (Dialogue.Trouble trouble) {
        subject.restart();
        whyNot = Optional.of(trouble.getMessage());
      }
    }
    skipped.merge(whyNot.get(), 1L, Long::sum);
  }

  private static Deque<Panel.Placed> placed(WalkVector vector) {
    Deque<Panel.Placed> underWay = new ArrayDeque<>();
    underWay.add(new Panel.Placed(vector, "", 0));
    return underWay;
  }

  private static WalkVector observed(
      WalkVector asked, List<SubjectAnswer.Said> said, Provenance provenance) {
    List<Step> steps = new ArrayList<>();
    for (int i = 0; i < said.size(); i++) {
      Action action = asked.steps().get(i).action();
      Words changed = action instanceof Action.Touch ? said.get(i).changed() : null;
      steps.add(new Step(action, List.of(said.get(i).outcome()), Optional.ofNullable(changed)));
    }
    return new WalkVector(
        asked.id(),
        asked.group(),
        asked.cpu(),
        asked.state(),
        asked.memory(),
        steps,
        List.of(provenance.source()),
        Map.of());
  }

  private void keep(WalkVector vector) throws InputException {
    WalkVector old = captured.put(vector.id(), vector);
    if (old != null && !Arrays.equals(line(old), line(vector))) {
      throw new InputException(
          out.toString(), "", "not overwritten: " + vector.id() + " is answered otherwise there");
    }
  }

  /** A vector as a line. */
  static byte[] line(WalkVector vector) {
    VectorText text = new VectorText();
    text.vector(vector, "");
    return text.take();
  }

  private void write(Provenance provenance) throws InputException {
    Path written = out.resolveSibling(out.getFileName() + ".new");
    try {
      boolean zipped = out.toString().endsWith(".gz");
      try (OutputStream file = Files.newOutputStream(written);
          OutputStream stream = zipped ? new GZIPOutputStream(file) : file) {
        VectorText text = new VectorText();
        for (WalkVector vector : captured.values()) {
          text.vector(vector, "");
        }
        text.moveTo(stream);
      }
      Files.writeString(Provenance.beside(out), provenance.text());
      Files.move(written, out, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw InputException.of(out.toString(), e);
    }
  }
}
