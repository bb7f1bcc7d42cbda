package dev.pagewalk.cli;

import dev.pagewalk.trace.AtomicOutput;
import dev.pagewalk.vectors.Generation;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.zip.GZIPOutputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk generate}: vectors from the reference walk, the same bytes for a seed. */
@Command(
    name = "generate",
    description = {
      "Writes vectors of format 1 that the reference walk answers, and says which rules, and which"
          + " pairs of rules that can stand in the way of one access, they show."
    })
final class GenerateCommand implements Callable<Integer> {
  private static final String ALL = "all";

  private final Terminal terminal;

  @Option(
      names = "--group",
      paramLabel = "NAMES",
      split = ",",
      description =
          "all, or some of: rules, five-level, crossing, lam, shadow-stack-pages, structure-cache,"
              + " ad-races, tlb, registers, sequences, implicit-supervisor,"
              + " shadow-stack-accesses (default: all)")
  private List<String> groups = List.of(ALL);

  @Option(
      names = "--seed",
      converter = FuzzCommand.Whole.class,
      paramLabel = "N",
      description = "of what is left to chance (default: 1)")
  private long seed = 1;

  @Option(
      names = "--count",
      converter = Count.class,
      paramLabel = "N",
      description = "how many vectors, of the groups in turn; 1 to 10000000 (default: 1000)")
  private int count = 1000;

  @Option(
      names = "--smoke",
      converter = Count.class,
      paramLabel = "N",
      description =
          "pick at most N of them: the fewest that show every rule, every pair of rules and every"
              + " switch of docs/corpus.md that all of them show; what is left of N goes to"
              + " situations")
  private int smoke;

  @Option(
      names = "--from",
      paramLabel = "FILE",
      split = ",",
      description = "with --smoke: pick from these vectors too")
  private List<Path> from = List.of();

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "where they are written, NAME.jsonl or NAME.jsonl.gz (default: standard output)")
  private String out;

  @Option(names = "--json", description = "the coverage as one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  GenerateCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    List<String> chosen = groups.equals(List.of(ALL)) ? Generation.groups() : groups;
    chosen.forEach(this::check);
    if (smoke == 0 && !from.isEmpty()) {
      throw new ParameterException(command.commandLine(), "--from: expected --smoke beside it");
    }
    Generation generation =
        new Generation(new Generation.Options(chosen, seed, count, smoke, from));
    if (out == null) {
      tell(generation.run(terminal.out(), _ -> {}), terminal.err());
    } else {
      tell(write(generation), terminal.out());
    }
    return Main.OK;
  }

  private void check(String group) {
    if (!Generation.groups().contains(group)) {
      throw new ParameterException(
          command.commandLine(),
          "--group: expected all or some of "
              + String.join(", ", Generation.groups())
              + ", not "
              + Failures.quote(group));
    }
  }

  private Generation.Result write(Generation generation) throws IOException {
    AtomicOutput file = new AtomicOutput(out);
    boolean done = false;
    try {
      Generation.Result result;
      try (OutputStream stream =
          out.endsWith(".gz") ? new GZIPOutputStream(file.stream()) : file.stream()) {
        ProgressLine progress = new ProgressLine(terminal, asJson);
        result =
            generation.run(
                stream,
                soFar ->
                    progress.tell(
                        () -> String.format(Locale.ROOT, "%,d of %,d vectors", soFar, count)));
        progress.clear();
      }
      file.commit();
      done = true;
      return result;
    } finally {
      if (!done) {
        file.discard();
      }
    }
  }

  // --- telling ---

  private void tell(Generation.Result result, PrintStream to) {
    if (asJson) {
      json(result, to);
      return;
    }
    result.groups().forEach((group, vectors) -> line(to, group, Integer.toString(vectors)));
    to.println();
    line(to, "rules shown", result.rulesShown() + " of " + result.rules());
    line(to, "pairs of rules shown", result.pairsShown() + " of " + result.pairs());
    result.missing().forEach(missing -> line(to, "  not shown", missing));
    if (result.switches() > 0) {
      int caught = result.switches() - result.missed().size();
      line(to, "switches caught", caught + " of " + result.switches());
      result.missed().forEach(missed -> line(to, "  not caught", missed));
    } else {
      line(to, "situations", Integer.toString(result.situations()));
    }
    to.printf(Locale.ROOT, "%d vectors, seed %d%n", result.vectors(), seed);
  }

  private static void line(PrintStream to, String name, String value) {
    to.printf(Locale.ROOT, "%-24s %s%n", name, value);
  }

  private void json(Generation.Result result, PrintStream to) {
    try (JsonLines json = new JsonLines(to)) {
      json.begin().number("vectors", result.vectors()).number("seed", seed).begin("groups");
      result.groups().forEach(json::number);
      json.end()
          .number("rules", result.rules())
          .number("rules_shown", result.rulesShown())
          .number("pairs", result.pairs())
          .number("pairs_shown", result.pairsShown())
          .texts("not_shown", result.missing())
          .number("situations", result.situations())
          .number("switches", result.switches())
          .texts("not_caught", result.missed())
          .end();
    }
  }

  /** A number of vectors. */
  static final class Count implements ITypeConverter<Integer> {
    private static final int MOST = 10_000_000;

    @Override
    public Integer convert(String text) {
      long value = Numbers.parse(text, 63);
      if (value < 1 || value > MOST) {
        throw new TypeConversionException(
            "expected 1 to " + MOST + ", not " + Failures.quote(text));
      }
      return (int) value;
    }
  }
}
