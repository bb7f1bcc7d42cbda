package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.VmaView;
import java.util.List;

/** The explicit huge pages of a process against the model's. */
final class UnitComparison {
  private final ModelProcess process;
  private final long bytes;
  private final byte[] page = new byte[4096];

  UnitComparison(ModelProcess process, long bytes) {
    this.process = process;
    this.bytes = bytes;
  }

  void run() {
    long mapped = 0;
    for (VmaView vma : process.mm.view()) {
      mapped += List.of(vma.flags().split(" ")).contains("ht") ? vma.end() - vma.start() : 0;
    }
    for (int i = 0; i < ModelUnit.PLACES; i++) {
      ModelUnit unit = process.units[i];
      if (unit != null) {
        mapped -= bytes;
        unit(unit, ModelUnit.address(i, bytes));
      }
    }
    if (mapped != 0) {
      throw new AssertionError(
          "process %d has %d bytes of huge pages too many".formatted(process.mm.id(), mapped));
    }
  }

  private void unit(ModelUnit unit, long start) {
    VmaView vma = process.vma(start);
    String perms =
        (unit.page.may(Prot.READ) ? "r" : "-")
            + (unit.page.may(Prot.WRITE) ? "w" : "-")
            + (unit.page.may(Prot.EXEC) ? "x" : "-")
            + (unit.shared != null ? "s" : "p");
    if (vma == null || !vma.perms().equals(perms)) {
      throw bad(start, "is mapped as %s, expected %s".formatted(vma, perms));
    }
    boolean present = process.mm.page(start).kind() == PageView.Kind.PRESENT;
    if (present != (unit.shared == null ? unit.own != null : present && unit.isThere())) {
      throw bad(start, "is present: " + present);
    }
    if (!present) {
      return;
    }
    for (long small : new long[] {0, 1, unit.smallPages / 2, unit.smallPages - 1, 77}) {
      boolean read = process.mm.peek(start + 4096 * small, page);
      if (!read || !Contents.matches(unit.words(small), page)) {
        throw bad(
            start + 4096 * small,
            "holds %s, expected %s"
                .formatted(Contents.text(page), Contents.text(unit.words(small))));
      }
    }
  }

  private AssertionError bad(long at, String what) {
    return new AssertionError(
        "huge page at 0x%x of process %d %s".formatted(at, process.mm.id(), what));
  }
}
