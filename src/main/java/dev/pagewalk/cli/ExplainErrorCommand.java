package dev.pagewalk.cli;

import dev.pagewalk.arch.ErrorCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pagewalk explain error}: the error code of a page fault, in words. */
@Command(name = "error", description = "The error code of a page fault: what happened.")
final class ExplainErrorCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Parameters(
      paramLabel = "CODE",
      description = "the error code, 32 bits, 0x and hex digits or decimal",
      converter = Numbers.Word32.class)
  private int code;

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  ExplainErrorCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    var explanation = new ErrorExplanation(code);
    if (asJson) {
      json(explanation);
    } else {
      terminal.out().print(text(explanation));
    }
    return Main.OK;
  }

  private Page text(ErrorExplanation error) {
    Page page = new Page(terminal.style());
    page.title("#PF error code " + Numbers.hex(word()) + " = " + error.names()).gap();
    page.sentences(error.sentences());
    if (!error.contradictions().isEmpty()) {
      page.title("No processor reports this").list(error.contradictions());
    } else {
      page.title("Possible causes").list(error.causes());
    }
    page.title("Bits").fields(ErrorCode.FIELDS, word());
    return page;
  }

  private void json(ErrorExplanation error) {
    try (var json = new JsonLines(terminal.out())) {
      json.begin()
          .hex("code", word())
          .text("names", error.names())
          .flag("possible", error.contradictions().isEmpty())
          .texts("sentences", error.sentences())
          .texts("causes", error.causes())
          .texts("contradictions", error.contradictions());
      ExplainJson.fields(json, ErrorCode.FIELDS, word());
      json.end();
    }
  }

  private long word() {
    return Integer.toUnsignedLong(code);
  }
}
