package dev.pagewalk.cli;

import dev.pagewalk.machine.tables.TableComparison;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceReader;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk tables}: what page tables of other shapes would read and weigh for a trace. */
@Command(
    name = "tables",
    description = {
      "Compares page tables for a trace: radix trees of 1 to 5 levels, hashed and inverted tables."
          + " For each: 8-byte words read by a walk, and bytes of all tables at the end. Each walks"
          + " where a small TLB misses."
    })
final class TablesCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "TRACE",
      description =
          "a file of any known format, - for standard input, or a generator as"
              + " zipf:pages=1024,count=1M")
  private String trace;

  @Option(
      names = "--tlb-entries",
      converter = Count.class,
      paramLabel = "N",
      description =
          "entries of the TLB before the tables: 4 times a power of two, or 0, so that each access"
              + " walks (default: 64)")
  private long tlbEntries = 64;

  @Option(
      names = "--frames",
      converter = Count.class,
      paramLabel = "N",
      description =
          "page frames of main memory, a power of two up to 2^26, for the tables whose size goes"
              + " by it (default: 262144, 1 GiB)")
  private long frames = 1 << 18;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  TablesCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException {
    TableComparison comparison = comparison();
    try (TraceReader reader = TraceFiles.open(trace)) {
      comparison.run(reader);
    }
    if (asJson) {
      json(comparison);
    } else {
      text(comparison);
    }
    return Main.OK;
  }

  private TableComparison comparison() {
    try {
      return new TableComparison((int) tlbEntries, frames);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(command.commandLine(), e.getMessage(), e);
    }
  }

  private void text(TableComparison comparison) {
    PrintStream out = terminal.out();
    out.println(
        terminal
            .style()
            .strong(
                Page.pad("table", 15)
                    + "  words a walk  most       walks      misses           bytes  shape"));
    for (TableComparison.Row row : comparison.rows()) {
      out.printf(
          Locale.ROOT,
          "%s  %12.3f  %4d  %,10d  %,10d  %,14d  %s%n",
          Page.pad(row.name(), 15),
          row.wordsPerWalk(),
          row.mostWords(),
          row.walks(),
          row.misses(),
          row.bytes(),
          row.shape());
    }
    out.printf(
        Locale.ROOT,
        "%,d accesses; a miss is a page's first use, or one that the table had lost%n",
        comparison.accesses());
  }

  private void json(TableComparison comparison) {
    try (JsonLines json = new JsonLines(terminal.out())) {
      json.begin()
          .text("trace", trace)
          .number("accesses", comparison.accesses())
          .beginArray("tables");
      for (TableComparison.Row row : comparison.rows()) {
        json.begin()
            .text("table", row.name())
            .text("shape", row.shape())
            .number("walks", row.walks())
            .number("misses", row.misses())
            .number("words", row.words())
            .number("most_words", row.mostWords())
            .number("bytes", row.bytes())
            .end();
      }
      json.endArray().end();
    }
  }

  /** A number of entries or frames. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      long value = Numbers.parse(text, 64);
      if (value < 0 || value > 1L << 26) {
        throw new TypeConversionException(
            "expected a number up to 2^26, not " + Failures.quote(text));
      }
      return value;
    }
  }
}
