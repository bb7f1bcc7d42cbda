package dev.pagewalk.trace;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.IntToLongFunction;

/**
 * Traces by name, as a user names them: a file in any format, compressed or not; {@code -} for
 * standard input; or a generator, {@code zipf:pages=1024,count=1M,seed=7}.
 */
public final class TraceFiles {
  /** The name of standard input and output. */
  public static final String STANDARD = "-";

  private TraceFiles() {}

  /**
   * Opens a trace with {@link TraceOptions#standard}.
   *
   * @see #open(String, TraceOptions)
   */
  public static TraceReader open(String name) throws IOException {
    return open(name, TraceOptions.standard());
  }

  /**
   * Opens a trace. A generator or a file can be opened again and gives the same accesses; standard
   * input cannot.
   *
   * @param name a file, {@code -}, or a generator
   * @return its reader, which the caller closes
   * @throws InputException if there is no such file or generator, or a parameter is wrong
   * @throws TraceException if nobody knows the file's format, or its beginning is damaged
   */
  public static TraceReader open(String name, TraceOptions options) throws IOException {
    if (name.equals(STANDARD)) {
      return open(TraceInput.stream("standard input", options.input()), options);
    }
    if (isGenerator(name)) {
      return Generators.open(name);
    }
    if (Generators.looksLikeGenerator(name) && !Files.exists(Path.of(name))) {
      throw Generators.unknown(name);
    }
    return open(TraceInput.file(name), options);
  }

  /** Whether {@code name} is a generator's; a file of the same name is asked for by a path. */
  public static boolean isGenerator(String name) {
    return Generators.isGenerator(name);
  }

  /**
   * Begins a file. It is there, whole, when the writer has finished, and not before; what was there
   * is replaced. It is compressed if its name ends with {@code .gz}, {@code .xz} or {@code .zst}.
   *
   * @param format the format, or null to go by the name's suffix
   * @param ids the id of each process in the system that was traced, by its number
   * @throws InputException if the file cannot be begun, or the name does not tell the format
   */
  public static TraceWriter create(String name, TraceFormat format, IntToLongFunction ids)
      throws IOException {
    TraceFormat chosen = format == null ? TraceFormat.ofName(name) : format;
    if (chosen == null) {
      throw new InputException(
          name, "", "expected a name that ends with .pwt, .csv, .lackey or .din, or a format");
    }
    refuseUnwritten(chosen);
    var file = new AtomicOutput(name);
    try {
      return new TraceFileWriter(
          file, writer(chosen, Compression.ofName(name).compress(file.stream(), name), ids));
    } catch (IOException | RuntimeException | Error e) {
      file.discard();
      throw e;
    }
  }

  /**
   * Begins a trace in a format, to any stream.
   *
   * @param out where it goes, uncompressed; closed with the writer
   * @param ids the id of each process in the system that was traced, by its number
   */
  public static TraceWriter writer(TraceFormat format, OutputStream out, IntToLongFunction ids)
      throws IOException {
    refuseUnwritten(format);
    return switch (format) {
      case CSV -> new CsvWriter(out, ids);
      case LACKEY -> new LackeyWriter(out);
      case DIN -> new DinWriter(out);
      default -> new PwtWriter(out, ids);
    };
  }

  private static void refuseUnwritten(TraceFormat format) throws InputException {
    if (!format.isWritten()) {
      throw new InputException(
          "expected a format that is written: pwt, csv, lackey or din; found " + format.word());
    }
  }

  private static TraceReader open(TraceInput input, TraceOptions options) throws IOException {
    try {
      TraceFormat format = options.format();
      return reader(format == null ? Recognition.of(input) : format, input, options);
    } catch (IOException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  private static TraceReader reader(TraceFormat format, TraceInput input, TraceOptions options)
      throws IOException {
    return switch (format) {
      case PWT -> new PwtReader(input);
      case LACKEY -> new LackeyReader(input, options);
      case CSV -> new CsvReader(input, options);
      case DIN -> new DinReader(input, options);
      case DRMEMTRACE -> new DrmemtraceReader(input, options);
      case CHAMPSIM -> new ChampSimReader(input, options, ChampSimReader.Layout.CHAMPSIM);
      case CLOUDSUITE -> new ChampSimReader(input, options, ChampSimReader.Layout.CLOUDSUITE);
    };
  }
}
