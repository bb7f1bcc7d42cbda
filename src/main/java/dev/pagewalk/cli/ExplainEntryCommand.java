package dev.pagewalk.cli;

import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk explain entry}: a paging-structure entry, bit by bit. */
@Command(name = "entry", description = "A paging-structure entry: what it allows, bit by bit.")
final class ExplainEntryCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "VALUE",
      description = "the entry's 64 bits, 0x and hex digits or decimal",
      converter = Numbers.Word.class)
  private long value;

  @Option(
      names = "--level",
      paramLabel = "LEVEL",
      description = "where the entry stands: pml5, pml4, pdpt, pd or pt (default: pt)",
      converter = LevelName.class)
  private Level level = Level.PT;

  @Option(
      names = "--maxphyaddr",
      paramLabel = "N",
      description = "width of a physical address in bits, 36 to 52 (default: 52)",
      converter = Numbers.MaxPhyAddr.class)
  private int maxPhyAddr = 52;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  ExplainEntryCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var explanation = new EntryExplanation(value, EntryKind.of(value, level), maxPhyAddr);
    if (asJson) {
      json(explanation);
    } else {
      terminal.out().print(text(explanation));
    }
    return Main.OK;
  }

  private Page text(EntryExplanation entry) {
    Page page = new Page(terminal.style());
    page.title(Numbers.hex(value) + " at the " + level + ": " + entry.title()).gap();
    page.drawing(entry.fields(), value).gap();
    page.sentences(entry.sentences());
    if (!entry.notes().isEmpty()) {
      page.gap().list(entry.notes());
    }
    if (entry.isPresent()) {
      page.title("Bits").fields(entry.fields(), value);
    }
    page.title("With one bit flipped").table(rows(EntryFlip.of(entry)));
    return page;
  }

  private static List<String[]> rows(List<EntryFlip> flips) {
    List<String[]> rows = new ArrayList<>();
    for (EntryFlip flip : flips) {
      rows.add(
          new String[] {
            flip.field().position(), flip.field().name(), flip.change(), flip.effect()
          });
    }
    return rows;
  }

  private void json(EntryExplanation entry) {
    try (var json = new JsonLines(terminal.out())) {
      json.begin()
          .hex("value", value)
          .text("level", level.name().toLowerCase(Locale.ROOT))
          .text("kind", entry.kind().name())
          .text("table", entry.kind().table())
          .number("maxphyaddr", maxPhyAddr)
          .flag("present", entry.isPresent())
          .hex("reserved_set", entry.reservedSet());
      if (entry.isPresent()) {
        json.text("references", entry.kind().isLeaf() ? "page" : "table")
            .hex("address", entry.address())
            .number("span", level.span());
      }
      json.text("title", entry.title())
          .texts("sentences", entry.sentences())
          .texts("notes", entry.notes());
      ExplainJson.fields(json, entry.fields(), value);
      json.beginArray("flips");
      for (EntryFlip flip : EntryFlip.of(entry)) {
        json.begin()
            .text("name", flip.field().name())
            .number("high", flip.field().high())
            .number("low", flip.field().low())
            .text("change", flip.change())
            .text("effect", flip.effect())
            .end();
      }
      json.endArray().end();
    }
  }

  /** A level as the command line names it. */
  static final class LevelName implements ITypeConverter<Level> {
    @Override
    public Level convert(String text) {
      return switch (text) {
        case "pml5" -> Level.PML5;
        case "pml4" -> Level.PML4;
        case "pdpt" -> Level.PDPT;
        case "pd" -> Level.PD;
        case "pt" -> Level.PT;
        default ->
            throw new TypeConversionException(
                "expected pml5, pml4, pdpt, pd or pt, not " + Failures.quote(text));
      };
    }
  }
}
