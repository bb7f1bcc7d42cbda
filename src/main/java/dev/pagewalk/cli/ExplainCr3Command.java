package dev.pagewalk.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk explain cr3}: the register that holds the root of the paging structures. */
@Command(name = "cr3", description = "A value of CR3: the root table and what goes with it.")
final class ExplainCr3Command implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "VALUE",
      description = "the register's 64 bits, 0x and hex digits or decimal",
      converter = Numbers.Word.class)
  private long value;

  @Option(names = "--pcide", description = "while CR4.PCIDE = 1 (default: 0)")
  private boolean pcide;

  @Option(
      names = "--maxphyaddr",
      paramLabel = "N",
      description = "width of a physical address in bits, 36 to 52 (default: 52)",
      converter = Numbers.MaxPhyAddr.class)
  private int maxPhyAddr = 52;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  ExplainCr3Command(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var cr3 = new Cr3Explanation(value, pcide, maxPhyAddr);
    if (asJson) {
      json(cr3);
    } else {
      Page page = new Page(terminal.style());
      page.title(Numbers.hex(value) + " as CR3 while CR4.PCIDE = " + (pcide ? 1 : 0)).gap();
      page.drawing(cr3.fields(), value).gap();
      page.sentences(cr3.sentences());
      page.title("Bits").fields(cr3.fields(), value);
      terminal.out().print(page);
    }
    return Main.OK;
  }

  private void json(Cr3Explanation cr3) {
    try (var json = new JsonLines(terminal.out())) {
      json.begin()
          .hex("value", value)
          .flag("pcide", pcide)
          .number("maxphyaddr", maxPhyAddr)
          .hex("root", cr3.root())
          .hex("reserved_set", cr3.reservedSet())
          .texts("sentences", cr3.sentences());
      ExplainJson.fields(json, cr3.fields(), value);
      json.end();
    }
  }
}
