package dev.pagewalk.cli;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.explain.Words;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.Translation;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import dev.pagewalk.vectors.LeafFlags;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk walk}: addresses through the page tables of a memory image. */
@Command(
    name = "walk",
    description = {
      "Linear addresses through the page tables of a memory image.",
      "Without --access the translation alone is asked for: no right is checked and no bit set."
          + " With it the access is made, under the registers given; what it marks accessed or"
          + " dirty holds for the addresses after it, and never reaches the file.",
      "Flags are those of the entry that maps the page: X no-execute, G global, P bit 7, D dirty,"
          + " A accessed, C cache disable, T write-through, U user, W writable."
    })
final class WalkCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private MachineOptions options;

  @Option(
      names = "--access",
      converter = Kind.class,
      paramLabel = "KIND",
      description = "make this access: read, write or fetch")
  private AccessKind kind;

  @Option(
      names = "--as",
      converter = AsName.class,
      paramLabel = "HOW",
      description =
          "with --access read or write: implicit, as to a GDT or a TSS, a supervisor-mode access"
              + " whatever CPL is; or shadow-stack, by shadow-stack machinery")
  private As as;

  @ArgGroup private Privilege privilege;

  private static final class Privilege {
    @SuppressWarnings("UnusedVariable") // It is there to exclude the other.
    @Option(names = "--user", description = "the access is made at CPL 3 (default)")
    private boolean user;

    @Option(names = "--supervisor", description = "the access is made at CPL 0")
    private boolean supervisor;
  }

  @Option(names = "--ac", description = "RFLAGS.AC is 1 at the access")
  private boolean ac;

  @Option(names = "--explain", description = "show every step of each walk")
  private boolean explain;

  @Option(names = "--json", description = "one JSON object a line for a program")
  private boolean asJson;

  @Option(
      names = "--addresses",
      paramLabel = "FILE",
      description = "read addresses from this file, one a line; - is standard input")
  private String addressFile;

  @Parameters(
      paramLabel = "VA",
      arity = "0..*",
      description = "linear addresses, 0x and hex digits or decimal")
  private List<String> addresses = List.of();

  @Spec private CommandSpec command;

  private long outsideImage;

  WalkCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    if (addressFile == null && addresses.isEmpty()) {
      throw usage("expected linear addresses, or --addresses FILE");
    }
    if (kind == null && (privilege != null || ac)) {
      throw usage("expected --access read, write or fetch with --user, --supervisor or --ac");
    }
    if (as != null && kind != AccessKind.READ && kind != AccessKind.WRITE) {
      throw usage("expected --access read or write with --as");
    }
    MachineOptions.Machine machine = options.machine();
    Registers registers = machine.registers();
    if (as == As.SHADOW_STACK && !(registers.wp() && (registers.cr4() & Cr4.CET) != 0)) {
      throw usage("--as shadow-stack: expected CR0.WP and CR4.CET to be 1");
    }
    List<long[]> blocks = new ArrayList<>(List.of(arguments()));
    if (addressFile != null) {
      blocks.addAll(AddressList.read(addressFile, System.in));
    }
    try (PhysicalMemory memory = options.memory();
        JsonLines json = asJson ? new JsonLines(terminal.out()) : null) {
      ReferenceWalk walk = new ReferenceWalk(memory, machine.cpu(), machine.registers());
      for (long[] block : blocks) {
        for (long va : block) {
          answer(walk, json, va);
        }
      }
    }
    if (outsideImage > 0) {
      terminal
          .err()
          .println(
              "pagewalk: note: walks that ended at a table outside the image: " + outsideImage);
    }
    return Main.OK;
  }

  private long[] arguments() {
    long[] values = new long[addresses.size()];
    for (int i = 0; i < values.length; i++) {
      try {
        values[i] = Numbers.parse(addresses.get(i), Long.SIZE);
      } catch (TypeConversionException e) {
        throw usage("VA: " + e.getMessage());
      }
    }
    return values;
  }

  private void answer(ReferenceWalk walk, JsonLines json, long va) {
    boolean user = privilege == null || !privilege.supervisor;
    WalkResult result;
    if (kind == null) {
      result = walk.translate(va);
    } else {
      Mode byCpl = user ? Mode.USER : Mode.SUPERVISOR;
      Mode mode = as == As.IMPLICIT ? Mode.IMPLICIT_SUPERVISOR : byCpl;
      AccessKind made = as == As.SHADOW_STACK ? kind.ofShadowStack() : kind;
      result = walk.access(Access.of(va, made, mode).withAc(ac));
    }
    outsideImage += leavesImage(result) ? 1 : 0;
    if (asJson) {
      json(json, va, result);
    } else {
      terminal.out().print(text(va, result));
    }
  }

  private void json(JsonLines json, long va, WalkResult result) {
    json.begin().text("va", Hex.word(va));
    if (result.outcome() instanceof Outcome.Reached(long pa)) {
      Translation translation = result.translation().orElseThrow();
      json.hex("pa", pa)
          .number("size", translation.pageBytes())
          .text("flags", LeafFlags.of(translation.entry()));
    } else {
      json.absent("pa").absent("size").absent("flags");
    }
    if (kind != null && result.outcome() instanceof Outcome.Fault fault) {
      int error = fault instanceof Outcome.PageFault page ? page.error() : 0;
      json.text("exception", fault.vector()).number("error", error);
    }
    if (explain) {
      json.beginArray("steps");
      for (WalkStep step : result.steps()) {
        json.begin().texts("lines", WalkExplanation.lines(step)).end();
      }
      json.endArray();
    }
    json.end();
  }

  private String text(long va, WalkResult result) {
    Style style = terminal.style();
    StringBuilder text = new StringBuilder(style.name(Hex.word(va)));
    if (result.outcome() instanceof Outcome.Reached(long pa)) {
      Translation translation = result.translation().orElseThrow();
      text.append(" -> ").append(style.strong(Hex.of(pa)));
      text.append("  ").append(Words.size(translation.pageBytes()));
      text.append("  ").append(LeafFlags.of(translation.entry()));
    } else if (kind == null) {
      text.append(" -> ").append(style.bad("no translation: " + reason(result)));
    } else {
      String hole = leavesImage(result) ? " (" + reason(result) + ")" : "";
      text.append(" -> ").append(style.bad(WalkExplanation.outcome(result.outcome()) + hole));
    }
    text.append('\n');
    if (explain) {
      for (WalkStep step : result.steps()) {
        for (String line : WalkExplanation.lines(step)) {
          text.append("  ").append(line).append('\n');
        }
      }
    }
    return text.toString();
  }

  /** Why there is no translation, from the step that ended the walk. */
  private static String reason(WalkResult result) {
    WalkStep.EntryRead last = lastRead(result);
    if (last == null) {
      return "the address is not canonical";
    }
    if (last.inHole()) {
      return name(last) + " lies outside the image";
    }
    boolean present = Entry.has(last.entry(), Entry.P);
    return name(last) + (present ? " sets a reserved bit" : " is not present");
  }

  private static boolean leavesImage(WalkResult result) {
    WalkStep.EntryRead last = lastRead(result);
    return last != null && last.inHole();
  }

  private static WalkStep.EntryRead lastRead(WalkResult result) {
    WalkStep.EntryRead last = null;
    for (WalkStep step : result.steps()) {
      if (step instanceof WalkStep.EntryRead read) {
        last = read;
      }
    }
    return last;
  }

  private static String name(WalkStep.EntryRead read) {
    return "the " + read.kind().level().entryName() + " at " + Hex.of(read.physicalAddress());
  }

  private ParameterException usage(String message) {
    return new ParameterException(command.commandLine(), message);
  }

  /** How an access is made that is no ordinary one. */
  enum As {
    /** As to a GDT, LDT, IDT or TSS. */
    IMPLICIT,
    /** By shadow-stack machinery. */
    SHADOW_STACK
  }

  /** The name of such a way. */
  static final class AsName implements ITypeConverter<As> {
    @Override
    public As convert(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "implicit" -> As.IMPLICIT;
        case "shadow-stack" -> As.SHADOW_STACK;
        default ->
            throw new TypeConversionException(
                "expected implicit or shadow-stack, not " + Failures.quote(name));
      };
    }
  }

  /** The kind of an access. */
  static final class Kind implements ITypeConverter<AccessKind> {
    @Override
    public AccessKind convert(String name) {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case "read" -> AccessKind.READ;
        case "write" -> AccessKind.WRITE;
        case "fetch" -> AccessKind.FETCH;
        default ->
            throw new TypeConversionException(
                "expected read, write or fetch, not " + Failures.quote(name));
      };
    }
  }
}
