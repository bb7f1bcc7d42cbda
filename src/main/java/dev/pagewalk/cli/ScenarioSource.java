package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.classroom.Presets;
import dev.pagewalk.machine.classroom.Scenario;
import dev.pagewalk.machine.classroom.ScenarioException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A scenario and where it comes from.
 *
 * @param name of the file or preset, for messages
 * @param scenario what it says
 */
record ScenarioSource(String name, Scenario scenario) {
  /** Bytes of a file, at most. */
  private static final int MOST_BYTES = 1 << 20;

  /**
   * Reads a scenario.
   *
   * @param source a preset's name, a file, or {@code -} for {@code standardInput}
   * @throws InputException that says where it is wrong
   */
  static ScenarioSource read(String source, InputStream standardInput) throws InputException {
    boolean standard = source.equals("-");
    String name = standard ? "standard input" : source;
    try (InputStream in = standard ? standardInput : open(source)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new InputException(
            name, "", "expected a scenario of at most " + MOST_BYTES + " bytes");
      }
      return new ScenarioSource(name, Scenario.parse(text(name, bytes)));
    } catch (ScenarioException e) {
      throw at(name, e.line(), e.column(), e.getMessage());
    } catch (IOException e) {
      throw InputException.of(name, e);
    }
  }

  private static InputStream open(String source) throws IOException {
    if (Presets.NAMES.contains(source)) {
      return new ByteArrayInputStream(Presets.text(source).getBytes(StandardCharsets.UTF_8));
    }
    Path path = Path.of(source);
    if (source.isEmpty() || !Files.exists(path)) {
      throw new InputException(
          "expected a scenario: a file, - for standard input, or one of "
              + String.join(", ", Presets.NAMES)
              + "; found "
              + Failures.quote(source));
    }
    if (Files.isDirectory(path)) {
      throw new InputException(source, "", "expected a file, found a directory");
    }
    return Files.newInputStream(path);
  }

  private static String text(String name, byte[] bytes) throws InputException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new InputException(name, "", "expected text in UTF-8");
    }
  }

  /** A mistake at a place: {@code FILE:LINE:COLUMN: expected ...}. */
  static InputException at(String name, int line, int column, String expected) {
    return new InputException("%s:%d:%d: %s".formatted(name, line, column, expected));
  }

  /** The place of a statement, for messages. */
  String place(int step) {
    Scenario.Place place = scenario.places().get(step);
    return "%s:%d:%d".formatted(name, place.line(), place.column());
  }
}
