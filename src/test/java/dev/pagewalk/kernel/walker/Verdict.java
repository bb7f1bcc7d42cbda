package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.FaultResult;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.Rlimit;
import dev.pagewalk.kernel.VmaView;
import dev.pagewalk.machine.Signal;

/** How the touch of a page must end. */
enum Verdict {
  DONE(0, 0),
  NOT_MAPPED(FaultResult.SIGSEGV, FaultResult.SEGV_MAPERR),
  KEY(FaultResult.SIGSEGV, FaultResult.SEGV_PKUERR),
  NOT_ALLOWED(FaultResult.SIGSEGV, FaultResult.SEGV_ACCERR),
  NO_SUCH_PAGE(FaultResult.SIGBUS, FaultResult.BUS_ADRERR);

  private final int signal;
  private final int code;

  Verdict(int signal, int code) {
    this.signal = signal;
    this.code = code;
  }

  boolean isOf(Signal raised) {
    return raised.number() == signal && raised.code() == code;
  }

  /** Judges a touch of one page; a mapping that grows down may grow, in the model too. */
  static Verdict of(ModelProcess process, long address, int right) {
    ModelPage page = process.at(address);
    if (page == null) {
      page = grow(process, address & -4096);
    }
    if (page == null) {
      return NOT_MAPPED;
    }
    if (right != Prot.EXEC && !process.allows(page, right == Prot.WRITE)) {
      return KEY;
    }
    if (page.prot == 0 || (right == Prot.WRITE && !page.may(Prot.WRITE))) {
      return NOT_ALLOWED;
    }
    if (page.guard) {
      return NOT_MAPPED;
    }
    if (page.isBehindEnd()) {
      return NO_SUCH_PAGE;
    }
    // What cannot be fetched is brought in first.
    return right == Prot.EXEC && !page.may(Prot.EXEC) ? NOT_ALLOWED : DONE;
  }

  private static ModelPage grow(ModelProcess process, long address) {
    long next = process.nextMapped(address);
    ModelPage first = next < 0 ? null : process.at(next);
    if (first == null || !first.growsDown || !ModelProcess.covers(address, next)) {
      return null;
    }
    for (long below = address - 4096; below >= address - Walk.GAP; below -= 4096) {
      ModelPage page = process.at(below);
      if (page != null) {
        if (!page.growsDown && page.prot != 0) {
          return null;
        }
        break;
      }
    }
    VmaView vma = process.vma(next);
    boolean tooLarge = vma.end() - address > process.task.limit(Rlimit.STACK);
    if (tooLarge || !process.mayExpand(first, (next - address) >>> 12)) {
      return null;
    }
    for (long at = address; at < next; at += 4096) {
      process.set(at, first.sibling((at - next) >> 12));
    }
    return process.at(address);
  }
}
