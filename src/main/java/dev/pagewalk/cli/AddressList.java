package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
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

  private AddressList() {}

  /**
   * All addresses of {@code file} in blocks, or of {@code standardInput} if it is {@code -}. They
   * are read before the first is answered, so that a malformed line leaves no half an answer.
   */
  static List<long[]> read(String file, InputStream standardInput) throws IOException {
    boolean standard = file.equals("-");
    InputStream in = standard ? standardInput : Files.newInputStream(Path.of(file));
    String name = standard ? "standard input" : file;
    List<long[]> blocks = new ArrayList<>();
    long[] block = new long[BLOCK];
    int count = 0;
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        String text = line.strip();
        if (text.isEmpty() || text.charAt(0) == '#') {
          continue;
        }
        if (count == BLOCK) {
          blocks.add(block);
          block = new long[BLOCK];
          count = 0;
        }
        try {
          block[count++] = Numbers.parse(text, Long.SIZE);
        } catch (TypeConversionException e) {
          throw new InputException(name, "line " + number, e.getMessage());
        }
      }
    }
    blocks.add(Arrays.copyOf(block, count));
    return blocks;
  }
}
