package dev.pagewalk.trace;

import java.util.Locale;

/** The formats of traces, by the names that the command line uses. */
public enum TraceFormat {
  /** Our own: binary, compact, checked to the last byte. */
  PWT("pwt"),

  /** Text, as {@code valgrind --tool=lackey --trace-mem=yes} prints it. */
  LACKEY("lackey"),

  /** Text, the input of the cache simulator Dinero. */
  DIN("din"),

  /** Binary instructions of 64 bytes, as ChampSim's tracer writes them. */
  CHAMPSIM("champsim"),

  /** Binary instructions of 96 bytes, ChampSim's variant for CloudSuite. */
  CLOUDSUITE("cloudsuite"),

  /** Text, as DynamoRIO's {@code drrun -t drmemtrace -tool view} prints it. */
  DRMEMTRACE("drmemtrace"),

  /** Text, {@code pid,op,address[,size]}. */
  CSV("csv");

  private final String word;

  TraceFormat(String word) {
    this.word = word;
  }

  /** The name, as {@code --format} takes it. */
  public String word() {
    return word;
  }

  /** Whether traces can be written in it. */
  public boolean isWritten() {
    return this == PWT || this == CSV || this == LACKEY || this == DIN;
  }

  /**
   * The format that a file's name asks for by its suffix, {@code .pwt}, {@code .csv}, {@code
   * .lackey} or {@code .din}, before the suffix of a compression; null if by none.
   */
  public static TraceFormat ofName(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    String plain = Compression.ofName(lower).strip(lower);
    for (TraceFormat format : values()) {
      if (format.isWritten() && plain.endsWith("." + format.word)) {
        return format;
      }
    }
    return null;
  }

  /** The names of all formats, for messages. */
  public static String words() {
    var text = new StringBuilder();
    for (TraceFormat format : values()) {
      text.append(text.isEmpty() ? "" : ", ").append(format.word);
    }
    return text.toString();
  }

  /**
   * The format with a name.
   *
   * @throws IllegalArgumentException if there is none; the message says which there are
   */
  public static TraceFormat of(String word) {
    String lower = word.toLowerCase(Locale.ROOT);
    for (TraceFormat format : values()) {
      if (format.word.equals(lower)) {
        return format;
      }
    }
    throw new IllegalArgumentException("expected one of " + words() + "; found " + Quote.of(word));
  }
}
