package dev.pagewalk.trace;

import dev.pagewalk.arch.InputException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The generators by name: {@code zipf:pages=1024,count=1M,seed=7}. The same text makes the same
 * trace, on every machine. {@code docs/traces.md}, "Generators", has all of them.
 */
final class Generators {
  private static final Pattern NAME = Pattern.compile("[a-z]+");
  private static final Set<String> NAMES =
      Set.of("sequential", "stride", "loop", "uniform", "zipf", "phases", "chase", "mix");
  private static final String LIST =
      "sequential, stride, loop, uniform, zipf, phases, chase or mix";

  private static final long STANDARD_COUNT = 1_000_000;
  private static final long STANDARD_PAGES = 1024;
  private static final long STANDARD_BASE = 0x1000_0000;

  /** Pages of the largest region, and of the largest that needs a table. */
  private static final long MOST_PAGES = 1L << 40;

  private static final long MOST_TABLE_PAGES = 1L << 24;

  /** The end of the highest region: the lower half of 57-bit linear addresses. */
  private static final long MOST_ADDRESS = 1L << 56;

  private static final int MOST_MESSAGE = 80;

  private Generators() {}

  /** Whether {@code name} names a generator, rather than a file. */
  static boolean isGenerator(String name) {
    Matcher word = NAME.matcher(name);
    return word.lookingAt()
        && NAMES.contains(word.group())
        && (word.end() == name.length() || ":+".indexOf(name.charAt(word.end())) >= 0);
  }

  /** Whether {@code name} looks as if a generator was meant, which there is not. */
  static boolean looksLikeGenerator(String name) {
    int colon = name.indexOf(':');
    return colon > 0
        && name.indexOf('=', colon) > 0
        && NAME.matcher(name.substring(0, colon)).matches();
  }

  /** A refusal of a name that {@link #looksLikeGenerator}. */
  static InputException unknown(String name) {
    return new InputException(shorten(name), "", "expected a file or a generator: " + LIST);
  }

  /** {@code text}, cut off if long, for a message. */
  static String shorten(String text) {
    return text.length() <= MOST_MESSAGE ? text : text.substring(0, MOST_MESSAGE) + "…";
  }

  /**
   * The trace that {@code text} describes.
   *
   * @throws InputException if a parameter is wrong: which, and what was expected
   */
  static TraceReader open(String text) throws InputException {
    String[] sections = text.split("\\+", -1);
    String kind = kind(text, sections[0]);
    Parameters parameters = parameters(text, sections[0]);
    if (kind.equals("mix")) {
      return mix(text, sections, parameters);
    }
    if (sections.length > 1) {
      throw parameters.refusal("expected mix: before parts that are joined by +");
    }
    boolean once = kind.equals("sequential");
    long pages = parameters.number("pages", STANDARD_PAGES, 1, MOST_PAGES);
    long count = parameters.number("count", once ? pages : STANDARD_COUNT, 0, Long.MAX_VALUE);
    int processes = (int) parameters.number("processes", 1, 1, AccessBatch.LAST_PROCESS + 1L);
    long slice = parameters.number("slice", 1000, 1, Long.MAX_VALUE);
    if (parameters.has("processes") && parameters.has("process")) {
      throw parameters.refusal("expected process or processes; found both");
    }
    long seed = parameters.number("seed", 1, 0, -1);
    GeneratedPart[] parts = new GeneratedPart[processes];
    for (int i = 0; i < processes; i++) {
      long ownSeed = i == 0 ? seed : SplitMix.derive(seed, 100L + i);
      parts[i] = part(kind, parameters, ownSeed, i);
    }
    parameters.done();
    return new GeneratedTrace(parts, count, slice);
  }

