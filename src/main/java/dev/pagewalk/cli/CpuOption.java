package dev.pagewalk.cli;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.machine.CpuModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The option that names models of processor, for commands that run an MMU. */
final class CpuOption {
  @Option(
      names = "--cpu",
      split = ",",
      paramLabel = "NAME|FILE",
      description = "models of processor for the MMU, built in or files (default: all built in)")
  private List<String> names;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** Whether the option was given. */
  boolean isGiven() {
    return names != null;
  }

  /** The models named, in that order, or all that are built in; no two have one name. */
  List<CpuModel> models() throws InputException {
    if (isGiven() && names.isEmpty()) {
      throw refused("expected at least one model");
    }
    Map<String, CpuModel> models = new LinkedHashMap<>();
    for (String name : isGiven() ? names : CpuModels.names()) {
      CpuModel model = model(name);
      if (models.put(model.name(), model) != null) {
        throw refused(
            "expected models of different names, found " + Failures.quote(model.name()) + " twice");
      }
    }
    return List.copyOf(models.values());
  }

  private CpuModel model(String name) throws InputException {
    if (CpuModels.names().contains(name)) {
      return CpuModels.of(name);
    }
    if (name.isEmpty() || !Files.exists(Path.of(name))) {
      String known = String.join(", ", CpuModels.names());
      throw refused("expected " + known + " or a file, not " + Failures.quote(name));
    }
    return CpuModels.read(Path.of(name));
  }

  private ParameterException refused(String message) {
    return new ParameterException(command.commandLine(), "--cpu: " + message);
  }
}
