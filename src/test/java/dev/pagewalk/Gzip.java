package dev.pagewalk;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** Gzipped files of the project, expanded by the JDK. */
public final class Gzip {
  private Gzip() {}

  /** The bytes of {@code file}. */
  public static byte[] bytes(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return in.readAllBytes();
    }
  }

  /** The lines of {@code file}, a text. */
  public static List<String> lines(Path file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8).lines().toList();
  }
}
