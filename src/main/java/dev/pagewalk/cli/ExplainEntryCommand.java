package dev.pagewalk.cli;

import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.explain.EntryExplanation;
import dev.pagewalk.explain.EntryFlip;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.TypeConversionException;

/** {@code pagewalk explain entry}: a paging-structure entry, bit by bit. */
final class ExplainEntryCommand extends Explainer {
  private final PositionalParamSpec value =
      argument("VALUE", "the entry's 64 bits, 0x and hex digits or decimal", new Numbers.Word());

  private final OptionSpec level =
      option(
          OptionSpec.builder("--level")
              .paramLabel("LEVEL")
              .description("where the entry stands: pml5, pml4, pdpt, pd or pt (default: pt)")
              .initialValue(Level.PT),
          new LevelName());

  private final OptionSpec maxPhyAddr = maxPhyAddr();

  ExplainEntryCommand(Terminal terminal) {
    super(terminal, "A paging-structure entry: what it allows, bit by bit.");
  }

  private EntryExplanation explanation() {
    long entry = value.<Long>getValue();
    EntryKind kind = EntryKind.of(entry, level.<Level>getValue());
    return new EntryExplanation(entry, kind, maxPhyAddr.<Integer>getValue());
  }

  @Override
  void text(Page page) {
    EntryExplanation entry = explanation();
    String level = entry.kind().level().name();
    page.title(Hex.of(entry.entry()) + " at the " + level + ": " + entry.title()).gap();
    page.drawing(entry.fields(), entry.entry()).gap();
    page.sentences(entry.sentences());
    if (!entry.notes().isEmpty()) {
      page.gap().list(entry.notes());
    }
    if (entry.isPresent()) {
      page.title("Bits").fields(entry.fields(), entry.entry());
    }
    page.title("With one bit flipped").table(rows(EntryFlip.of(entry)));
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

  @Override
  void json(JsonLines json) {
    EntryExplanation entry = explanation();
    Level level = entry.kind().level();
    json.begin()
        .hex("value", entry.entry())
        .text("level", level.name().toLowerCase(Locale.ROOT))
        .text("kind", entry.kind().name())
        .text("table", entry.kind().table())
        .number("maxphyaddr", entry.maxPhyAddr())
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
    ExplainJson.fields(json, entry.fields(), entry.entry());
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
