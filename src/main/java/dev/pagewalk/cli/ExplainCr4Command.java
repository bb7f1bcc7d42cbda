package dev.pagewalk.cli;

import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk explain cr4}: the register that turns features of paging on. */
@Command(name = "cr4", description = "A value of CR4: what is on, and what of it paging looks at.")
final class ExplainCr4Command implements Callable<Integer> {
  /** Bits that rules of 4-level and 5-level paging read. */
  private static final long PAGING =
      Cr4.PAE
          | Cr4.PGE
          | Cr4.LA57
          | Cr4.PCIDE
          | Cr4.SMEP
          | Cr4.SMAP
          | Cr4.PKE
          | Cr4.CET
          | Cr4.PKS
          | Cr4.LASS
          | Cr4.LAM_SUP;

  private final Terminal terminal;

  @Parameters(
      paramLabel = "VALUE",
      description = "the register's 64 bits, 0x and hex digits or decimal",
      converter = Numbers.Word.class)
  private long value;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  ExplainCr4Command(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    if (asJson) {
      json();
      return Main.OK;
    }
    Page page = new Page(terminal.style());
    page.title(Numbers.hex(value) + " as CR4").gap().sentences(sentences());
    page.title("Set, and paging looks at it").table(rows(true, true));
    page.title("Clear, though paging would look at it").table(rows(true, false));
    page.title("Set, and no matter to paging").table(rows(false, true));
    terminal.out().print(page);
    return Main.OK;
  }

  private void json() {
    try (var json = new JsonLines(terminal.out())) {
      json.begin()
          .hex("value", value)
          .hex("paging", value & PAGING)
          .hex("reserved_set", reservedSet())
          .texts("sentences", sentences());
      ExplainJson.fields(json, Cr4.FIELDS, value);
      json.end();
    }
  }

  private List<String[]> rows(boolean paging, boolean set) {
    List<String[]> rows = new ArrayList<>();
    for (Field field : Cr4.FIELDS) {
      boolean wanted =
          field.role() == Field.Role.DEFINED
              && ((field.mask() & PAGING) != 0) == paging
              && ((field.mask() & value) != 0) == set;
      if (wanted) {
        rows.add(new String[] {field.position(), field.name(), field.meaning()});
      }
    }
    if (rows.isEmpty()) {
      rows.add(new String[] {"none", "", ""});
    }
    return rows;
  }

  private List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    if (reservedSet() != 0) {
      sentences.add(
          "MOV to CR4 refuses it with #GP(0): "
              + Words.setFields(Cr4.FIELDS, reservedSet())
              + " must be 0.");
    }
    if ((value & Cr4.PAE) == 0) {
      sentences.add("PAE = 0: neither 4-level nor 5-level paging can be in use.");
    } else {
      sentences.add(
          (value & Cr4.LA57) != 0
              ? "In IA-32e mode this is 5-level paging, with 57-bit linear addresses."
              : "In IA-32e mode this is 4-level paging, with 48-bit linear addresses.");
    }
    return sentences;
  }

  private long reservedSet() {
    long bits = 0;
    for (Field field : Cr4.FIELDS) {
      bits |= field.role() == Field.Role.RESERVED ? value & field.mask() : 0;
    }
    return bits;
  }
}
