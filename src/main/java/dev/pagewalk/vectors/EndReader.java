package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FileObject;
import dev.pagewalk.kernel.VmaView;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;

/** Reads the contents of memory and files at the end of a scenario. */
final class EndReader {
  private static final int PAGE = 4096;

  /** Mappings of more bytes are left out. */
  private static final long LARGEST = 1 << 24;

  private final ScenarioMachine machine;
  private final byte[] buffer = new byte[PAGE];

  EndReader(ScenarioMachine machine) {
    this.machine = machine;
  }

  /** A line for each page of {@code contents}: its address and hash. */
  static List<String> lines(List<Scenario.Content> contents, Map<String, Long> names) {
    List<String> lines = new ArrayList<>();
    for (Scenario.Content content : contents) {
      for (long i = 0; i < content.count(); i++) {
        lines.add(Hex.of(content.at().in(names) + i * PAGE) + " " + content.hash());
      }
    }
    return lines;
  }

  /** A line for each page of the memory of {@code process}, as a debugger reads it. */
  List<String> memory(String process) {
    List<String> lines = new ArrayList<>();
    AddressSpace mm = machine.processes().get(process);
    if (mm == null) {
      return List.of("no process");
    }
    for (VmaView vma : mm.view()) {
      if (machine.outside().has(vma) || vma.end() - vma.start() > LARGEST) {
        continue;
      }
      for (long at = vma.start(); at != vma.end(); at += PAGE) {
        boolean readable = mm.peek(at, buffer);
        machine.machine().spend();
        lines.add(Hex.of(at) + " " + (readable ? hash(buffer, PAGE) : "!"));
      }
    }
    return lines;
  }

  /** The size and the pages of the file {@code name}. */
  Scenario.FileEnd file(String name) {
    FileObject file = machine.files().get(name);
    List<String> pages = new ArrayList<>();
    for (long at = 0; at < file.size(); at += PAGE) {
      long from = at;
      long bytes =
          machine
              .machine()
              .call(() -> machine.machine().kernel().fileCalls().read(file, from, buffer));
      pages.add(bytes < 0 ? "!" : hash(buffer, (int) bytes));
    }
    return new Scenario.FileEnd(file.size(), pages);
  }

  private static String hash(byte[] bytes, int count) {
    if (Arrays.equals(bytes, 0, count, new byte[count], 0, count)) {
      return "0";
    }
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, count);
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
