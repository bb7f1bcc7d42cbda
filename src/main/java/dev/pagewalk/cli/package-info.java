/**
 * The command line: may import every package, and is imported by none.
 *
 * <p>{@link dev.pagewalk.cli.Main} starts it. A command is a class {@code NameCommand} that takes a
 * {@link dev.pagewalk.cli.Terminal}, is annotated for picocli (or built, where start-up time
 * counts: {@link dev.pagewalk.cli.Explainer}), and is named in {@link dev.pagewalk.cli.Commands};
 * nothing of it is loaded unless it is asked for. A command returns its exit status, or throws
 * {@link dev.pagewalk.arch.InputException} for bad input: {@link dev.pagewalk.cli.Failures} makes
 * one line of it.
 */
package dev.pagewalk.cli;
