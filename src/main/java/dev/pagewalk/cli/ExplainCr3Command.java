package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code pagewalk explain cr3}: the register that holds the root of the paging structures. */
final class ExplainCr3Command extends Explainer {
  private final PositionalParamSpec value =
      argument("VALUE", "the register's 64 bits, 0x and hex digits or decimal", new Numbers.Word());

  private final OptionSpec pcide = flag("--pcide", "while CR4.PCIDE = 1 (default: 0)");
  private final OptionSpec maxPhyAddr = maxPhyAddr();

  ExplainCr3Command(Terminal terminal) {
    super(terminal, "A value of CR3: the root table and what goes with it.");
  }

  private Cr3Explanation explanation() {
    return new Cr3Explanation(value.<Long>getValue(), isSet(pcide), maxPhyAddr.<Integer>getValue());
  }

  @Override
  void text(Page page) {
    Cr3Explanation cr3 = explanation();
    String mode = " as CR3 while CR4.PCIDE = " + (cr3.pcide() ? 1 : 0);
    page.title(Hex.of(cr3.value()) + mode).gap();
    page.drawing(cr3.fields(), cr3.value()).gap();
    page.sentences(cr3.sentences());
    page.title("Bits").fields(cr3.fields(), cr3.value());
  }

  @Override
  void json(JsonLines json) {
    Cr3Explanation cr3 = explanation();
    json.begin()
        .hex("value", cr3.value())
        .flag("pcide", cr3.pcide())
        .number("maxphyaddr", cr3.maxPhyAddr())
        .hex("root", cr3.root())
        .hex("reserved_set", cr3.reservedSet())
        .texts("sentences", cr3.sentences());
    ExplainJson.fields(json, cr3.fields(), cr3.value());
    json.end();
  }
}
