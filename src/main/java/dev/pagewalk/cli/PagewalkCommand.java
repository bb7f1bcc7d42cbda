package dev.pagewalk.cli;

import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** {@code pagewalk} and {@code pagewalk explain}: the commands that only hold others. */
final class PagewalkCommand {
  private PagewalkCommand() {}

  /** {@code pagewalk} itself. */
  static CommandSpec root() {
    CommandSpec spec = CommandSpec.create().name("pagewalk").versionProvider(new Version());
    spec.usageMessage()
        .description("An x86-64 MMU that is right to the bit.")
        .synopsisSubcommandLabel("COMMAND")
        .footer(
            "",
            "Exit status: 0 all well, 1 the answer is no, 2 bad usage or bad input, 3 a bug of"
                + " ours.");
    spec.addOption(
        OptionSpec.builder("-V", "--version")
            .versionHelp(true)
            .description("show the version")
            .build());
    return spec;
  }

  /** {@code pagewalk explain}. */
  static CommandSpec explain() {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage()
        .description("Say in words what an entry, error code, address or register means.")
        .synopsisSubcommandLabel("WHAT");
    return spec;
  }

  /** The version, of the manifest of the jar. */
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return version == null ? "(not packaged)" : version;
  }

  /** Tells the version. */
  private static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"pagewalk " + version()};
    }
  }
}
