package dev.pagewalk.cli;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.MemoryImage;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.vectors.RegistersFile;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that say which machine's page tables are looked at; shared by walk and maps. */
final class MachineOptions {
  @Option(
      names = "--image",
      required = true,
      paramLabel = "FILE",
      description = "the physical memory: ELF64 core, LiME or raw, gzipped or not")
  private Path image;

  @Option(
      names = "--base",
      paramLabel = "PA",
      converter = Numbers.Word.class,
      description = "take the image as raw bytes that begin at this physical address")
  private Long base;

  @Option(
      names = "--registers",
      paramLabel = "FILE",
      description = "a registers.json; single registers can be overridden below")
  private Path registersFile;

  @Option(
      names = "--cr3",
      converter = Numbers.Word.class,
      paramLabel = "X",
      description = "CR3: the root table (required without --registers)")
  private Long cr3;

  @Option(
      names = "--cr0",
      converter = Numbers.Word.class,
      paramLabel = "X",
      description = "CR0 (default: PG, WP, ET and PE)")
  private Long cr0;

  @Option(
      names = "--cr4",
      converter = Numbers.Word.class,
      paramLabel = "X",
      description = "CR4 (default: PAE)")
  private Long cr4;

  @Option(
      names = "--efer",
      converter = Numbers.Word.class,
      paramLabel = "X",
      description = "EFER (default: NXE, LMA and LME)")
  private Long efer;

  @Option(
      names = "--pkru",
      converter = Numbers.Word32.class,
      paramLabel = "X",
      description = "PKRU (default: 0)")
  private Integer pkru;

  @Option(
      names = "--pkrs",
      converter = Numbers.Word32.class,
      paramLabel = "X",
      description = "IA32_PKRS (default: 0)")
  private Integer pkrs;

  @Option(
      names = "--maxphyaddr",
      converter = Numbers.MaxPhyAddr.class,
      paramLabel = "N",
      description = "MAXPHYADDR, 36 to 52 (default: as --registers says, else 52)")
  private Integer maxPhyAddr;

  @Option(
      names = "--model",
      converter = Model.class,
      paramLabel = "NAME",
      description = "model choices: sdm, intel, amd, bochs-2.7 or qemu-7.2 (default: sdm)")
  private ModelChoices model = ModelPresets.SDM;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** A processor under registers. */
  record Machine(Cpu cpu, Registers registers) {}

  /** Reads the registers and checks that they are those of 4-level or 5-level paging. */
  Machine machine() throws InputException {
    Cpu cpu = Cpu.withEverything(Cpu.MAX_MAXPHYADDR, model);
    Registers registers = Registers.longMode(0);
    if (registersFile != null) {
      RegistersFile file = RegistersFile.read(registersFile);
      cpu = file.cpu().with(model);
      registers = file.registers();
    } else if (cr3 == null) {
      throw new ParameterException(
          command.commandLine(), "expected --registers FILE or --cr3 X: where the root table is");
    }
    registers = overridden(registers);
    if (maxPhyAddr != null) {
      cpu = new Cpu(maxPhyAddr, cpu.features(), model);
    }
    Optional<String> refusal = RegisterRules.whyNoWalk(cpu, registers);
    if (refusal.isPresent()) {
      throw new InputException(refusal.get());
    }
    return new Machine(cpu, registers);
  }

  /** Opens the image. */
  PhysicalMemory memory() throws InputException {
    return base == null
        ? MemoryImage.open(image)
        : MemoryImage.open(image, MemoryImage.Format.RAW, base);
  }

  private Registers overridden(Registers file) {
    return new Registers(
        cr0 == null ? file.cr0() : cr0,
        cr3 == null ? file.cr3() : cr3,
        cr4 == null ? file.cr4() : cr4,
        efer == null ? file.efer() : efer,
        pkru == null ? file.pkru() : pkru,
        pkrs == null ? file.pkrs() : pkrs);
  }

  /** The name of a preset. */
  static final class Model implements ITypeConverter<ModelChoices> {
    @Override
    public ModelChoices convert(String name) {
      return ModelPresets.of(name)
          .orElseThrow(() ->
              new TypeConversionException(
                  "expected "
                      + String.join(", ", ModelPresets.all().keySet())
                      + ", not "
                      + Failures.quote(name)));
    }
  }
}
