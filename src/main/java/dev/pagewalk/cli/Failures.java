package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Puts what went wrong into one line that names the argument or file and what was expected. */
final class Failures {
  private static final int LONGEST_LINE = 500;
  private static final int LONGEST_ARGUMENT = 60;

  private Failures() {}

  /** A line about arguments: {@code explain entry: --level: expected …, not 'x'}. */
  static String badUsage(ParameterException e) {
    String command = e.getCommandLine().getCommandSpec().qualifiedName();
    String message =
        switch (e) {
          case UnmatchedArgumentException unmatched -> unmatched(unmatched);
          case MissingParameterException missing -> missing(missing);
          case OverwrittenOptionException twice ->
              label(twice.getOverwritten()) + ": given more than once";
          default -> badValue(e);
        };
    int space = command.indexOf(' ');
    return space < 0 ? message : command.substring(space + 1) + ": " + message;
  }

  /** A line about a file: an {@link InputException} says it itself. */
  static String badInput(IOException e) {
    return switch (e) {
      case FileSystemException f -> InputException.of(f.getFile(), f).getMessage();
      default -> e.getMessage() == null ? e.toString() : e.getMessage();
    };
  }

  /** {@code 'text'}, shortened if it is long. */
  static String quote(String text) {
    boolean fits = text.length() <= LONGEST_ARGUMENT;
    return "'" + (fits ? text : text.substring(0, LONGEST_ARGUMENT) + "...") + "'";
  }

  /** {@code text} without control characters, shortened if it is long. */
  static String oneLine(String text) {
    var line = new StringBuilder();
    for (int i = 0; i < text.length() && line.length() < LONGEST_LINE; i++) {
      char c = text.charAt(i);
      switch (c) {
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> line.append(Character.isISOControl(c) || isLineSeparator(c) ? '?' : c);
      }
    }
    return line.toString();
  }

  private static boolean isLineSeparator(char c) {
    return c == '\u2028' || c == '\u2029';
  }

  private static String unmatched(UnmatchedArgumentException e) {
    String argument = e.getUnmatched().get(0);
    boolean group = !e.getCommandLine().getSubcommands().isEmpty();
    if (isNegativeNumber(argument)) {
      return quote(argument) + ": numbers are unsigned: expected 0x and hex digits, or decimal";
    }
    String message;
    if (argument.startsWith("-")) {
      message = "unknown option " + quote(argument);
    } else if (group) {
      String names = String.join(", ", e.getCommandLine().getSubcommands().keySet());
      message = "unknown command " + quote(argument) + ": expected one of " + names;
    } else {
      message = "unexpected argument " + quote(argument);
    }
    List<String> suggestions = e.getSuggestions();
    return suggestions.isEmpty()
        ? message
        : message + "; did you mean " + quote(suggestions.get(0)) + "?";
  }

  private static String missing(MissingParameterException e) {
    if (e.getMissing().isEmpty()) {
      return e.getMessage();
    }
    ArgSpec arg = e.getMissing().get(0);
    String[] description = arg.description();
    String expected = description.length == 0 ? "" : ": " + description[0];
    return arg instanceof OptionSpec && e.getMessage().contains("required parameter for option")
        ? label(arg) + ": expected a value " + arg.paramLabel() + expected
        : "missing " + label(arg) + expected;
  }

  private static String badValue(ParameterException e) {
    ArgSpec arg = e.getArgSpec();
    String message = e.getMessage();
    if (arg == null) {
      return message.startsWith("Error: ") ? message.substring("Error: ".length()) : message;
    }
    int colon = message.indexOf("): ");
    if (colon < 0) {
      colon = message.indexOf("': ");
    }
    boolean ours = message.startsWith("Invalid value for ") && colon >= 0;
    return label(arg) + ": " + (ours ? message.substring(colon + 3) : message);
  }

  private static String label(ArgSpec arg) {
    return arg instanceof OptionSpec option ? option.longestName() : arg.paramLabel();
  }

  private static boolean isNegativeNumber(String argument) {
    return argument.length() > 1
        && argument.charAt(0) == '-'
        && argument.charAt(1) >= '0'
        && argument.charAt(1) <= '9';
  }
}
