package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.MemoryImage;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Path;
import java.util.List;

/**
 * MMUs over the image of a snapshot.
 *
 * <p>They have a memory of their own: their accesses mark entries accessed and dirty, and the
 * reference walk is to see those as they were captured. An answer that is wrong is explained by the
 * same access, made once more.
 */
final class ImageMmus implements AutoCloseable {
  private static final long CR3_LAM = Cr3.LAM_U48 | Cr3.LAM_U57;
  private static final long CR4_RESTRICTIONS = Cr4.SMAP | Cr4.PKE | Cr4.PKS | Cr4.LAM_SUP;

  private final PhysicalMemory memory;
  private final List<Engine> mmus;

  /** The MMUs among {@code engines}, over {@code image}. */
  ImageMmus(Engines engines, Path image) throws InputException {
    memory = MemoryImage.open(image);
    mmus = engines.mmus(memory);
  }

  /** All of them start anew. */
  void reset(Cpu cpu, Registers registers) {
    mmus.forEach(mmu -> mmu.reset(cpu, registers));
  }

  /**
   * {@code registers} changed so that a supervisor-mode read reaches whatever is mapped, at the
   * address as it stands: without SMAP, protection keys and linear-address masking.
   */
  static Registers permissive(Registers registers) {
    return registers
        .withCr3(registers.cr3() & ~CR3_LAM)
        .withCr4(registers.cr4() & ~CR4_RESTRICTIONS);
  }

  /** Each reads the address of {@code line}, under permissive registers. */
  void translate(TruthLine line, LineCheck check) {
    Access access = Access.of(line.va(), AccessKind.READ, Mode.SUPERVISOR);
    Action touch = new Action.Touch(access, 1);
    for (Engine mmu : mmus) {
      String got = TruthLine.address(line.va(), mmu.perform(touch));
      check.answer(mmu.name(), line.address(), got, () -> mmu.explain(touch));
    }
  }

  /** Each makes the access of {@code line}. */
  void access(AccessLine line, LineCheck check) {
    Action touch = new Action.Touch(line.access(), 1);
    for (Engine mmu : mmus) {
      String got = AccessLine.result(mmu.perform(touch));
      check.answer(mmu.name(), line.result(), got, () -> mmu.explain(touch));
    }
  }

  @Override
  public void close() {
    memory.close();
  }
}
