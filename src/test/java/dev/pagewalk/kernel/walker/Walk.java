package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Errno;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.FileSystem;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelCheck;
import dev.pagewalk.kernel.KernelOptions;
import dev.pagewalk.kernel.NumaTopology;
import dev.pagewalk.kernel.OvercommitMode;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.SwapArea;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Machine;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The machine that is walked on and the model beside it. */
final class Walk implements AutoCloseable {
  static final int PLACES = 3;
  static final int CORES = 4;
  static final int FILES = 4;
  static final long GAP = 4 * 4096;

  /** Steps between two ticks of the timer, where memory is reclaimed. */
  private static final int TICK = 16;

  final Setting setting;
  final Kernel kernel;
  final Machine machine;
  final ModelProcess[] processes = new ModelProcess[PLACES];
  final List<ModelObject> files = new ArrayList<>();
  final Placement placement;
  final UnitNotice units;
  private final HostFiles hostFiles;

  /** Steps that failed because there was too little memory. */
  int shortages;

  /** Processes that were killed for it. */
  int killed;

  private int performed;
  private final SwapArea swap;
  private final Steps steps;
  private final byte[] page = new byte[4096];

  Walk(World world) {
    setting = world.setting();
    steps = new Steps(this);
    world.memory().clear();
    swap = SwapArea.inMemory(setting.swap(), setting.synchronous());
    KernelOptions options =
        KernelOptions.DEFAULT
            .withHugePages(setting.huge())
            .withStackGuardGapBytes(GAP)
            .withIsolation(setting.isolation())
            .withProtectionKeys(setting.extras().keys())
            .withOvercommit(OvercommitMode.ALWAYS, 50);
    int nodes = setting.extras().nodes();
    NumaTopology topology =
        nodes == 1
            ? NumaTopology.single()
            : NumaTopology.of(Collections.nCopies(nodes, setting.memory() / nodes));
    kernel = new Kernel(world.memory(), options, topology);
    kernel.setHugetlbPages(setting.extras().hugetlbBytes(), setting.extras().hugetlbPages());
    setting.pressed().ifPresent(pressed -> kernel.useReclaim(pressed.options()));
    setting.pressed().ifPresent(pressed -> kernel.prefetch().use(pressed.prefetch()));
    kernel.swapOn(swap);
    machine = world.maker().over(kernel);
    world.mmus().forEach(mmu -> machine.addCore(mmu, machine.cores().size() % nodes));
    setting.pressed().ifPresent(this::press);
    placement = new Placement(this);
    units = new UnitNotice(this);
    hostFiles = new HostFiles(world.folder());
    for (int i = 0; i < FILES; i++) {
      boolean disk = i % 2 == 0;
      files.add(
          disk && world.folder().isPresent()
              ? hostFiles.open(kernel, "file" + i, i > 0)
              : inMemory("file" + i, disk));
    }
  }

  private ModelObject inMemory(String name, boolean disk) {
    FileObject file = kernel.createFile(name, disk ? FileSystem.EXT4 : FileSystem.TMPFS);
    return new ModelObject(file, disk, 0);
  }

  private void press(Setting.Pressed pressed) {
    kernel.rootGroup().child("few").setMax(pressed.few());
    machine.spend();
    kernel.onOomKill(this::ended);
  }

  /** A process is ended because memory is out. */
  private void ended(AddressSpace mm) {
    machine.exit(mm);
    for (int who = 0; who < PLACES; who++) {
      if (processes[who] != null && processes[who].mm == mm) {
        processes[who] = null;
        killed++;
      }
    }
  }

  /** A new process comes under the group of its place. */
  void joinGroup(int who) {
    if (setting.pressed().isPresent() && who < 2) {
      processes[who].mm.setGroup(kernel.rootGroup().children().getFirst());
    }
  }

  /** Makes a step on the machine and in the model; false if there is nothing to do. */
  boolean perform(Step step) {
    boolean done = steps.perform(step);
    for (ModelProcess process : processes) {
      if (process != null && process.mm.isKilled()) {
        ended(process.mm);
      }
    }
    if (setting.pressed().isPresent() && ++performed % TICK == 0) {
      machine.call(() -> {
        kernel.tick();
        return 0;
      });
    }
    return done;
  }

  /** The core that a step runs on, with its process loaded. */
  Core core(Step step) {
    Core core = machine.cores().get(step.core());
    core.switchTo(processes[step.who()].mm);
    return core;
  }

  /** Ends all processes; afterwards nobody but files has memory. */
  void end() {
    for (int who = 0; who < PLACES; who++) {
      perform(new Step(Operation.EXIT, who, 0, 0, 0, 0, 0));
    }
    KernelCheck.empty(kernel);
    hostFiles.compare(kernel, files);
  }

