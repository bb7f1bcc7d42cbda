package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Core;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkStep;
import java.util.Locale;

/** What is done to the processor and to physical memory behind the kernel's back. */
final class Hardware {
  private final Core core;
  private final Mmu mmu;
  private final PhysicalMemory memory;
  private final Processes processes;

  Hardware(Computer computer, Core core, Processes processes) {
    this.core = core;
    this.mmu = core.mmu();
    this.memory = computer.memory();
    this.processes = processes;
  }

  /** Loads an address space. */
  void load(AddressSpace mm) {
    boolean other = core.loaded() != mm;
    core.switchTo(mm);
    // Without PCIDs a kernel loads the root alone, which drops what is not global.
    if (other && !mmu.registers().pcide()) {
      mmu.movToCr3(mm.root());
    }
    core.enterUserMode();
  }

  /** Whether the tables of the process that runs say otherwise than {@code entry} of its PCID. */
  boolean isStale(TlbEntry entry) {
    Registers now = mmu.registers();
    long pcid = now.pcide() ? now.cr3() & 0xfff : 0;
    if (entry.pcid() != pcid || core.loaded() == null) {
      return false;
    }
    var walk = new ReferenceWalk(memory, mmu.cpu(), now).translate(entry.linearAddress());
    if (!(walk.outcome() instanceof Outcome.Reached(long physical))) {
      return true;
    }
    var found = walk.translation().orElseThrow().rights();
    return physical != entry.physicalAddress()
        || found.writable() != entry.flags().contains(TlbEntry.Flag.WRITABLE)
        || found.userMode() != entry.flags().contains(TlbEntry.Flag.USER)
        || found.executeDisable() == entry.flags().contains(TlbEntry.Flag.EXECUTABLE);
  }

  /** The registers as they are while {@code mm} is loaded. */
  Registers registersOf(AddressSpace mm) {
    return mmu.registers().withCr3(mm.root());
  }

  Report flip(Statement.Flip flip) throws ScenarioException {
    AddressSpace mm = processes.get(flip.process());
    WalkStep.EntryRead read = entry(mm, flip.address(), flip.level());
    long after = read.entry() ^ 1L << flip.bit();
    memory.write64(read.physicalAddress(), after);
    if (flip.invlpg()) {
      load(mm);
      mmu.invlpg(flip.address());
    }
    String name = name(read, flip.bit());
    return Report.of(
        "%s of the %s for %s goes from %d to %d, in memory at %s%s."
            .formatted(
                name,
                flip.level().entryName(),
                Hex.of(flip.address()),
                read.entry() >>> flip.bit() & 1,
                after >>> flip.bit() & 1,
                Hex.of(read.physicalAddress()),
                flip.invlpg()
                    ? "; INVLPG drops what the TLB has of the page"
                    : "; the TLB does not hear of it"),
        Report.OK,
        after);
  }

  private WalkStep.EntryRead entry(AddressSpace mm, long address, Level level)
      throws ScenarioException {
    var walk = new ReferenceWalk(memory, mmu.cpu(), registersOf(mm)).translate(address);
    for (WalkStep step : walk.steps()) {
      if (step instanceof WalkStep.EntryRead read && read.kind().level() == level) {
        return read;
      }
    }
    throw new ScenarioException(
        "expected a level that the walk for "
            + Hex.of(address)
            + " reaches; it ends above the "
            + level.name().toLowerCase(Locale.ROOT));
  }

  private static String name(WalkStep.EntryRead read, int bit) {
    for (Field field : read.kind().fields()) {
      boolean has = field.low() <= bit && bit <= field.high();
      if (has && field.role() == Field.Role.DEFINED && field.width() == 1) {
        return field.name() + " (bit " + bit + ")";
      }
    }
    return "Bit " + bit;
  }

  Report set(Statement.SetRegister set) {
    Registers now = mmu.registers();
    long value = set.value();
    RegisterWrite write =
        switch (set.register()) {
          case "cr0" -> mmu.movToCr0(value);
          case "cr4" -> mmu.movToCr4(value);
          case "efer" -> mmu.wrmsr(Efer.MSR, value);
          case "pkru" -> core.wrpkru(value);
          case "cr0.wp" -> mmu.movToCr0(with(now.cr0(), Cr0.WP, value));
          case "efer.nxe" -> mmu.wrmsr(Efer.MSR, with(now.efer(), Efer.NXE, value));
          case "cr4.smep" -> mmu.movToCr4(with(now.cr4(), Cr4.SMEP, value));
          case "cr4.smap" -> mmu.movToCr4(with(now.cr4(), Cr4.SMAP, value));
          case "cr4.pke" -> mmu.movToCr4(with(now.cr4(), Cr4.PKE, value));
          case "cr4.pge" -> mmu.movToCr4(with(now.cr4(), Cr4.PGE, value));
          case "cr4.pcide" -> setPcide(now, value);
          default -> throw new IllegalStateException(set.register());
        };
    String name = set.register().toUpperCase(Locale.ROOT);
    return switch (write) {
      case RegisterWrite.Accepted _ ->
          Report.of(name + " is now " + Hex.of(value) + '.', Report.OK, value);
      case RegisterWrite.Refused refused ->
          Report.of(
              refused.fault().vector() + ": " + refused.reason() + '.', Report.REFUSED, value);
    };
  }

  /** PCIDE may rise only while the PCID in CR3 is 0, so software clears it before. */
  private RegisterWrite setPcide(Registers now, long value) {
    if (value == 1 && !now.pcide()) {
      mmu.movToCr3(now.root());
    }
    return mmu.movToCr4(with(now.cr4(), Cr4.PCIDE, value));
  }

  private static long with(long register, long bit, long value) {
    return value == 0 ? register & ~bit : register | bit;
  }

  Report invlpg(long address) {
    mmu.invlpg(address);
    return Report.of("INVLPG drops what the TLB holds of " + Hex.of(address) + '.', Report.OK, 0);
  }

  Report flush(boolean everything) {
    if (everything) {
      mmu.invpcid(new InvpcidOperand(2, 0, 0));
      return Report.of("INVPCID type 2 drops everything.", Report.OK, 0);
    }
    mmu.movToCr3(mmu.registers().cr3());
    return Report.of(
        "A load of CR3 drops all that is tagged with its PCID, but for global pages.",
        Report.OK,
        0);
  }
}
