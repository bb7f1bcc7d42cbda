package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FrameView;
import dev.pagewalk.kernel.MemoryGroup;
import dev.pagewalk.kernel.MemoryInspection;
import dev.pagewalk.kernel.SwapSlotView;
import dev.pagewalk.mmu.MmuSnapshot;
import dev.pagewalk.mmu.TlbEntry;
import dev.pagewalk.spec.WalkExplanation;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** What {@code show} shows of a machine, in lines for people. */
final class Display {
  private static final long PAGE = 4096;
  private static final int MOST_FRAMES = 256;
  private static final int MOST_SLOTS = 64;

  private final Classroom room;

  Display(Classroom room) {
    this.room = room;
  }

  /** The lines of one thing. */
  List<String> of(Statement.Show show) throws ScenarioException {
    return switch (show.what()) {
      case WALK -> walk(show.access());
      case TLB -> tlb();
      case MAPS -> maps(show.process());
      case PAGES -> pages(show.process());
      case FRAMES -> frames();
      case REGISTERS -> registers();
      case FIGURES -> figures();
    };
  }

  private List<String> walk(Statement.Access access) throws ScenarioException {
    List<String> lines = new ArrayList<>(WalkExplanation.of(room.walk(access)).lines().toList());
    AddressSpace mm = room.processes().get(access.process());
    if (room.core().loaded() != mm) {
      return lines;
    }
    for (List<TlbEntry> entries : room.mmu().snapshot().tlbs().values()) {
      for (TlbEntry entry : entries) {
        long offset = access.address() - entry.linearAddress();
        boolean covers = Long.compareUnsigned(offset, entry.size().bytes()) < 0;
        if (covers && room.isStale(entry)) {
          lines.add(
              "The TLB says otherwise: "
                  + Hex.of(entry.linearAddress())
                  + " -> "
                  + Hex.of(entry.physicalAddress())
                  + ", "
                  + rights(entry)
                  + ". It is stale until INVLPG or a flush.");
        }
      }
    }
    return lines;
  }

  private List<String> tlb() {
    MmuSnapshot snapshot = room.mmu().snapshot();
    List<String> lines = new ArrayList<>();
    snapshot
        .tlbs()
        .forEach((name, entries) -> {
          lines.add(name + ": " + counted(entries.size(), "entry", "entries"));
          if (!entries.isEmpty()) {
            lines.addAll(tlbTable(entries));
          }
        });
    snapshot
        .pagingStructureCaches()
        .forEach((level, entries) -> {
          lines.add(level.entryName() + " cache: " + counted(entries.size(), "entry", "entries"));
          entries.forEach(entry ->
              lines.add(
                  "  from %s PCID %d -> table at %s"
                      .formatted(
                          Hex.of(entry.linearAddress()), entry.pcid(), Hex.of(entry.table()))));
        });
    return lines;
  }

  private List<String> tlbTable(List<TlbEntry> entries) {
    Table table = new Table("set", "way", "age", "PCID", "linear", "physical", "size", "rights");
    for (TlbEntry entry : entries) {
      table.row(
          entry.set(),
          entry.way(),
          entry.age(),
          entry.flags().contains(TlbEntry.Flag.GLOBAL) ? "any" : entry.pcid(),
          Hex.of(entry.linearAddress()),
          Hex.of(entry.physicalAddress()),
          entry.size().shortName(),
          rights(entry) + (room.isStale(entry) ? ", stale" : ""));
    }
    return table.lines();
  }

  private static String rights(TlbEntry entry) {
    String key = entry.key() == 0 ? "" : ", key " + entry.key();
    return (entry.flags().contains(TlbEntry.Flag.USER) ? "user " : "supervisor ")
        + 'r'
        + (entry.flags().contains(TlbEntry.Flag.WRITABLE) ? 'w' : '-')
        + (entry.flags().contains(TlbEntry.Flag.EXECUTABLE) ? 'x' : '-')
        + (entry.flags().contains(TlbEntry.Flag.DIRTY) ? ", dirty" : "")
        + key;
  }

  /** Those of {@code process}; of all if it is null. */
  private List<String> processes(String process) throws ScenarioException {
    if (process == null) {
      return List.copyOf(room.processes().alive().keySet());
    }
    room.processes().get(process);
    return List.of(process);
  }

  private List<String> maps(String process) throws ScenarioException {
    List<String> lines = new ArrayList<>();
    for (String name : processes(process)) {
      AddressSpace mm = room.processes().get(name);
      lines.add(
          "%s: %s in memory, %s of tables, %s, %s"
              .formatted(
                  name,
                  counted(Pages.resident(mm), "page", "pages"),
                  counted(mm.pageTablePages() + 1, "frame", "frames"),
                  counted(mm.minorFaults(), "minor fault", "minor faults"),
                  counted(mm.majorFaults(), "major fault", "major faults")));
      mm.proc().maps().lines().forEach(line -> lines.add("  " + line.stripTrailing()));
    }
    return lines;
  }

  /** The pages of all mappings; neighbours of which the same is to be said are one row. */
  private List<String> pages(String process) throws ScenarioException {
    var inspection = new MemoryInspection(room.computer().machine().kernel());
    PageStates states = new PageStates(room, inspection.frames(Integer.MAX_VALUE));
    List<String> lines = new ArrayList<>();
    for (String name : processes(process)) {
      lines.add(name + ':');
      Table table = new Table();
      PageState first = null;
      PageState last = null;
      for (PageState page : states.all(room.processes().get(name))) {
        boolean joins =
            first != null
                && page.address() == last.address() + PAGE
                && page.rights().equals(first.rights())
                && page.text().equals(first.text());
        if (first != null && !joins) {
          row(table, first, last);
        }
        first = joins ? first : page;
        last = page;
      }
      if (first != null) {
        row(table, first, last);
      }
      lines.addAll(table.lines());
    }
    return lines;
  }