  // --- what the steps share ---

  /**
   * Compares the result of a call with the model's.
   *
   * @return whether the call has done something: not if it was refused, or there was no memory
   */
  boolean agrees(long result, long expected) {
    if (result == expected) {
      return expected >= 0;
    }
    if (isForMemory(result)) {
      shortages++;
      return false;
    }
    throw new AssertionError("result %s, expected %s".formatted(text(result), text(expected)));
  }

  /** Whether a call may have failed because there is too little memory. */
  boolean isForMemory(long result) {
    return setting.tight()
        && (result == Errno.ENOMEM.result()
            || result == Errno.EAGAIN.result()
            || result == Errno.EINTR.result());
  }

  private static String text(long result) {
    return Errno.isError(result) ? Errno.of(result).name() : "0x" + Long.toHexString(result);
  }

  /** Finds out whether the kernel has dropped a page that it may drop. */
  void settle(ModelProcess process, long address) {
    ModelPage expected = process.at(address);
    boolean unsure = expected != null && (expected.lazy || expected.showsTail());
    if (unsure && process.mm.peek(address, page)) {
      compare(process, address & -4096);
    }
  }

  /** Whether the process has just these contents there. */
  boolean holds(ModelProcess process, long address, long[] words) {
    return process.mm.peek(address, page) && Contents.matches(words, page);
  }

  /** Private pages of files that a call has brought in writable are copies since. */
  void adopt(ModelProcess process, long start, long end) {
    for (long at = start & -4096; at < end; at += ModelProcess.PAGE) {
      ModelPage page = process.at(at);
      if (page == null || page.shared || page.own != null || page.object == null) {
        continue;
      }
      PageView view = process.mm.page(at);
      settle(process, at);
      boolean copy = view.kind() == PageView.Kind.PRESENT && !view.file() && !view.zero();
      if (copy || view.kind() == PageView.Kind.SWAP) {
        page.unshare();
      }
    }
  }

  // --- comparing ---

  /** Compares the contents of a page, if it is mapped, with the model's. */
  void compare(ModelProcess process, long address) {
    ModelPage expected = process.at(address);
    if (expected == null) {
      return;
    }
    boolean readable = process.mm.peek(address, page);
    if (!readable && setting.tight() && expected.canBeHad()) {
      // To look into swap takes a frame.
      return;
    }
    if (readable != expected.canBeHad()) {
      throw new AssertionError(
          "page 0x%x can be read: %b, expected %b".formatted(address, readable, !readable));
    }
    if (!readable || Contents.matches(expected.contents(), page)) {
      return;
    }
    if (expected.lazy && Contents.matches(Contents.ZERO, page)) {
      expected.drop();
      return;
    }
    if (expected.showsTail()) {
      expected.object.zeroTail();
      if (Contents.matches(expected.contents(), page)) {
        return;
      }
    }
    throw new AssertionError(
        "page 0x%x of process %d holds %s, expected %s"
            .formatted(
                address, process.mm.id(), Contents.text(page), Contents.text(expected.contents())));
  }

  /** Compares everything: mappings and contents of all processes, and the files. */
  void compareAll() {
    for (ModelProcess process : processes) {
      if (process != null) {
        new MappingComparison(process).run();
        new UnitComparison(process, setting.extras().hugetlbBytes()).run();
        process
            .mm
            .view()
            .forEach(vma -> {
              if (vma.start() >= ModelUnit.START && vma.flags().contains("ht")) {
                return;
              }
              for (long at = vma.start(); at < vma.end(); at += ModelProcess.PAGE) {
                compare(process, at);
              }
            });
      }
    }
    for (ModelObject file : files) {
      for (long index = 0; index < file.sizeInPages(); index++) {
        boolean read = kernel.fileCalls().peek(file.file, index, page);
        if (!read && setting.tight()) {
          continue;
        }
        if (file.hasTail(index) && !Contents.matches(file.page(index), page)) {
          file.zeroTail();
        }
        if (!Contents.matches(file.page(index), page)) {
          throw new AssertionError(
              "page %d of %s holds %s, expected %s"
                  .formatted(
                      index,
                      file.file.name(),
                      Contents.text(page),
                      Contents.text(file.page(index))));
        }
      }
    }
  }

  void compareMappings(int who) {
    if (processes[who] != null) {
      new MappingComparison(processes[who]).run();
    }
  }

  /** Checks what the TLBs of all cores hold. */
  void checkTlbs() {
    for (Core core : machine.cores()) {
      KernelCheck.tlb(kernel, core.tlbState(), core.mmu().snapshot());
    }
  }

  @Override
  public void close() {
    kernel.close();
    hostFiles.close();
    swap.close();
  }
}
