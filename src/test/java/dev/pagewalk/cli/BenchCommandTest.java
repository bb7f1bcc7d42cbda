package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.arch.InputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pagewalk bench}, with JMH for real, a round of the shortest workloads. */
class BenchCommandTest {
  /** What limit.c prints for one round, but for the time. */
  private static final String WARM =
      "l1_hits 626046 l2_hits 9372930 walks 1024 loads 4096 faults 0 sum 0002756d2d37b940";

  private static final String CLASS_PATH = "pagewalk.benchmarks";

  @TempDir Path folder;

  @BeforeEach
  void theBenchmarksAreOnTheClassPath() {
    System.setProperty(CLASS_PATH, System.getProperty("java.class.path"));
  }

  @AfterEach
  void theLauncherAloneSaysWhereTheyAre() {
    System.clearProperty(CLASS_PATH);
  }

  @Test
  void aLineIsLimitsLine() {
    CommandRun run = CommandRun.of("bench", "--workloads", "warm", "--rounds", "1");
    assertEquals("", run.err());
    assertEquals(0, run.status());
    assertTrue(run.out().matches("warm     +\\d+\\.\\d\\d ns  " + WARM + "\n"), run.out());
  }

  @Test
  void jsonHasEveryPass() {
    String json = printed(out -> BenchOutput.json(out, List.of(result("12.50", "11.25")), 3));
    assertEquals(
        "{\"rounds\":3,\"workloads\":[{\"workload\":\"warm\",\"java\":{\"ns\":12.500,"
            + "\"passes_ns\":[12.500,11.250],\"l1_hits\":626046,\"l2_hits\":9372930,"
            + "\"walks\":1024,\"loads\":4096,\"faults\":0,\"sum\":\"0x2756d2d37b940\"},"
            + "\"same_work\":true}]}\n",
        json);
  }

  @Test
  void limitInCDoesTheSameWork() {
    assumeTrue(hasCompiler(), "there is no C compiler cc with AVX2");
    CommandRun run =
        CommandRun.of(
            "bench", "--against-c", "--passes=1", "--workloads=warm,hot-scattered", "--rounds=2");
    assertEquals(0, run.status(), run.out() + run.err());
    List<String> lines = run.out().lines().toList();
    assertEquals(9, lines.size(), run.out());
    assertEquals("C", lines.get(0));
    assertTrue(lines.get(1).startsWith("warm  "), run.out());
    assertEquals("Java", lines.get(3));
    assertEquals(withoutTime(lines.get(1)), withoutTime(lines.get(4)));
    assertEquals("Java by C: medians, and quartiles, of 2 interleaved rounds", lines.get(6));
    assertTrue(lines.get(8).matches("hot-scattered +\\d+\\.\\d\\d .*"), run.out());
  }

  @Test
  void otherCountersAreANo() throws IOException {
    assumeTrue(hasCompiler(), "there is no C compiler cc with AVX2");
    String line = "warm        12.34 ns  " + WARM.replace("walks 1024", "walks 1025");
    Path other = source("int puts(const char *); int main(void) { puts(\"" + line + "\"); }");
    CommandRun run = againstC(other, "--json");
    assertEquals(1, run.status(), run.err());
    assertTrue(run.out().contains("\"c\":{\"ns\":12.340,"), run.out());
    assertTrue(run.out().endsWith("\"same_work\":false}]}\n"), run.out());
    BenchResult result = new BenchResult("warm");
    BenchLine theirs = BenchLine.find("warm", line).orElseThrow();
    result.add(BenchPass.of(line("12.50"), List.of(12.5), theirs, List.of(12.34)));
    String text = printed(out -> BenchOutput.text(out, List.of(result)));
    assertTrue(text.endsWith("warm     counters or sums differ\n"), text);
  }

  @Test
  void aProgramThatIsNoneIsRefused() throws IOException {
    assumeTrue(hasCompiler(), "there is no C compiler cc with AVX2");
    againstC(source("int main(void) { return 0 }")).assertRefused("error: expected");
    againstC(source("int main(void) { return 3; }")).assertRefused("exit status 3");
    againstC(source("int main(void) { return 0; }"))
        .assertRefused("expected it to print a line of limit.c for warm");
    againstC(folder.resolve("none.c")).assertRefused("none.c");
  }

  @Test
  void withoutACompilerOneLineSaysHowToGiveOne() throws Exception {
    String how = ": install one, or give one by CC=COMMAND in the environment\n";
    assertEquals(
        "pagewalk: bench: --against-c: found no C compiler 'cc'" + how, withoutCompilers(null));
    assertEquals(
        "pagewalk: bench: --against-c: found no C compiler 'other-cc', which CC names" + how,
        withoutCompilers("other-cc -m64"));
  }

  @Test
  void theCompilerMayHaveOptions() throws IOException {
    Path script = Files.writeString(folder.resolve("cc.sh"), "echo error: \"$@\"; exit 1");
    Path file = Path.of("limit.c");
    String told =
        assertThrows(
                InputException.class,
                () -> new BenchInC(" sh " + script + "  -m64 -g ", file, folder))
            .getMessage();
    String program = folder.resolve("limit").toString();
    assertEquals("limit.c: error: -m64 -g -O3 -mavx2 -o " + program + " limit.c", told);
  }