  private static void row(Table table, PageState first, PageState last) {
    long count = (last.address() - first.address()) / PAGE + 1;
    table.row(
        Hex.of(first.address()), counted(count, "page", "pages"), first.rights(), first.text());
  }

  private List<String> frames() {
    MemoryInspection inspection = new MemoryInspection(room.computer().machine().kernel());
    MemoryGroup group = room.computer().machine().kernel().rootGroup();
    List<String> lines = new ArrayList<>();
    String limit = group.max() == MemoryGroup.NO_LIMIT ? "" : " of " + group.max();
    lines.add(group.current() + limit + " frames of user memory are in use.");
    Table table = new Table("frame", "use", "references", "mapped by", "flags");
    for (FrameView frame : inspection.frames(MOST_FRAMES)) {
      StringJoiner mappers = new StringJoiner(", ");
      frame
          .mappers()
          .forEach(at ->
              mappers.add(room.processes().nameOf(at.process()) + ' ' + Hex.of(at.address())));
      table.row(
          Hex.of(frame.number()),
          frame.kind().name().toLowerCase(Locale.ROOT),
          frame.references(),
          mappers.length() == 0 ? "-" : mappers,
          String.join(", ", frame.flags()));
    }
    lines.addAll(table.lines());
    for (SwapSlotView slot : inspection.swapSlots(MOST_SLOTS)) {
      lines.add(
          "  swap slot %s of area %d: %s"
              .formatted(
                  Hex.of(slot.slot()), slot.area(), counted(slot.entries(), "entry", "entries")));
    }
    return lines;
  }

  private List<String> registers() {
    Registers now = room.mmu().registers();
    Table table = new Table();
    table.row("CR0", Hex.of(now.cr0()), names(Cr0.FIELDS, now.cr0()));
    table.row("CR2", Hex.of(room.mmu().cr2()), "the address of the last page fault");
    String pcid = now.pcide() ? "PCID " + (now.cr3() & 0xfff) + ", " : "";
    table.row("CR3", Hex.of(now.cr3()), pcid + "top table at " + Hex.of(now.root()));
    table.row("CR4", Hex.of(now.cr4()), names(Cr4.FIELDS, now.cr4()));
    table.row("EFER", Hex.of(now.efer()), names(Efer.FIELDS, now.efer()));
    if (room.mmu().cpu().has(Feature.PKU)) {
      table.row("PKRU", Hex.of(Integer.toUnsignedLong(now.pkru())), keys(now.pkru()));
    }
    return table.lines();
  }

  private static String names(List<Field> fields, long value) {
    StringJoiner names = new StringJoiner(" ");
    for (Field field : fields) {
      boolean set = field.role() == Field.Role.DEFINED && field.in(value) != 0;
      if (set) {
        names.add(field.name());
      }
    }
    return names.toString();
  }

  /** Which keys forbid what. */
  private static String keys(int pkru) {
    StringJoiner keys = new StringJoiner(", ");
    for (int key = 0; key < ProtectionKeys.KEYS; key++) {
      if (ProtectionKeys.accessDisabled(pkru, key)) {
        keys.add("key " + key + ": no access");
      } else if (ProtectionKeys.writeDisabled(pkru, key)) {
        keys.add("key " + key + ": no write");
      }
    }
    return keys.length() == 0 ? "no key forbids anything" : keys.toString();
  }

  private List<String> figures() {
    Figures now = room.figures();
    Table table = new Table();
    table.row("accesses", now.accesses());
    table.row("translations", now.translations());
    table.row("TLB hits", now.hits());
    table.row("page walks", now.walks());
    table.row("words of tables read", now.words());
    table.row("minor faults", now.minor());
    table.row("major faults", now.major());
    table.row("evictions", now.evictions());
    table.row("copies", now.copies());
    table.row("pages swapped in", now.swapIns());
    table.row("pages swapped out", now.swapOuts());
    BigDecimal time = now.nanoseconds();
    table.row("time of an access", time == null ? "-" : time.toPlainString() + " ns");
    return table.lines();
  }

  private static String counted(long count, String one, String more) {
    return count < 0 ? "unknown " + more : count + " " + (count == 1 ? one : more);
  }

  /** Rows of cells, set in columns. */
  private static final class Table {
    private final List<String[]> rows = new ArrayList<>();

    Table(Object... head) {
      if (head.length > 0) {
        row(head);
      }
    }

    void row(Object... cells) {
      String[] row = new String[cells.length];
      for (int i = 0; i < cells.length; i++) {
        row[i] = cells[i].toString();
      }
      rows.add(row);
    }

    List<String> lines() {
      List<String> lines = new ArrayList<>();
      for (String[] row : rows) {
        StringBuilder line = new StringBuilder(" ");
        for (int i = 0; i < row.length; i++) {
          int width = width(i);
          line.append(' ').append(row[i]).append(" ".repeat(width - row[i].length() + 1));
        }
        lines.add(line.toString().stripTrailing());
      }
      return lines;
    }

    private int width(int column) {
      return rows.stream().mapToInt(row -> row[column].length()).max().orElse(0);
    }
  }
}
