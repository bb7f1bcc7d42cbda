package dev.pagewalk.vectors;

import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.FileSystem;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelOptions;
import dev.pagewalk.kernel.MemoryFileStore;
import dev.pagewalk.kernel.SwapArea;
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
    for (long at = 0; at < source.size() && !source.hole() && !source.cold(); at += PAGE) {
      long from = at;
      machine.call(() -> kernel.fileCalls().read(file, from, new byte[1]));
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
