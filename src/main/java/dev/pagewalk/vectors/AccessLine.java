package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;

/**
 * A line of {@code access.jsonl}: an access tried by the machine, and what came of it.
 *
 * @param access what was tried
 * @param result what came of it, in the form that {@link #result(Outcome)} gives, for comparison
 */
record AccessLine(Access access, String result) {
  /** Reads one. */
  static AccessLine parse(Cursor in) throws InputException {
    long va = 0;
    AccessKind kind = AccessKind.READ;
    int cpl = 3;
    String result = null;
    int error = -1;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      switch (key) {
        case "va" -> va = in.paddedHex();
        case "access" -> kind = kind(in);
        case "cpl" -> cpl = in.number(0, 3);
        case "result" -> result = in.string();
        case "error" -> error = in.number(0, Integer.MAX_VALUE);
        default -> throw in.expected("unknown key; expected va, access, cpl, result or error");
      }
    }
    in.end();
    in.at("result");
    boolean ok = "ok".equals(result);
    boolean fault = "#PF".equals(result) || "#GP".equals(result);
    if (!(ok && error < 0) && !(fault && error >= 0)) {
      throw in.expected("expected ok, or #PF or #GP with an error");
    }
    Access access = Access.of(va, kind, Mode.atCpl(cpl));
    return new AccessLine(access, ok ? result : result + " " + error);
  }

  /** What we say of an outcome. */
  static String result(Outcome outcome) {
    return switch (outcome) {
      case Outcome.PageFault fault -> "#PF " + fault.error();
      case Outcome.Fault fault -> fault.vector() + " 0";
      default -> "ok";
    };
  }

  private static AccessKind kind(Cursor in) throws InputException {
    return switch (in.string()) {
      case "r" -> AccessKind.READ;
      case "w" -> AccessKind.WRITE;
      case "x" -> AccessKind.FETCH;
      default -> throw in.expected("expected r, w or x, found " + in.found());
    };
  }
}
