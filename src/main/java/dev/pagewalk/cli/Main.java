package dev.pagewalk.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Starts the command line: {@code pagewalk COMMAND …}. */
public final class Main {
  /** Exit status: all well. */
  public static final int OK = 0;

  /** Exit status: the answer is no. */
  public static final int NO = 1;

  /** Exit status: bad usage or bad input, told in one line. */
  public static final int BAD_INPUT = 2;

  /** Exit status: a bug of ours. */
  public static final int INTERNAL_ERROR = 3;

  /** Exit status: the reader of standard output went away, as shells report it (128 + SIGPIPE). */
  public static final int BROKEN_PIPE = 141;

  private Main() {}

  /** Runs one command and leaves the JVM with its exit status. */
  public static void main(String[] args) {
    System.exit(run(args, Terminal.ofProcess()));
  }

  /** Runs one command without colour, and gives its exit status. */
  public static int run(String[] args, PrintStream out, PrintStream err) {
    return run(args, Terminal.plain(out, err));
  }

  /** Runs one command and gives its exit status. */
  static int run(String[] args, Terminal terminal) {
    try {
      int status = execute(Commands.commandLine(args, terminal), args, terminal);
      terminal.out().flush();
      return status;
    } catch (ParameterException e) {
      return fail(terminal, Failures.badUsage(e), BAD_INPUT);
    } catch (OutputLostException e) {
      return e.isBrokenPipe() ? BROKEN_PIPE : fail(terminal, e.getMessage(), BAD_INPUT);
    } catch (UncheckedIOException e) {
      return fail(terminal, Failures.badInput(e.getCause()), BAD_INPUT);
    } catch (IOException e) {
      return fail(terminal, Failures.badInput(e), BAD_INPUT);
    } catch (InvalidPathException e) {
      return fail(terminal, e.getInput() + ": expected a path: " + e.getReason(), BAD_INPUT);
    } catch (Exception | Error e) {
      if (System.getenv("PAGEWALK_DEBUG") != null) {
        e.printStackTrace(terminal.err());
      }
      return fail(terminal, "internal error: " + e, INTERNAL_ERROR);
    }
  }

  private static int execute(CommandLine line, String[] args, Terminal terminal) throws Exception {
    if (args.length == 0) {
      line.usage(terminal.err());
      return BAD_INPUT;
    }
    ParseResult parsed = line.parseArgs(args);
    while (true) {
      CommandLine command = parsed.commandSpec().commandLine();
      if (parsed.isUsageHelpRequested()) {
        command.usage(terminal.out());
        return OK;
      }
      if (parsed.isVersionHelpRequested()) {
        command.printVersionHelp(terminal.out());
        return OK;
      }
      if (!parsed.hasSubcommand()) {
        return call(command);
      }
      parsed = parsed.subcommand();
    }
  }

  private static int call(CommandLine command) throws Exception {
    if (command.getCommand() instanceof Callable<?> callable
        && callable.call() instanceof Integer status) {
      return status;
    }
    throw new ParameterException(
        command, "expected a command: " + String.join(", ", command.getSubcommands().keySet()));
  }

  private static int fail(Terminal terminal, String line, int status) {
    try {
      terminal.out().flush();
    } catch (OutputLostException e) {
      // The line below matters more than output that nobody reads.
    }
    terminal.err().println("pagewalk: " + Failures.oneLine(line));
    return status;
  }
}
