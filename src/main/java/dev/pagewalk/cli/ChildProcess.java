package dev.pagewalk.cli;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * A process that has been run to its end.
 *
 * @param status its exit status
 * @param output what it wrote to standard output and standard error
 */
record ChildProcess(int status, String output) {
  /**
   * Runs {@code command}; if this JVM is ended meanwhile, so is the process.
   *
   * @throws IOException if it cannot be started
   */
  static ChildProcess run(List<String> command) throws IOException {
    return run(command, Map.of());
  }

  /** As {@link #run(List)}, with more in the environment. */
  static ChildProcess run(List<String> command, Map<String, String> environment)
      throws IOException {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    Process process = builder.start();
    Thread hook = new Thread(() -> end(process.toHandle()));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new ChildProcess(process.waitFor(), output);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } finally {
      end(process.toHandle());
      remove(hook);
    }
  }

  /** Ends a process and those that it has started; nothing if it has ended. */
  private static void end(ProcessHandle process) {
    process.descendants().forEach(ProcessHandle::destroy);
    process.destroy();
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // This JVM is ending, and the hook has been called or will be.
    }
  }

  /** The first line that tells what went wrong, or else the last one. */
  String firstError() {
    List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
    return lines.stream()
        .filter(line -> line.matches(".*([Ee]rror:|Exception).*"))
        .findFirst()
        .or(() -> lines.reversed().stream().findFirst())
        .orElse("exit status " + status);
  }
}
