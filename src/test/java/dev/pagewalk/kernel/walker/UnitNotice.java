package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.HugetlbPool;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.VmaView;

/** Takes notice of explicit huge pages that a step has brought in, or taken from others. */
final class UnitNotice {
  private final Walk walk;
  private final long bytes;

  UnitNotice(Walk walk) {
    this.walk = walk;
    this.bytes = walk.setting.extras().hugetlbBytes();
  }

  /** After a step of {@code process}. */
  void after(ModelProcess process) {
    for (int i = 0; i < ModelUnit.PLACES; i++) {
      if (process.units[i] != null) {
        process.units[i].adopt(process.mm.page(ModelUnit.address(i, bytes)));
      }
    }
    for (ModelProcess other : walk.processes) {
      if (other != null && other != process) {
        losses(other);
      }
    }
  }

  /** A store of one who was promised pages may take them from children. */
  private void losses(ModelProcess other) {
    long end = ModelUnit.address(ModelUnit.PLACES, bytes);
    for (VmaView vma : other.mm.view()) {
      boolean inside = vma.start() >= ModelUnit.START && vma.end() <= end;
      if (inside && losesAny(other, vma)) {
        for (int i = place(vma.start()); i < place(vma.end()); i++) {
          other.units[i].lost = true;
        }
      }
    }
  }

  private int place(long address) {
    return (int) ((address - ModelUnit.START) / bytes);
  }

  private boolean losesAny(ModelProcess other, VmaView vma) {
    HugetlbPool pool = walk.kernel.hugetlbPool(bytes);
    boolean loses = false;
    for (int i = place(vma.start()); i < place(vma.end()); i++) {
      ModelUnit unit = other.units[i];
      var view = other.mm.page(ModelUnit.address(i, bytes));
      if (unit.own != null && view.kind() != PageView.Kind.PRESENT) {
        if (unit.promised || pool.free() > pool.reserved()) {
          throw new AssertionError("unit %d of process %d is lost".formatted(i, other.mm.id()));
        }
        unit.own = null;
        loses = true;
      }
    }
    return loses;
  }
}