  private static TraceReader mix(String text, String[] sections, Parameters parameters)
      throws InputException {
    long count = parameters.number("count", STANDARD_COUNT, 0, Long.MAX_VALUE);
    long seed = parameters.number("seed", 1, 0, -1);
    long run = parameters.number("run", 1, 1, Long.MAX_VALUE);
    parameters.done();
    if (sections.length < 2) {
      throw parameters.refusal("expected mix:…+generator:…+generator:…");
    }
    List<GeneratedPart> parts = new ArrayList<>();
    double[] weights = new double[sections.length - 1];
    for (int i = 1; i < sections.length; i++) {
      String kind = kind(text, sections[i]);
      Parameters own = parameters(text, sections[i]);
      if (kind.equals("mix")) {
        throw own.refusal("expected no mix within a mix");
      }
      weights[i - 1] = own.decimal("weight", 1, 0, 1e9);
      long ownSeed = own.number("seed", SplitMix.derive(seed, 100L + i), 0, -1);
      parts.add(part(kind, own, ownSeed, 0));
      own.done();
    }
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    if (sum == 0) {
      throw parameters.refusal("expected a weight above 0");
    }
    var turns = new GeneratedTrace.Turns(count, run);
    return new GeneratedTrace(parts.toArray(new GeneratedPart[0]), turns, weights, seed);
  }

  private static String kind(String text, String section) throws InputException {
    int colon = section.indexOf(':');
    String kind = colon < 0 ? section : section.substring(0, colon);
    if (!NAMES.contains(kind)) {
      throw new InputException(shorten(text), "", "expected " + LIST + "; found " + Quote.of(kind));
    }
    return kind;
  }

  private static Parameters parameters(String text, String section) throws InputException {
    int colon = section.indexOf(':');
    return new Parameters(text, colon < 0 ? "" : section.substring(colon + 1));
  }

  private static GeneratedPart part(String kind, Parameters parameters, long seed, int number)
      throws InputException {
    long pages = parameters.number("pages", STANDARD_PAGES, 1, MOST_PAGES);
    long base = parameters.number("base", STANDARD_BASE, 0, MOST_ADDRESS);
    if (base + (pages << AddressStream.PAGE_SHIFT) > MOST_ADDRESS) {
      throw parameters.refusal("expected base and pages to end below 2^56");
    }
    int size = (int) parameters.number("size", 8, 1, AccessBatch.MOST_BYTES);
    int process = (int) parameters.number("process", number, 0, AccessBatch.LAST_PROCESS);
    double write = parameters.decimal("write", 0, 0, 1);
    double fetch = parameters.decimal("fetch", 0, 0, 1);
    if (write + fetch > 1) {
      throw parameters.refusal("expected write and fetch to be at most 1 together");
    }
    var shares = new GeneratedPart.Shares(write, fetch, seed);
    int read = AccessBatch.what(AccessBatch.READ, size, process);
    return new GeneratedPart(stream(kind, parameters, pages, seed), base, shares, read);
  }

  private static AddressStream stream(String kind, Parameters parameters, long pages, long seed)
      throws InputException {
    long bytes = pages << AddressStream.PAGE_SHIFT;
    long page = 1L << AddressStream.PAGE_SHIFT;
    return switch (kind) {
      case "sequential", "loop" ->
          new SteppingStream(bytes, parameters.number("step", page, 1, bytes));
      case "stride" ->
          new SteppingStream(
              bytes, parameters.number("stride", Math.min(bytes, 2 * page), 1, bytes));
      case "uniform" -> new UniformStream(pages, seed);
      case "zipf" -> {
        double exponent = parameters.decimal("s", 1, 0, 20);
        boolean shuffle = parameters.flag("shuffle");
        yield new ZipfStream(table(parameters, pages), exponent, shuffle, seed);
      }
      case "phases" -> {
        int all = table(parameters, pages);
        int set = (int) parameters.number("set", Math.max(1, pages / 8), 1, pages);
        long length = parameters.number("length", 100_000, 1, Long.MAX_VALUE);
        yield new PhaseStream(all, set, length, seed);
      }
      case "chase" -> new ChaseStream(table(parameters, pages), seed);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  /** The pages of a generator that keeps a table of them. */
  private static int table(Parameters parameters, long pages) throws InputException {
    if (pages > MOST_TABLE_PAGES) {
      throw parameters.refusal("expected pages up to 16,777,216");
    }
    return (int) pages;
  }
}
