package dev.pagewalk.cli;

import picocli.CommandLine.Command;

/** {@code pagewalk explain}: holds the commands that explain one word each. */
@Command(
    name = "explain",
    description = "Say in words what an entry, error code, address or register means.",
    synopsisSubcommandLabel = "WHAT")
final class ExplainCommand {}
