package dev.pagewalk.vectors;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Outcome;
import java.util.Optional;

/** An outcome of format 1 while its keys are read. */
final class OutcomeDraft {
  private long reached = -1;
  private String exception;
  private long error = -1;
  private Optional<Long> cr2 = Optional.empty();

  /** Reads the value of {@code key}; false, and nothing read, if no outcome has such a key. */
  boolean take(Cursor in, String key) throws InputException {
    switch (key) {
      case "pa" -> reached = in.hex();
      case "exception" -> exception = in.string();
      case "error" -> error = in.hex();
      case "cr2" -> cr2 = Optional.of(in.hex());
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Whether no key has been read. */
  boolean isEmpty() {
    return exception == null && reached < 0 && error < 0 && cr2.isEmpty();
  }

  /** The outcome, whose closing brace has been read: an address or an exception. */
  Outcome outcome(Cursor in) throws InputException {
    if (exception == null) {
      if (reached < 0 || error >= 0 || cr2.isPresent()) {
        throw in.expected("expected {\"pa\"} or {\"exception\", ...}");
      }
      return new Outcome.Reached(reached);
    }
    if (reached >= 0) {
      throw in.expected("expected either pa or exception");
    }
    boolean paging = exception.equals("#PF");
    if (cr2.isPresent() != paging) {
      throw in.expected("expected cr2 with #PF and with nothing else");
    }
    if (paging && error >= 0 && error >>> 31 == 0) {
      return new Outcome.PageFault((int) error, cr2.orElseThrow());
    }
    return fault(in);
  }

  private Outcome fault(Cursor in) throws InputException {
    return switch (exception) {
      case "#PF" -> throw in.expected("expected an error code of up to 31 bits with #PF");
      case "#GP", "#SS" -> {
        if (error != 0) {
          throw in.expected("expected error \"0x0\" with " + exception);
        }
        yield exception.equals("#GP") ? new Outcome.GeneralProtection() : new Outcome.StackFault();
      }
      case "#UD" -> {
        if (error >= 0) {
          throw in.expected("expected no error code with #UD");
        }
        yield new Outcome.InvalidOpcode();
      }
      default ->
          throw in.expected(
              "unknown exception \"" + exception + "\"; expected #PF, #GP, #SS or #UD");
    };
  }
}
