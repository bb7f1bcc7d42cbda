package dev.pagewalk.cli;

import dev.pagewalk.trace.AccessBatch;
import dev.pagewalk.trace.Quantity;
import dev.pagewalk.trace.TraceFiles;
import dev.pagewalk.trace.TraceFormat;
import dev.pagewalk.trace.TraceOptions;
import dev.pagewalk.trace.TraceReader;
import dev.pagewalk.trace.TraceSummary;
import dev.pagewalk.trace.TraceWriter;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk convert}: writes a trace in another format, and says what is in it. */
@Command(
    name = "convert",
    description = {
      "Reads a trace, says what is in it, and writes it in another format if OUTPUT is given."
    })
final class ConvertCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      index = "0",
      paramLabel = "TRACE",
      description =
          "a file, compressed or not; - for standard input; or a generator, such as"
              + " zipf:pages=1024,count=1M,seed=7")
  private String trace;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUTPUT",
      description =
          "the file to write, compressed if it ends with .gz, .xz or .zst; - for standard output")
  private String output;

  @Option(
      names = {"--from", "--format"},
      converter = FormatName.class,
      paramLabel = "FORMAT",
      description =
          "the format of TRACE: pwt, lackey, din, champsim, cloudsuite, drmemtrace or csv (default:"
              + " recognised)")
  private TraceFormat from;

  @Option(
      names = "--to",
      converter = FormatName.class,
      paramLabel = "FORMAT",
      description =
          "the format of OUTPUT: pwt, csv, lackey or din (default: by the suffix of its name)")
  private TraceFormat to;

  @Option(
      names = "--skip-malformed",
      description = "count malformed lines and records and pass over them (default: stop)")
  private boolean skipMalformed;

  @Option(
      names = "--limit",
      converter = Count.class,
      paramLabel = "N",
      description = "the first N accesses only; 1M is a million")
  private long limit = Long.MAX_VALUE;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Spec private CommandSpec command;

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    boolean toStandardOutput = TraceFiles.STANDARD.equals(output);
    if (to != null && output == null) {
      throw new ParameterException(command.commandLine(), "expected OUTPUT with --to");
    }
    if (to == null && toStandardOutput) {
      throw new ParameterException(command.commandLine(), "expected --to with OUTPUT -");
    }
    var options = new TraceOptions(from, skipMalformed, System.in);
    var summary = new TraceSummary();
    List<String> losses;
    TraceReader used;
    try (TraceReader reader = TraceFiles.open(trace, options)) {
      used = reader;
      if (output == null) {
        copy(reader, null, summary);
        losses = List.of();
      } else {
        try (TraceWriter writer = writer(reader, toStandardOutput)) {
          copy(reader, writer, summary);
          writer.finish();
          losses = writer.losses();
        }
      }
    }
    var report = new ConvertReport(trace, used, summary, output, losses);
    if (asJson) {
      report.json(toStandardOutput ? terminal.err() : terminal.out());
    } else {
      report.text(toStandardOutput ? terminal.err() : terminal.out(), terminal.style());
    }
    return Main.OK;
  }

  private TraceWriter writer(TraceReader reader, boolean toStandardOutput) throws IOException {
    if (!toStandardOutput) {
      return TraceFiles.create(output, to, reader::processId);
    }
    return TraceFiles.writer(to, new Uncloseable(terminal.out()), reader::processId);
  }

  private void copy(TraceReader reader, TraceWriter writer, TraceSummary summary)
      throws IOException {
    if (!terminal.interactive() || asJson) {
      copy(reader, writer, summary, null);
      return;
    }
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName("convert")
            .setInitialMax(-1)
            .setUnit("k", 1000)
            .showSpeed()
            .setUpdateIntervalMillis(100)
            .setStyle(ProgressBarStyle.ASCII)
            .clearDisplayOnFinish()
            .build()) {
      copy(reader, writer, summary, bar);
    }
  }

  private void copy(TraceReader reader, TraceWriter writer, TraceSummary summary, ProgressBar bar)
      throws IOException {
    AccessBatch batch = new AccessBatch();
    long left = limit;
    while (left > 0 && reader.read(batch)) {
      batch.size = (int) Math.min(batch.size, left);
      left -= batch.size;
      summary.add(batch);
      if (writer != null) {
        writer.write(batch);
      }
      if (bar != null) {
        long done = summary.accesses();
        double progress = reader.progress();
        bar.maxHint(progress > 0 ? (long) (done / progress) : -1);
        bar.stepTo(done);
      }
    }
  }

  /** The name of a format. */
  static final class FormatName implements ITypeConverter<TraceFormat> {
    @Override
    public TraceFormat convert(String name) {
      try {
        return TraceFormat.of(name);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(e.getMessage());
      }
    }
  }

  /** A number of accesses. */
  static final class Count implements ITypeConverter<Long> {
    @Override
    public Long convert(String text) {
      Long count = Quantity.parse(text);
      if (count == null || count < 0) {
        throw new TypeConversionException(
            "expected a number such as 1000 or 1M, not " + Failures.quote(text));
      }
      return count;
    }
  }

  /** Standard output, which stays open. */
  private static final class Uncloseable extends FilterOutputStream {
    Uncloseable(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
