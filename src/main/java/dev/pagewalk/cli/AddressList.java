package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a file of linear addresses, one a line; empty lines and lines from {@code #} are skipped.
 */
final class AddressList {
  private static final int BLOCK = 1 << 16;
  private static final int LONGEST_LINE = 4096;

  private AddressList() {}

  /**
   * All addresses of {@code file} in blocks, or of {@code standardInput} if it is {@code -}. They
   * are read before the first is answered, so that a malformed line leaves no half an answer.
   */
  static List<long[]> read(String file, InputStream standardInput) throws InputException {
    boolean standard = file.equals("-");
    String name = standard ? "standard input" : file;
    try (InputStream in = standard ? standardInput : Files.newInputStream(Path.of(file))) {
      return readAll(name, in);
    } catch (IOException e) {
      throw InputException.of(name, e);
    }
  }

  private static List<long[]> readAll(String name, InputStream in) throws IOException {
    List<long[]> blocks = new ArrayList<>();
    long[] block = new long[BLOCK];
    int count = 0;
    BufferedInputStream bytes = new BufferedInputStream(in);
    StringBuilder line = new StringBuilder();
    long number = 1;
    for (int b = bytes.read(); ; b = bytes.read()) {
      if (b >= 0 && b != '\n') {
        if (line.length() == LONGEST_LINE) {
          throw new InputException(
              name, "line " + number, "expected a line of at most " + LONGEST_LINE + " bytes");
        }
        line.append((char) b);
        continue;
      }
      String text = line.toString().strip();
      if (!text.isEmpty() && text.charAt(0) != '#') {
        if (count == BLOCK) {
          blocks.add(block);
          block = new long[BLOCK];
          count = 0;
        }
        block[count++] = parse(name, number, text);
      }
      if (b < 0) {
        break;
      }
      line.setLength(0);
      number++;
    }
    blocks.add(Arrays.copyOf(block, count));
    return blocks;
  }

  private static long parse(String name, long number, String text) throws InputException {
    try {
      return Numbers.parse(text, Long.SIZE);
    } catch (TypeConversionException e) {
      throw new InputException(name, "line " + number, e.getMessage());
    }
  }
}
