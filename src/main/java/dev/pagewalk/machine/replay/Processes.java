package dev.pagewalk.machine.replay;

import dev.pagewalk.arch.InputException;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.trace.TraceReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The processes of a trace, made when their first access comes: each has one private anonymous
 * mapping, which may be read, written and executed, of all that it may use. Nothing is reserved for
 * it.
 */
final class Processes {
  /** TASK_SIZE_MAX with four levels of tables. */
  private static final long USER_END = 0x7fff_ffff_f000L;

  private static final int PROT = Prot.READ | Prot.WRITE | Prot.EXEC;
  private static final int FLAGS = MapFlag.PRIVATE | MapFlag.FIXED | MapFlag.NORESERVE;

  private final Computer computer;
  private final TraceReader trace;

  /** Replaced as a whole, so that cores in threads of their own may look up while it grows. */
  private volatile List<ReplayProcess> processes = List.of();

  Processes(Computer computer, TraceReader trace) {
    this.computer = computer;
    this.trace = trace;
  }

  /**
   * The process of that number.
   *
   * @throws InputException if there is no memory for it
   */
  ReplayProcess get(int number) throws InputException {
    if (number < processes.size()) {
      return processes.get(number);
    }
    // Numbers come in the order of first appearance, but a reader may leave some out.
    List<ReplayProcess> more = new ArrayList<>(processes);
    while (more.size() <= number) {
      more.add(create(more.size()));
    }
    processes = Collections.unmodifiableList(more);
    return processes.get(number);
  }

  private ReplayProcess create(int number) throws InputException {
    Machine machine = computer.machine();
    AddressSpace mm =
        machine
            .newAddressSpace()
            .orElseThrow(() ->
                new InputException(
                    "the machine has no memory left for the tables of process " + (number + 1)));
    Long pages = computer.file().virtualPages();
    long bytes = pages == null ? USER_END : Math.min(USER_END, pages * PhysicalMemory.FRAME_BYTES);
    long at = machine.call(() -> mm.calls().mmap(MmapRequest.anonymous(0, bytes, PROT, FLAGS)));
    if (at != 0) {
      throw new IllegalStateException("mmap of the user half: " + at);
    }
    machine.call(() -> mm.calls().setMempolicy(computer.placement()));
    return new ReplayProcess(number, trace.processId(number), mm);
  }

  List<ReplayProcess> all() {
    return processes;
  }
}
