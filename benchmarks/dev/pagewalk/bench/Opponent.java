package dev.pagewalk.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The C side of {@code pagewalk bench --against-c}, which does its rounds by turns with ours: both
 * then meet the same machine, whatever its neighbours do.
 *
 * <p>{@code PAGEWALK_BENCH_C} in the environment names the program, {@code PAGEWALK_BENCH_SAID} a
 * file for all that it says and a last line with its exit status. The program gets a line for each
 * round, and answers with one after it. One that does not know of turns has done all its work when
 * it first answers.
 */
final class Opponent implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;
  private final PrintStream said;

  private Opponent(Process process, PrintStream said) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.said = said;
  }

  /** Starts the program, if the environment names one. */
  static Optional<Opponent> start(String workload, int rounds) throws IOException {
    String program = System.getenv("PAGEWALK_BENCH_C");
    if (program == null) {
      return Optional.empty();
    }
    ProcessBuilder builder = new ProcessBuilder(program, "" + rounds, workload);
    builder.environment().put("PAGEWALK_BENCH_TURNS", "1");
    Path file = Path.of(System.getenv("PAGEWALK_BENCH_SAID"));
    PrintStream said = new PrintStream(file.toFile(), StandardCharsets.UTF_8);
    return Optional.of(new Opponent(builder.redirectError(Redirect.DISCARD).start(), said));
  }

  /** Lets it do a round. */
  void round() throws IOException {
    try {
      OutputStream orders = process.getOutputStream();
      orders.write('\n');
      orders.flush();
    } catch (IOException e) {
      // It has ended, and what it said is still to be read.
    }
    String answer = answers.readLine();
    if (answer != null) {
      said.println(answer);
    }
  }

  private void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      // It has ended without reading all that it was told.
    }
  }

  @Override
  public void close() throws IOException {
    try (said) {
      end();
      answers.lines().forEach(said::println);
      said.println("exit status " + process.waitFor());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
