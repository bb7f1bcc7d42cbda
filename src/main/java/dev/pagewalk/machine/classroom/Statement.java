package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.kernel.Advice;

/** One line of a scenario: what is done to the machine. {@code docs/classroom.md} has the words. */
public sealed interface Statement {
  /** {@code process A}: a new process, with nothing mapped; it runs. */
  record NewProcess(String name) implements Statement {}

  /** {@code switch A}: the core loads another address space. */
  record Switch(String process) implements Statement {}

  /** {@code exit A}. */
  record Exit(String process) implements Statement {}

  /** {@code fork A B}: B is a copy of A; A goes on running. */
  record Fork(String process, String child) implements Statement {}

  /** {@code file NAME SIZE}: a file on disk. */
  record NewFile(String name, long bytes) implements Statement {}

  /**
   * {@code mmap A ADDRESS SIZE RIGHTS [shared] [growsdown] [populate] [huge] [file NAME]}.
   *
   * @param prot of {@link dev.pagewalk.kernel.Prot}
   * @param flags of {@link dev.pagewalk.kernel.MapFlag}
   * @param huge whether huge pages are asked for
   * @param file null for anonymous memory
   */
  record Map(
      String process, long address, long bytes, int prot, int flags, boolean huge, String file)
      implements Statement {}

  /** {@code munmap A ADDRESS SIZE}. */
  record Unmap(String process, long address, long bytes) implements Statement {}

  /** {@code mprotect A ADDRESS SIZE RIGHTS [key N]}; key -1 leaves it. */
  record Protect(String process, long address, long bytes, int prot, int key)
      implements Statement {}

  /** {@code madvise A ADDRESS SIZE ADVICE}. */
  record Advise(String process, long address, long bytes, Advice advice) implements Statement {}

  /** {@code pkey A}: a protection key is handed out. */
  record AllocateKey(String process) implements Statement {}

  /** What an access is on whose behalf. */
  enum As {
    /** The process. */
    USER,
    /** The kernel, with RFLAGS.AC = 0. */
    SUPERVISOR,
    /** The kernel, with RFLAGS.AC = 1. */
    SUPERVISOR_AC
  }

  /** What an access does. */
  enum Kind {
    /** Of data. */
    READ,
    /** Of data. */
    WRITE,
    /** Of an instruction. */
    FETCH
  }

  /** {@code read A ADDRESS}, {@code write A ADDRESS VALUE}, {@code fetch A ADDRESS}. */
  record Access(String process, Kind kind, long address, long value, As as) implements Statement {
    /** The same by another process. */
    Access by(String other) {
      return new Access(other, kind, address, value, as);
    }

    /** The access as the manual describes it. */
    public dev.pagewalk.arch.Access asMade() {
      AccessKind made = AccessKind.valueOf(kind.name());
      Mode mode = as == As.USER ? Mode.USER : Mode.SUPERVISOR;
      return dev.pagewalk.arch.Access.of(address, made, mode).withAc(as == As.SUPERVISOR_AC);
    }
  }

  /** {@code flip A ADDRESS LEVEL BIT [invlpg]}: a bit of an entry, in physical memory. */
  record Flip(String process, long address, Level level, int bit, boolean invlpg)
      implements Statement {}

  /** {@code set REGISTER VALUE}. */
  record SetRegister(String register, long value) implements Statement {}

  /** {@code invlpg ADDRESS}. */
  record Invlpg(long address) implements Statement {}

  /** {@code flush}: CR3 is loaded with what it holds; {@code flush all}: INVPCID type 2. */
  record Flush(boolean everything) implements Statement {}

  /** {@code tick}: the timer interrupt. */
  record Tick() implements Statement {}

  /** {@code view ADDRESS PAGES}: what the page in the browser shows of each address space. */
  record View(long address, int pages) implements Statement {}

  /** What {@code show} shows. */
  enum What {
    /** The walk for an address, step by step. */
    WALK,
    /** TLBs and paging-structure caches. */
    TLB,
    /** Mappings. */
    MAPS,
    /** The pages of the mappings, in sentences. */
    PAGES,
    /** Frames in use, and slots of swap. */
    FRAMES,
    /** Control registers, EFER, PKRU. */
    REGISTERS,
    /** What has been counted. */
    FIGURES
  }

  /**
   * {@code show WHAT ...}: shows something of the machine, in lines, and changes nothing.
   *
   * @param process for maps and pages; null for all
   * @param access of a walk, whose process is null if the one that runs is meant; else null
   */
  record Show(What what, String process, Access access) implements Statement {}

  /** {@code expect WHAT}: of the statement before. */
  record Expect(String what) implements Statement {}

  /** The process that it is about, which must be alive; null if none. */
  default String process() {
    return null;
  }
}
