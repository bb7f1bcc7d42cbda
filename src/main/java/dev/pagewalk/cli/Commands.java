package dev.pagewalk.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The table of commands: their names, in the order of {@code --help}, and how each is made.
 *
 * <p>A command line that names its command loads that command alone, which halves the start-up time
 * of a short command. One that names none (for help), or a wrong one, gets them all.
 */
final class Commands {
  private static final String[] TOP = {
    "verify",
    "subject",
    "fuzz",
    "generate",
    "capture",
    "compare",
    "walk",
    "maps",
    "explain",
    "replay",
    "sweep",
    "tables",
    "convert",
    "run",
    "tutor",
    "serve",
    "bench"
  };
  private static final String[] EXPLAIN = {"entry", "error", "va", "cr3", "cr4"};

  private static final String[] SWEEP = {"merge"};

  private Commands() {}

  /** The parser for {@code args}, with the commands that they may mean. */
  static CommandLine commandLine(String[] args, Terminal terminal) {
    CommandLine root = new CommandLine(withHelp(PagewalkCommand.root()));
    for (String name : choose(TOP, args, 0)) {
      CommandLine line = add(root, name, make(name, terminal));
      if (name.equals("explain")) {
        for (String what : choose(EXPLAIN, args, 1)) {
          add(line, what, make("explain " + what, terminal));
        }
      }
      if (name.equals("sweep")) {
        for (String what : SWEEP) {
          add(line, what, make("sweep " + what, terminal));
        }
      }
    }
    root.setExpandAtFiles(false);
    root.setColorScheme(Help.defaultColorScheme(terminal.style().isPlain() ? Ansi.OFF : Ansi.ON));
    return root;
  }

  private static CommandSpec make(String command, Terminal terminal) {
    return switch (command) {
      case "verify" -> CommandSpec.forAnnotatedObject(new VerifyCommand(terminal));
      case "subject" -> CommandSpec.forAnnotatedObject(new SubjectCommand(terminal));
      case "fuzz" -> CommandSpec.forAnnotatedObject(new FuzzCommand(terminal));
      case "generate" -> CommandSpec.forAnnotatedObject(new GenerateCommand(terminal));
      case "capture" -> CommandSpec.forAnnotatedObject(new CaptureCommand(terminal));
      case "compare" -> CommandSpec.forAnnotatedObject(new CompareCommand(terminal));
      case "walk" -> CommandSpec.forAnnotatedObject(new WalkCommand(terminal));
      case "maps" -> CommandSpec.forAnnotatedObject(new MapsCommand(terminal));
      case "replay" -> CommandSpec.forAnnotatedObject(new ReplayCommand(terminal));
      case "tables" -> CommandSpec.forAnnotatedObject(new TablesCommand(terminal));
      case "convert" -> CommandSpec.forAnnotatedObject(new ConvertCommand(terminal));
      case "run" -> CommandSpec.forAnnotatedObject(new RunCommand(terminal));
      case "tutor" -> CommandSpec.forAnnotatedObject(new TutorCommand(terminal));
      case "serve" -> CommandSpec.forAnnotatedObject(new ServeCommand(terminal));
      case "bench" -> CommandSpec.forAnnotatedObject(new BenchCommand(terminal));
      case "sweep" -> CommandSpec.forAnnotatedObject(new SweepCommand(terminal));
      case "sweep merge" -> CommandSpec.forAnnotatedObject(new SweepMergeCommand(terminal));
      case "explain" -> PagewalkCommand.explain();
      case "explain entry" -> new ExplainEntryCommand(terminal).spec();
      case "explain error" -> new ExplainErrorCommand(terminal).spec();
      case "explain va" -> new ExplainVaCommand(terminal).spec();
      case "explain cr3" -> new ExplainCr3Command(terminal).spec();
      case "explain cr4" -> new ExplainCr4Command(terminal).spec();
      default -> throw new IllegalArgumentException(command);
    };
  }

  private static CommandLine add(CommandLine parent, String name, CommandSpec spec) {
    CommandLine line = new CommandLine(withHelp(spec));
    parent.addSubcommand(name, line);
    return line;
  }

  private static CommandSpec withHelp(CommandSpec spec) {
    spec.addOption(
        OptionSpec.builder("-h", "--help").usageHelp(true).description("show this help").build());
    return spec;
  }

  /** Only the name at {@code args[index]} if it is one of {@code names}, else all of them. */
  private static String[] choose(String[] names, String[] args, int index) {
    for (String name : names) {
      if (index < args.length && args[index].equals(name)) {
        return new String[] {name};
      }
    }
    return names;
  }
}
