package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Mempolicy;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.VmaView;
import java.util.List;

/** The VMAs of a process against the model's pages. */
final class MappingComparison {
  private final ModelProcess process;

  MappingComparison(ModelProcess process) {
    this.process = process;
  }

  void run() {
    long pages = 0;
    for (VmaView vma : process.mm.view()) {
      List<String> flags = List.of(vma.flags().split(" "));
      if (flags.contains("ht")) {
        continue;
      }
      for (long at = vma.start(); at < vma.end(); at += ModelProcess.PAGE) {
        ModelPage page = process.at(at);
        if (page == null) {
          throw bad(at, "is mapped, and not in the model");
        }
        page(vma, flags, at, page);
        pages++;
      }
    }
    if (pages != process.mapped()) {
      throw new AssertionError(
          "process %d has %d pages mapped, in the model %d"
              .formatted(process.mm.id(), pages, process.mapped()));
    }
  }

  private void page(VmaView vma, List<String> flags, long at, ModelPage page) {
    String perms =
        (page.may(Prot.READ) ? "r" : "-")
            + (page.may(Prot.WRITE) ? "w" : "-")
            + (page.may(Prot.EXEC) ? "x" : "-")
            + (page.shared ? "s" : "p");
    if (!perms.equals(vma.perms())) {
      throw bad(at, "has rights " + vma.perms() + ", expected " + perms);
    }
    boolean sameFile = vma.file().orElse(null) == (page.object == null ? null : page.object.file);
    if (!sameFile) {
      throw bad(at, "maps another object");
    }
    long index = vma.pgoff() + ((at - vma.start()) >> 12);
    if (page.object != null && index != page.index) {
      throw bad(at, "maps page %d of its object, expected %d".formatted(index, page.index));
    }
    boolean byObject = page.object != null && !page.object.disk;
    Mempolicy policy = byObject ? page.object.policy(page.index) : page.policy;
    if (!process.mm.mempolicy(at).equals(policy)) {
      throw bad(at, "has policy %s, expected %s".formatted(process.mm.mempolicy(at), policy));
    }
    flag(flags, "lo", page.locked, at);
    flag(flags, "lf", page.lockedOnFault, at);
    flag(flags, "dc", page.notForked, at);
    flag(flags, "wf", page.wipedOnFork, at);
    flag(flags, "gd", page.growsDown, at);
    flag(flags, "sl", page.sealed, at);
  }

  private void flag(List<String> flags, String flag, boolean expected, long at) {
    if (flags.contains(flag) != expected) {
      throw bad(at, "has flags %s, %s expected: %b".formatted(flags, flag, expected));
    }
  }

  private AssertionError bad(long at, String what) {
    return new AssertionError("page 0x%x of process %d %s".formatted(at, process.mm.id(), what));
  }
}
