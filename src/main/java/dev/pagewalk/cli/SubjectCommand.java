package dev.pagewalk.cli;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.vectors.SubjectServer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pagewalk subject}: answers vectors on standard input, as anybody's program would. */
@Command(
    name = "subject",
    description = {
      "Answers vectors on standard input by the protocol of docs/subject-protocol.md, as the other"
          + " side of verify --subject."
    })
final class SubjectCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--engine",
      converter = EngineName.class,
      paramLabel = "NAME",
      description =
          "who answers: spec, the reference walk (default); or mmu, the MMU with its TLBs")
  private String engine = "spec";

  @Mixin private CpuOption cpus;

  @Option(
      names = "--model",
      converter = MachineOptions.Model.class,
      paramLabel = "NAME",
      description = "model choices: sdm, intel, amd, bochs-2.7 or qemu-7.2 (default: sdm)")
  private ModelChoices model = ModelPresets.SDM;

  @Spec private CommandSpec command;

  SubjectCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    try (SubjectServer server = server()) {
      server.serve(System.in, terminal.out());
    }
    return Main.OK;
  }

  private SubjectServer server() throws Exception {
    String version = PagewalkCommand.version();
    if (engine.equals("spec")) {
      if (cpus.isGiven()) {
        throw new ParameterException(command.commandLine(), "expected --engine mmu with --cpu");
      }
      return SubjectServer.spec(model, version);
    }
    List<CpuModel> models = cpus.isGiven() ? cpus.models() : List.of(CpuModels.of("skylake"));
    if (models.size() > 1) {
      throw new ParameterException(command.commandLine(), "--cpu: expected one model");
    }
    return SubjectServer.mmu(models.getFirst(), model, version);
  }

  /** The name of an engine. */
  static final class EngineName implements picocli.CommandLine.ITypeConverter<String> {
    @Override
    public String convert(String name) {
      if (!name.equals("spec") && !name.equals("mmu")) {
        throw new picocli.CommandLine.TypeConversionException(
            "expected spec or mmu, not " + Failures.quote(name));
      }
      return name;
    }
  }
}