  @Test
  void faultsHasALineForEachWorkloadOfTheSidesAndTheRatiosOfThoseThatBothHave() throws IOException {
    assumeTrue(hasCompiler(), "there is no C compiler cc with AVX2");
    String lines = "demand-zero     2000.0 ns\\nfork              90.0 ns";
    Path other = source("int puts(const char *); int main(void) { puts(\"" + lines + "\"); }");
    CommandRun run =
        CommandRun.of("bench", "--faults", "--against-c=" + other, "--rounds=1", "--passes=1");
    assertEquals(0, run.status(), run.err());
    assertTrue(run.out().startsWith("c\ndemand-zero     2000.0 ns\n"), run.out());
    String line = " +\\d+\\.\\d ns\n";
    for (String workload : List.of("zero-read", "zero-cow", "cow", "reuse", "swap-out", "unmap")) {
      assertEquals(2, run.out().split("\n" + workload + line, -1).length - 1, run.out());
    }
    String ratio = " +\\d+\\.\\d{3} +\\d+\\.\\d{3}\n";
    assertTrue(
        run.out().matches("(?s).*\nratios +kernel +machine\ndemand-zero" + ratio + "fork" + ratio),
        run.out());
  }

  @Test
  void badArgumentsAreRefused() {
    CommandRun.of("bench", "--workloads", "hot,tepid").assertRefused("expected rng, hot, warm");
    CommandRun.of("bench", "--rounds", "0").assertRefused("--rounds: expected 1 to 64, not '0'");
    CommandRun.of("bench", "--rounds", "65").assertRefused("expected 1 to 64");
    CommandRun.of("bench", "--passes", "100").assertRefused("--passes: expected 1 to 99");
    CommandRun.of("bench", "hot").assertRefused("unexpected argument 'hot'");
  }

  @Test
  void withoutTheLauncherThereAreNoBenchmarks() {
    System.clearProperty(CLASS_PATH);
    CommandRun.of("bench").assertRefused("start it with ./pagewalk");
    System.setProperty(CLASS_PATH, folder.toString());
    CommandRun.of("bench").assertRefused("JMH failed: Error: Could not find or load main class");
  }

  /** What the command says where no program is on the PATH, and {@code cc} in $CC if not null. */
  private String withoutCompilers(String cc) throws IOException, InterruptedException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    String classPath = System.getProperty("java.class.path");
    ProcessBuilder builder =
        new ProcessBuilder(
            java.toString(),
            "-cp",
            classPath,
            "-D" + CLASS_PATH + "=" + classPath,
            "dev.pagewalk.cli.Main",
            "bench",
            "--against-c");
    builder.environment().put("PATH", folder.toString());
    builder.environment().remove("CC");
    if (cc != null) {
      builder.environment().put("CC", cc);
    }
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(2, process.waitFor(), output);
    return output;
  }

  private static CommandRun againstC(Path source, String... more) {
    List<String> args = new ArrayList<>(List.of("bench", "--against-c=" + source));
    args.addAll(List.of("--workloads=warm", "--rounds=1", "--passes=1"));
    args.addAll(List.of(more));
    return CommandRun.of(args.toArray(String[]::new));
  }

  /**
   * A round of C at a bad moment, and one of ours, say little; what is next to each other counts.
   */
  @Test
  void ratiosAreThoseOfRoundsNextToEachOther() {
    BenchResult result = new BenchResult("warm");
    List<Double> ours = List.of(20.0, 60.0, 30.0, 21.0);
    List<Double> theirs = List.of(10.0, 40.0, 30.0, 10.0);
    result.add(BenchPass.of(line("30.00"), ours, line("30.00"), theirs));
    result.add(BenchPass.of(line("30.00"), List.of(36.0), line("20.00"), List.of(20.0)));
    assertEquals(List.of(2.0, 1.5, 1.0, 2.1, 1.8), result.ratios());
    String text = printed(out -> BenchOutput.text(out, List.of(result)));
    String last =
        """
        Java by C: medians, and quartiles, of 5 interleaved rounds
        warm         1.80     1.50 to 2.00
        """;
    assertTrue(text.endsWith(last), text);
    String json = printed(out -> BenchOutput.json(out, List.of(result), 4));
    String ratios = "\"ratio\":1.800,\"ratios\":[2.000,1.500,1.000,2.100,1.800],";
    assertTrue(json.contains(ratios), json);
  }

  @Test
  void aProgramThatDoesNotKnowOfTurnsIsComparedAsAWhole() {
    BenchPass pass = BenchPass.of(line("30.00"), List.of(1.0, 2.0), line("20.00"), List.of());
    assertEquals(List.of(1.5), pass.ratios());
    assertEquals(List.of(3.25, 4.0), BenchInC.rounds("round 3.25 ns\n" + WARM + "\nround 4.00 ns"));
  }

  private static String withoutTime(String line) {
    return line.replaceFirst("\\d+\\.\\d\\d ns", "");
  }

  private static BenchLine line(String ns) {
    return BenchLine.find("warm", "warm  " + ns + " ns  " + WARM).orElseThrow();
  }

  /** What passes of our side that took so long would come to. */
  private static BenchResult result(String... nanoseconds) {
    BenchResult result = new BenchResult("warm");
    for (String ns : nanoseconds) {
      result.add(BenchPass.alone(line(ns)));
    }
    return result;
  }

  private static String printed(Consumer<PrintStream> output) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    output.accept(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private Path source(String text) throws IOException {
    return Files.writeString(folder.resolve("other.c"), text);
  }

  private static boolean hasCompiler() {
    try {
      List<String> command = List.of("cc", "-mavx2", "-E", "-x", "c", "/dev/null");
      return ChildProcess.run(command).status() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
