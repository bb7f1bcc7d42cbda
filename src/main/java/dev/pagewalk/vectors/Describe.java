package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Actions, outcomes and words as text for a person. */
final class Describe {
  private Describe() {}

  static String action(Action action) {
    return switch (action) {
      case Action.Touch touch -> {
        AccessKind kind = touch.access().kind();
        String implicit = touch.access().mode() == Mode.IMPLICIT_SUPERVISOR ? "implicit " : "";
        yield implicit
            + kind.name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + (" " + touch.size() + " at " + Hex.of(touch.access().linearAddress()))
            + (", CPL " + touch.cpl())
            + (touch.access().ac() ? ", AC 1" : "");
      }
      case Action.Store store ->
          "store " + Hex.of(store.value()) + " at physical " + Hex.of(store.pa());
      case Action.Invlpg invlpg -> "INVLPG " + Hex.of(invlpg.va());
      case Action.Invpcid invpcid ->
          "INVPCID type "
              + invpcid.operand().type()
              + (", PCID " + Hex.of(invpcid.operand().pcid()))
              + (", address " + Hex.of(invpcid.operand().linearAddress()));
      case Action.MovCr0 mov -> "MOV CR0, " + Hex.of(mov.value());
      case Action.MovCr3 mov -> "MOV CR3, " + Hex.of(mov.value());
      case Action.MovCr4 mov -> "MOV CR4, " + Hex.of(mov.value());
      case Action.Wrpkru wrpkru -> "WRPKRU " + Hex.of(wrpkru.value());
      case Action.Wrmsr wrmsr -> "WRMSR " + Hex.of(wrmsr.msr()) + ", " + Hex.of(wrmsr.value());
    };
  }

  static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> "no exception";
      case Outcome.Reached reached -> "physical address " + Hex.of(reached.physicalAddress());
      case Outcome.PageFault fault ->
          "#PF error " + Hex.of(fault.error()) + ", CR2 " + Hex.of(fault.cr2());
      case Outcome.InvalidOpcode invalid -> "#UD";
      case Outcome.Fault fault -> fault.vector() + " error 0x0";
    };
  }

  static String outcomes(List<Outcome> allowed) {
    StringJoiner text = new StringJoiner(" or ");
    for (Outcome outcome : allowed) {
      text.add(outcome(outcome));
    }
    return text.toString();
  }
}
