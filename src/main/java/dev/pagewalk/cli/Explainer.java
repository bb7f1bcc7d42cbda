package dev.pagewalk.cli;

import dev.pagewalk.arch.Cpu;
import java.util.concurrent.Callable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * A command that explains one word, with the option {@code --json} that all of them have.
 *
 * <p>Its arguments are built, not annotated: reading annotations makes the JVM generate proxy
 * classes, which no AOT cache holds and which would double the time that a short command takes.
 */
abstract class Explainer implements Callable<Integer> {
  private final Terminal terminal;
  private final CommandSpec spec;
  private final OptionSpec json;

  Explainer(Terminal terminal, String description) {
    this.terminal = terminal;
    this.spec = CommandSpec.wrapWithoutInspection(this);
    this.json = flag("--json", "one JSON document for a program");
    spec.usageMessage().description(description);
  }

  /** What picocli needs to know of the command. */
  CommandSpec spec() {
    return spec;
  }

  /** The explanation as one JSON document. */
  abstract void json(JsonLines document);

  /** The explanation for a person. */
  abstract void text(Page page);

  @Override
  public Integer call() {
    if (isSet(json)) {
      try (var document = new JsonLines(terminal.out())) {
        json(document);
      }
    } else {
      Page page = new Page(terminal.style());
      text(page);
      terminal.out().print(page);
    }
    return Main.OK;
  }

  /** The argument that is explained. */
  final PositionalParamSpec argument(
      String label, String description, ITypeConverter<?> converter) {
    PositionalParamSpec argument =
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .required(true)
            .type(Object.class)
            .converters(converter)
            .paramLabel(label)
            .description(description)
            .build();
    spec.addPositional(argument);
    return argument;
  }

  /** An option with a value. */
  final OptionSpec option(OptionSpec.Builder builder, ITypeConverter<?> converter) {
    OptionSpec option = builder.arity("1").type(Object.class).converters(converter).build();
    spec.addOption(option);
    return option;
  }

  /** {@code --maxphyaddr N}. */
  final OptionSpec maxPhyAddr() {
    return option(
        OptionSpec.builder("--maxphyaddr")
            .paramLabel("N")
            .description("width of a physical address in bits, 36 to 52 (default: 52)")
            .initialValue(Cpu.MAX_MAXPHYADDR),
        new Numbers.MaxPhyAddr());
  }

  /** An option without a value. */
  final OptionSpec flag(String name, String description) {
    OptionSpec flag =
        OptionSpec.builder(name)
            .arity("0")
            .type(boolean.class)
            .initialValue(false)
            .description(description)
            .build();
    spec.addOption(flag);
    return flag;
  }

  /** Whether a flag was given. */
  static boolean isSet(OptionSpec flag) {
    return flag.<Boolean>getValue();
  }
}
