package dev.pagewalk.cli;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.vectors.Engines;
import dev.pagewalk.vectors.SubjectVerification;
import dev.pagewalk.vectors.Verification;
import dev.pagewalk.vectors.VerifyReport;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.LongConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/**
 * {@code pagewalk verify}: runs vectors, scenarios and snapshots, and reports what was answered
 * otherwise.
 */
@Command(
    name = "verify",
    description = {
      "Runs page-walk vectors, scenarios of a Linux kernel and snapshots of real page tables, and"
          + " reports every answer that differs from what was observed."
    })
final class VerifyCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Option(
      names = "--engine",
      converter = EngineName.class,
      paramLabel = "NAME",
      description =
          "who answers: spec, the reference walk; mmu, the MMU with its TLBs; or both (default)")
  private String engine;

  @Mixin private CpuOption cpus;

  @Mixin private SubjectOptions subject;

  @Option(
      names = "--model",
      converter = MachineOptions.Model.class,
      paramLabel = "NAME",
      description = "model choices: sdm, intel, amd, bochs-2.7 or qemu-7.2 (default: sdm)")
  private ModelChoices model;

  @Option(
      names = "--failures",
      converter = FailureCount.class,
      paramLabel = "N",
      description = "show the first N failures in full (default: 10)")
  private int failures = 10;

  @Option(
      names = "--report",
      converter = ReportFile.Name.class,
      paramLabel = "FILE",
      description = "also write the report to FILE.md, FILE.html or FILE.xml (JUnit)")
  private List<ReportFile> reports = List.of();

  @Option(names = "--json", description = "one JSON document for a program")
  private boolean asJson;

  @Parameters(
      paramLabel = "FILE|DIR",
      arity = "0..*",
      description =
          "vectors, scenarios, snapshots or folders of them (default: the project's test-vectors)")
  private List<Path> paths = List.of();

  @Spec private CommandSpec command;

  VerifyCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    List<Path> files = paths.isEmpty() ? List.of(defaultVectors()) : paths;
    if (subject.isGiven() && (cpus.isGiven() || engine != null || model != null)) {
      throw new ParameterException(
          command.commandLine(), "--subject: expected no --engine, --cpu or --model beside it");
    }
    VerifyReport report;
    if (terminal.interactive() && !asJson) {
      try (ProgressBar bar = progressBar(Verification.bytesToRead(files))) {
        report = verify(files, bar::stepBy);
      }
    } else {
      report = verify(files, bytes -> {});
    }
    for (ReportFile file : reports) {
      file.write(report);
    }
    if (asJson) {
      VerifyOutput.json(terminal, report);
    } else {
      VerifyOutput.text(terminal, report);
    }
    return report.failed() == 0 ? Main.OK : Main.NO;
  }

  private VerifyReport verify(List<Path> files, LongConsumer progress) throws Exception {
    if (subject.isGiven()) {
      return new SubjectVerification(subject.options(), failures, progress).run(files);
    }
    ModelChoices choices = model == null ? ModelPresets.SDM : model;
    return new Verification(engines(), choices, failures, progress).run(files);
  }

  private Engines engines() throws InputException {
    if (!"spec".equals(engine)) {
      return Engines.of(!"mmu".equals(engine), cpus.models());
    }
    if (cpus.isGiven()) {
      throw new ParameterException(
          command.commandLine(), "expected --engine mmu or both with --cpu");
    }
    return Engines.spec();
  }

  /** The launcher tells where the project is; without it, the working directory is asked. */
  private static Path defaultVectors() {
    return Path.of(System.getProperty("pagewalk.home", "")).resolve("test-vectors");
  }

  private ProgressBar progressBar(long bytes) {
    return new ProgressBarBuilder()
        .setTaskName("verify")
        .setInitialMax(bytes)
        .setUnit(" KiB", 1024)
        .setUpdateIntervalMillis(100)
        .setStyle(ProgressBarStyle.ASCII)
        .clearDisplayOnFinish()
        .build();
  }

  /** The name of an engine. */
  static final class EngineName implements ITypeConverter<String> {
    private static final List<String> NAMES = List.of("spec", "mmu", "both");

    @Override
    public String convert(String name) {
      if (!NAMES.contains(name)) {
        throw new TypeConversionException(
            "expected " + String.join(", ", NAMES) + ", not " + Failures.quote(name));
      }
      return name;
    }
  }

  /** A count of failures. */
  static final class FailureCount implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      return (int) Numbers.parse(text, 31);
    }
  }
}
