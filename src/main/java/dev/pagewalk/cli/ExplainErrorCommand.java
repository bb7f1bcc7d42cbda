package dev.pagewalk.cli;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.explain.ErrorExplanation;
import picocli.CommandLine.Model.PositionalParamSpec;

/** {@code pagewalk explain error}: the error code of a page fault, in words. */
final class ExplainErrorCommand extends Explainer {
  private final PositionalParamSpec code =
      argument(
          "CODE", "the error code, 32 bits, 0x and hex digits or decimal", new Numbers.Word32());

  ExplainErrorCommand(Terminal terminal) {
    super(terminal, "The error code of a page fault: what happened.");
  }

  @Override
  void text(Page page) {
    var error = new ErrorExplanation(code.<Integer>getValue());
    page.title("#PF error code " + Hex.of(word(error)) + " = " + error.names()).gap();
    page.sentences(error.sentences());
    if (!error.contradictions().isEmpty()) {
      page.title("No processor reports this").list(error.contradictions());
    } else {
      page.title("Possible causes").list(error.causes());
    }
    page.title("Bits").fields(ErrorCode.FIELDS, word(error));
  }

  @Override
  void json(JsonLines json) {
    var error = new ErrorExplanation(code.<Integer>getValue());
    json.begin()
        .hex("code", word(error))
        .text("names", error.names())
        .flag("possible", error.contradictions().isEmpty())
        .texts("sentences", error.sentences())
        .texts("causes", error.causes())
        .texts("contradictions", error.contradictions());
    ExplainJson.fields(json, ErrorCode.FIELDS, word(error));
    json.end();
  }

  private static long word(ErrorExplanation error) {
    return Integer.toUnsignedLong(error.code());
  }
}
