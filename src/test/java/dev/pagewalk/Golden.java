package dev.pagewalk;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;

/** Files that hold expected text; {@code -Dpagewalk.golden=write} writes them anew. */
public final class Golden {
  private static final boolean WRITE =
      System.getProperty("pagewalk.golden", "check").equals("write");

  private Golden() {}

  /** {@code actual} is what {@code file} holds. */
  public static void check(Path file, String actual) throws Exception {
    if (WRITE) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
    }
    assertEquals(Files.readString(file), actual, file + "; -Dpagewalk.golden=write writes it anew");
  }
}
