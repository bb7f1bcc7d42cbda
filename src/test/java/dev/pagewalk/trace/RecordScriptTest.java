package dev.pagewalk.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script beside the recording records a program, and what it records is a trace. */
final class RecordScriptTest {
  @TempDir private Path folder;

  @Test
  void aProgramIsRecorded() throws IOException, InterruptedException {
    assumeTrue(isInstalled("valgrind"), "valgrind is not installed");
    Path recording = folder.resolve("true.lackey.gz");
    Process script =
        new ProcessBuilder("test-vectors/traces/record.sh", recording.toString(), "true")
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    assertTrue(script.waitFor(120, TimeUnit.SECONDS));
    assertEquals(0, script.exitValue(), Files.readString(folder.resolve("output")));
    List<String> accesses = Accesses.of(TraceFiles.open(recording.toString()));
    assertTrue(accesses.size() > 10_000, accesses.size() + " accesses");
    assertTrue(accesses.getFirst().startsWith("F "), accesses.getFirst());
  }

  private static boolean isInstalled(String program) {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return true;
      }
    }
    return false;
  }
}
