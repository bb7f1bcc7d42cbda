package dev.pagewalk.cli;

import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.explain.Words;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code pagewalk explain cr4}: the register that turns features of paging on. */
final class ExplainCr4Command extends Explainer {
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

  private final PositionalParamSpec argument =
      argument("VALUE", "the register's 64 bits, 0x and hex digits or decimal", new Numbers.Word());

  ExplainCr4Command(Terminal terminal) {
    super(terminal, "A value of CR4: what is on, and what of it paging looks at.");
  }

  @Override
  void text(Page page) {
    long value = argument.<Long>getValue();
    page.title(Hex.of(value) + " as CR4").gap().sentences(sentences(value));
    page.title("Set, and paging looks at it").table(rows(value, true, true));
    page.title("Clear, though paging would look at it").table(rows(value, true, false));
    page.title("Set, and no matter to paging").table(rows(value, false, true));
  }

  @Override
  void json(JsonLines json) {
    long value = argument.<Long>getValue();
    json.begin()
        .hex("value", value)
        .hex("paging", value & PAGING)
        .hex("reserved_set", reservedSet(value))
        .texts("sentences", sentences(value));
    ExplainJson.fields(json, Cr4.FIELDS, value);
    json.end();
  }

  private static List<String[]> rows(long value, boolean paging, boolean set) {
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

  private static List<String> sentences(long value) {
    List<String> sentences = new ArrayList<>();
    if (reservedSet(value) != 0) {
      sentences.add(
          "MOV to CR4 refuses it with #GP(0): "
              + Words.setFields(Cr4.FIELDS, reservedSet(value))
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

  private static long reservedSet(long value) {
    long bits = 0;
    for (Field field : Cr4.FIELDS) {
      bits |= field.role() == Field.Role.RESERVED ? value & field.mask() : 0;
    }
    return bits;
  }
}
