package dev.pagewalk.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** The processes that are alive, in the order in which they began. */
final class Processes {
  private final Kernel kernel;
  private final List<AddressSpace> spaces = new ArrayList<>();
  private Consumer<AddressSpace> oomKill;
  private int last;

  Processes(Kernel kernel) {
    this.kernel = kernel;
  }

  /** A list of its own of all of them. */
  List<AddressSpace> all() {
    return List.copyOf(spaces);
  }

  /** How many there have been. */
  int ever() {
    return last;
  }

  /** A process with nothing mapped; null if there is no memory for its tables. */
  AddressSpace create() {
    PageTables tables = PageTables.create(kernel.folios(), kernel.kernelHalf());
    if (tables == null) {
      return null;
    }
    AddressSpace mm = new AddressSpace(kernel, ++last, tables);
    if (kernel.pressure() != null) {
      mm.setGroup(kernel.pressure().root());
    }
    spaces.add(mm);
    return mm;
  }

  /** Takes a process apart. */
  void forget(AddressSpace mm) {
    Unmap.all(mm);
    spaces.remove(mm);
    kernel.folios().numa().forget(mm);
  }

  /** Sets what ends a process that was chosen because memory is out. */
  void onOomKill(Consumer<AddressSpace> end) {
    oomKill = end;
  }

  /** What ends a process; null if nobody does. */
  Consumer<AddressSpace> oomKill() {
    return oomKill;
  }
}
