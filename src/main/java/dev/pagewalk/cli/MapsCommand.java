package dev.pagewalk.cli;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.explain.Words;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.Leaf;
import dev.pagewalk.spec.PageTableListing;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pagewalk maps}: every page that the page tables of a memory image map. */
@Command(
    name = "maps",
    description = {
      "Every page that the page tables of a memory image map, in address order.",
      "Flags are those of the entry that maps the page: X no-execute, G global, P bit 7, D dirty,"
          + " A accessed, C cache disable, T write-through, U user, W writable."
    })
final class MapsCommand implements Callable<Integer> {
  private final Terminal terminal;

  @Mixin private MachineOptions options;

  @Option(
      names = "--merge",
      description = "join neighbours: both addresses go on and the flags are the same")
  private boolean merge;

  @Option(names = "--json", description = "one JSON object a line for a program")
  private boolean asJson;

  private JsonLines json;
  private PageLine pending;
  private long pages;
  private long bytes;

  MapsCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws Exception {
    MachineOptions.Machine machine = options.machine();
    PageTableListing listing;
    try (PhysicalMemory memory = options.memory();
        JsonLines lines = asJson ? new JsonLines(terminal.out()) : null) {
      json = lines;
      if (memory.isHole(machine.registers().root())) {
        throw new InputException(
            "CR3: expected a root table in the image, found none at physical address "
                + Hex.of(machine.registers().root()));
      }
      listing = new PageTableListing(memory, machine.cpu(), machine.registers(), this::list);
      listing.run();
      if (pending != null) {
        print(pending);
      }
    }
    if (!asJson) {
      terminal
          .out()
          .printf(
              Locale.ROOT, "%,d pages, %s mapped%n", pages, bytes == 0 ? "nothing" : inMiB(bytes));
    }
    note(listing.missingTables(), "tables outside the image; what they map is not listed");
    note(listing.reservedEntries(), "present entries with reserved bits set; they map nothing");
    return Main.OK;
  }

  private void list(Leaf leaf) {
    pages++;
    bytes += leaf.pageBytes();
    PageLine line = PageLine.of(leaf);
    if (!merge) {
      print(line);
    } else if (pending == null) {
      pending = line;
    } else if (pending.isFollowedBy(line)) {
      pending = pending.joined(line);
    } else {
      print(pending);
      pending = line;
    }
  }

  private void print(PageLine line) {
    if (asJson) {
      json.begin()
          .text("va", Hex.word(line.va()))
          .hex("pa", line.pa())
          .number("size", line.bytes())
          .text("flags", line.flags())
          .end();
      return;
    }
    Style style = terminal.style();
    String pa = Hex.of(line.pa());
    String size = Words.size(line.bytes());
    terminal
        .out()
        .println(
            style.name(Hex.word(line.va()))
                + "  "
                + " ".repeat(Math.max(0, 15 - pa.length()))
                + pa
                + " ".repeat(Math.max(1, 12 - size.length()))
                + size
                + "  "
                + line.flags());
  }

  private static String inMiB(long bytes) {
    long kib = bytes >>> 10;
    return String.format(Locale.ROOT, "%,d KiB", kib);
  }

  private void note(long count, String what) {
    if (count > 0) {
      terminal.err().println("pagewalk: note: " + what + ": " + count);
    }
  }
}
