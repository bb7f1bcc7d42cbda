package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.FileSystem;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.machine.Computer;
import dev.pagewalk.machine.Machine;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Makes system calls and what else only the kernel does. */
final class Calls {
  private static final int MOST_FILES = 8;
  private static final long LARGEST_FILE = 1L << 24;
  private static final long LARGEST_MAPPING = 1L << 26;

  private final Machine machine;
  private final Kernel kernel;
  private final Processes processes;
  private final Map<String, FileObject> files;

  Calls(Computer computer, Processes processes, Map<String, FileObject> files) {
    this.machine = computer.machine();
    this.kernel = machine.kernel();
    this.processes = processes;
    this.files = files;
  }

  /** Carries out what is no access and no instruction. */
  Report perform(Statement statement) throws ScenarioException {
    return switch (statement) {
      case Statement.NewProcess s -> create(s.name());
      case Statement.Exit s -> {
        machine.exit(processes.get(s.process()));
        yield Report.of(s.process() + " ends; its memory is given up.", Report.OK, 0);
      }
      case Statement.Fork s -> fork(s);
      case Statement.NewFile s -> newFile(s);
      case Statement.Map s -> map(s);
      case Statement.Unmap s -> {
        AddressSpace mm = processes.get(s.process());
        yield call("munmap", () -> mm.calls().munmap(s.address(), s.bytes()));
      }
      case Statement.Protect s -> protect(s);
      case Statement.Advise s -> {
        AddressSpace mm = processes.get(s.process());
        yield call("madvise", () -> mm.calls().madvise(s.address(), s.bytes(), s.advice().code()));
      }
      case Statement.AllocateKey s -> {
        AddressSpace mm = processes.get(s.process());
        yield call("pkey_alloc", () -> mm.calls().pkeyAlloc());
      }
      case Statement.Tick _ -> {
        machine.call(() -> {
          kernel.tick();
          return 0;
        });
        yield Report.of("The timer ticks.", Report.OK, 0);
      }
      default -> throw new IllegalStateException("no call: " + statement);
    };
  }

  private Report call(String name, LongSupplier operation) {
    long result = machine.call(operation);
    if (result >= 0) {
      return Report.of(name + " returns " + Hex.of(result) + '.', Report.OK, result);
    }
    return Report.of(name + " is refused: " + Errno.of(result) + '.', Report.REFUSED, result);
  }

  private Report create(String name) throws ScenarioException {
    processes.checkNew(name);
    Optional<AddressSpace> mm = kernel.newAddressSpace();
    machine.spend();
    if (mm.isEmpty()) {
      return Report.of("There is no memory for the tables of " + name + '.', Report.REFUSED, 0);
    }
    processes.add(name, mm.get());
    return Report.of(
        name + " begins: an empty address space, its top table at " + Hex.of(mm.get().root()) + '.',
        Report.OK,
        0);
  }

  private Report fork(Statement.Fork fork) throws ScenarioException {
    processes.checkNew(fork.child());
    AddressSpace parent = processes.get(fork.process());
    Optional<AddressSpace> child = kernel.fork(parent);
    machine.spend();
    if (child.isEmpty()) {
      return Report.of("fork is refused: ENOMEM.", Report.REFUSED, 0);
    }
    processes.add(fork.child(), child.get());
    return Report.of(
        fork.process()
            + " forks "
            + fork.child()
            + ": same frames, and every private page that was writable is now read-only in both.",
        Report.OK,
        0);
  }

  private Report newFile(Statement.NewFile s) throws ScenarioException {
    if (files.size() == MOST_FILES || s.bytes() > LARGEST_FILE || files.containsKey(s.name())) {
      throw new ScenarioException("expected a new file of at most 16 MiB, and at most 8 files");
    }
    FileObject file = kernel.createFile(s.name(), FileSystem.EXT4);
    machine.call(() -> kernel.fileCalls().ftruncate(file, s.bytes()));
    files.put(s.name(), file);
    return Report.of(
        "A file " + s.name() + " of " + s.bytes() / 1024 + " KiB lies on the disk.", Report.OK, 0);
  }

  private Report map(Statement.Map s) throws ScenarioException {
    AddressSpace mm = processes.get(s.process());
    if (s.bytes() > LARGEST_MAPPING) {
      throw new ScenarioException("expected a mapping of at most 64 MiB");
    }
    FileObject file = s.file() == null ? null : files.get(s.file());
    if (s.file() != null && file == null) {
      throw new ScenarioException("expected a file that was made before: file " + s.file());
    }
    int flags = s.flags() | MapFlag.FIXED_NOREPLACE | (file == null ? MapFlag.ANONYMOUS : 0);
    var request =
        new MmapRequest(s.address(), s.bytes(), s.prot(), flags, Optional.ofNullable(file), 0);
    Report report = call("mmap", () -> mm.calls().mmap(request));
    if (s.huge() && report.value() >= 0) {
      int advice = Advice.HUGEPAGE.code();
      machine.call(() -> mm.calls().madvise(s.address(), s.bytes(), advice));
    }
    return report;
  }

  private Report protect(Statement.Protect s) throws ScenarioException {
    AddressSpace mm = processes.get(s.process());
    return s.key() < 0
        ? call("mprotect", () -> mm.calls().mprotect(s.address(), s.bytes(), s.prot()))
        : call(
            "pkey_mprotect",
            () -> mm.calls().pkeyMprotect(s.address(), s.bytes(), s.prot(), s.key()));
  }
}
