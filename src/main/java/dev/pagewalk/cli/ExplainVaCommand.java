package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.explain.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code pagewalk explain va}: a linear address, split as a walk splits it. */
final class ExplainVaCommand extends Explainer {
  private static final Level[] PAGES = {Level.PT, Level.PD, Level.PDPT};

  private final PositionalParamSpec address =
      argument("ADDRESS", "the linear address, 0x and hex digits or decimal", new Numbers.Word());

  private final OptionSpec la57 = flag("--la57", "with 5-level paging (default: 4-level)");

  ExplainVaCommand(Terminal terminal) {
    super(terminal, "A linear address: canonical or not, its indices and offsets.");
  }

  private AddressExplanation explanation() {
    return new AddressExplanation(address.<Long>getValue(), isSet(la57));
  }

  @Override
  void text(Page page) {
    AddressExplanation va = explanation();
    long address = va.address();
    page.title(Hex.of(address) + " with " + va.paging()).gap();
    page.sentences(va.sentences());
    List<String[]> indices = new ArrayList<>();
    for (Level level : va.levels()) {
      int index = level.index(address);
      String table = indices.isEmpty() ? "root" : level.name();
      indices.add(
          new String[] {
            level.name(),
            AddressExplanation.bits(level),
            Integer.toString(index),
            Hex.of(index),
            level.entryName() + " at " + table + " + " + Hex.of(8L * index),
          });
    }
    page.title("Indices").table(indices);
    List<String[]> offsets = new ArrayList<>();
    for (Level level : PAGES) {
      offsets.add(
          new String[] {
            Words.size(level.span()),
            Hex.of(address & -level.span()),
            "+ " + Hex.of(address & (level.span() - 1)),
          });
    }
    page.title("Page and offset, by page size").table(offsets);
    page.title("Linear-address masking").table(masked(va));
  }

  private static List<String[]> masked(AddressExplanation va) {
    List<String[]> rows = new ArrayList<>();
    for (AddressExplanation.Masking masking : va.maskings()) {
      String becomes =
          masking.result() == va.address()
              ? "changes nothing"
              : "makes it " + Hex.of(masking.result());
      rows.add(
          new String[] {
            masking.name(),
            becomes + (masking.canonical() ? ", canonical" : ", not canonical: #GP"),
          });
    }
    return rows;
  }

  @Override
  void json(JsonLines json) {
    AddressExplanation va = explanation();
    long address = va.address();
    json.begin()
        .hex("address", address)
        .number("width", va.width())
        .flag("canonical", va.isCanonical())
        .flag("canonical48", LinearAddress.isCanonical(address, 48))
        .flag("canonical57", LinearAddress.isCanonical(address, 57))
        .text("half", va.half())
        .texts("sentences", va.sentences())
        .beginArray("indices");
    for (Level level : va.levels()) {
      json.begin()
          .text("level", level.name().toLowerCase(Locale.ROOT))
          .number("high", level.shift() + 8L)
          .number("low", level.shift())
          .number("index", level.index(address))
          .hex("entry_offset", 8L * level.index(address))
          .end();
    }
    json.endArray().beginArray("offsets");
    for (Level level : PAGES) {
      json.begin()
          .number("size", level.span())
          .hex("page", address & -level.span())
          .hex("offset", address & (level.span() - 1))
          .end();
    }
    json.endArray().beginArray("lam");
    for (AddressExplanation.Masking masking : va.maskings()) {
      json.begin()
          .text("name", masking.name())
          .hex("address", masking.result())
          .flag("canonical", masking.canonical())
          .end();
    }
    json.endArray().end();
  }
}
