package dev.pagewalk.vectors;

import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.FileSystem;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelOptions;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.MemoryFileStore;
import dev.pagewalk.kernel.MmapRequest;
import dev.pagewalk.kernel.Prot;
import dev.pagewalk.kernel.SwapArea;
import dev.pagewalk.kernel.VmaView;
import dev.pagewalk.machine.Core;
import dev.pagewalk.machine.Machine;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** The machine on which scenarios were recorded, and their files. */
final class ScenarioSetting {
  private static final int PAGE = 4096;

  /** 24 GB of memory. */
  private static final long MEMORY_BYTES = 24L << 30;

  /** A swap device of 256 MB in memory: writing out is immediate. */
  private static final long SWAP_BYTES = 256L << 20;

  private static final long PROGRAM_BYTES = 1 << 16;

  private ScenarioSetting() {}

  /** The memory of the machine; it may be cleared and used again. */
  static PhysicalMemory memory() {
    return PhysicalMemory.ofSize(MEMORY_BYTES);
  }

  /** A new kernel over {@code memory}, with swap if the scenario ran with it. */
  static Kernel kernel(Scenario scenario, PhysicalMemory memory) {
    Kernel kernel = new Kernel(memory, KernelOptions.DEFAULT);
    if (scenario.swap()) {
      kernel.swapOn(SwapArea.inMemory(SWAP_BYTES, true));
    }
    return kernel;
  }

  /**
   * What a process has outside of the window before the first step.
   *
   * @param start of the mapping that stands for its program and libraries
   * @param tables page-table pages at that time
   */
  record Outside(long start, long tables) {
    /** Whether {@code vma} is no part of a scenario. */
    boolean has(VmaView vma) {
      return vma.start() == start;
    }
  }

  /**
   * Gives the process a mapping where the kernel puts libraries. Without it, page tables there
   * would be new to the first mapping that a scenario leaves to the kernel to place.
   */
  static Outside program(AddressSpace mm, Core core, Machine machine) {
    int prot = Prot.READ | Prot.WRITE;
    long start =
        machine.call(
            () -> mm.calls().mmap(MmapRequest.anonymous(0, PROGRAM_BYTES, prot, MapFlag.PRIVATE)));
    // Mappings with another VmFlag do not join it.
    machine.call(() -> mm.calls().madvise(start, PROGRAM_BYTES, Advice.DONTDUMP.code()));
    core.switchTo(mm);
    core.store(start, 1, 0);
    return new Outside(start, mm.pageTablePages());
  }

  /** The files of {@code scenario} as they are at the start. */
  static Map<String, FileObject> files(Scenario scenario, Machine machine) {
    Map<String, FileObject> files = new LinkedHashMap<>();
    for (Scenario.SourceFile source : scenario.files()) {
      files.put(source.name(), file(source, files.size(), machine));
    }
    return files;
  }

  private static FileObject file(Scenario.SourceFile source, int number, Machine machine) {
    Kernel kernel = machine.kernel();
    byte[] page = new byte[PAGE];
    if (source.tmpfs()) {
      FileObject file = kernel.createFile(source.name(), FileSystem.TMPFS);
      machine.call(() -> kernel.fileCalls().ftruncate(file, source.size()));
      for (long at = 0; at < source.size() && !source.hole(); at += PAGE) {
        long from = at;
        fill(page, at, number);
        byte[] bytes = Arrays.copyOf(page, (int) Math.min(PAGE, source.size() - at));
        machine.call(() -> kernel.fileCalls().write(file, from, bytes));
      }
      return file;
    }
    MemoryFileStore store = new MemoryFileStore();
    for (long at = 0; at < source.size() && !source.hole(); at += PAGE) {
      fill(page, at, number);
      int bytes = (int) Math.min(PAGE, source.size() - at);
      Arrays.fill(page, bytes, PAGE, (byte) 0);
      store.write(at >>> 12, page);
    }
    FileObject file = kernel.openFile(source.name(), store, source.size());
    if (!source.hole() && !source.cold()) {
      machine.call(() -> kernel.fileCalls().readAhead(file));
    }
    return file;
  }

  /** The bytes that the format gives the {@code number}th file from offset {@code at} on. */
  private static void fill(byte[] page, long at, int number) {
    for (int i = 0; i < PAGE; i++) {
      boolean ret = i >= 0xff0 && i < 0xff8;
      page[i] = (byte) (ret ? 0xc3 : (at >>> 12) * 37 + i * 11L + number * 101L + 1);
    }
  }
}
