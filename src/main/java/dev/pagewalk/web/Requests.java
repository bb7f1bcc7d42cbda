package dev.pagewalk.web;

import java.util.List;
import java.util.Locale;

/** What programs may send: the bodies of requests. */
final class Requests {
  private static final int MOST_STATEMENTS = 1000;

  private Requests() {}

  private static void need(Object value, String key) {
    if (value == null) {
      throw new IllegalArgumentException("expected the key " + key);
    }
  }

  private static void checkSize(List<String> statements) {
    if (statements.size() > MOST_STATEMENTS) {
      throw new IllegalArgumentException("expected at most " + MOST_STATEMENTS + " statements");
    }
  }

  /**
   * A new machine.
   *
   * @param preset the name of a ready-made scenario; null for none
   * @param scenario the text of a scenario; null for none
   * @param statements done after the scenario's setup; null for none
   */
  record NewMachine(String preset, String scenario, List<String> statements) {
    NewMachine {
      if (preset != null && scenario != null) {
        throw new IllegalArgumentException("expected preset or scenario, not both");
      }
      statements = statements == null ? List.of() : List.copyOf(statements);
    }
  }

  /**
   * Statements, done in their order up to the first that cannot be.
   *
   * @param statements lines
   */
  record Statements(List<String> statements) {
    Statements {
      need(statements, "statements");
      statements = List.copyOf(statements);
      checkSize(statements);
    }
  }

  /**
   * An access.
   *
   * @param process its name
   * @param kind read, write or fetch
   * @param address a number as text
   * @param value what is written; null for 0
   * @param as user, supervisor or supervisor-ac; null for user
   */
  record Access(String process, String kind, String address, String value, String as) {
    Access {
      need(process, "process");
      need(kind, "kind");
      need(address, "address");
    }

    /** The statement. */
    String line() {
      String who = as == null ? "user" : as.toLowerCase(Locale.ROOT);
      boolean write = kind.equals("write");
      String verb =
          switch (who) {
            case "user" -> kind;
            case "supervisor", "supervisor-ac" -> "k" + kind;
            default ->
                throw new Problem(
                    400, "Not an access", "as: expected user, supervisor or supervisor-ac");
          };
      String what = write && who.equals("user") && value != null ? " " + value : "";
      return join(verb, process, address) + what + (who.equals("supervisor-ac") ? " ac" : "");
    }
  }

  /**
   * A bit of an entry to be flipped in physical memory.
   *
   * @param process its name
   * @param address a linear address that the entry is used for
   * @param level pml4, pdpt, pd or pt
   * @param bit 0 to 63
   * @param invlpg whether the TLB is told; null for no
   */
  record Bit(String process, String address, String level, Integer bit, Boolean invlpg) {
    Bit {
      need(process, "process");
      need(address, "address");
      need(level, "level");
      need(bit, "bit");
    }

    /** The statement. */
    String line() {
      String told = invlpg != null && invlpg ? " invlpg" : "";
      return join("flip", process, address, level, bit.toString()) + told;
    }
  }

  /**
   * A register to be written.
   *
   * @param register as cr4 or cr4.smep
   * @param value a number as text
   */
  record Register(String register, String value) {
    Register {
      need(register, "register");
      need(value, "value");
    }

    /** The statement. */
    String line() {
      return join("set", register, value);
    }
  }

  /**
   * A system call.
   *
   * @param call as mmap, munmap, mprotect, madvise, fork, exit or pkey
   * @param process that makes it
   * @param arguments further words, as in a statement; null for none
   */
  record Syscall(String call, String process, List<String> arguments) {
    private static final List<String> CALLS =
        List.of("mmap", "munmap", "mprotect", "madvise", "fork", "exit", "pkey");

    Syscall {
      need(call, "call");
      need(process, "process");
      arguments = arguments == null ? List.of() : List.copyOf(arguments);
      if (!CALLS.contains(call)) {
        throw new IllegalArgumentException("call: expected one of " + String.join(", ", CALLS));
      }
    }

    /** The statement. */
    String line() {
      return join(call, process) + (arguments.isEmpty() ? "" : " " + String.join(" ", arguments));
    }
  }

  /** Words of one line; what would make more of them is no word. */
  private static String join(String... words) {
    for (String word : words) {
      if (word.isEmpty() || word.chars().anyMatch(Character::isWhitespace)) {
        throw new Problem(400, "Not a statement", "expected words without blanks");
      }
    }
    return String.join(" ", words);
  }
}
