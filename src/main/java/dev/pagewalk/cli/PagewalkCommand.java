package dev.pagewalk.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;

/** {@code pagewalk}: the command that only holds the others. */
@Command(
    name = "pagewalk",
    description = "An x86-64 MMU that is right to the bit.",
    versionProvider = PagewalkCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Exit status: 0 all well, 1 the answer is no, 2 bad usage or bad input, 3 a bug of ours."
    })
final class PagewalkCommand {
  /** Reads the version from the manifest of the jar. */
  static final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"pagewalk " + (version == null ? "(not packaged)" : version)};
    }
  }
}
