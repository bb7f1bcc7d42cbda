package dev.pagewalk.web;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.explain.EntryExplanation;
import dev.pagewalk.explain.EntryFlip;
import dev.pagewalk.explain.ErrorExplanation;
import dev.pagewalk.kernel.LinuxEntry;
import dev.pagewalk.machine.classroom.Classroom;
import dev.pagewalk.machine.classroom.ScenarioException;
import dev.pagewalk.machine.classroom.Statement;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The translation of one address as a document: fields, tables, steps, outcome. */
final class WalkView {
  private static final int MOST_NEIGHBOURS = 24;

  private final Classroom room;
  private final PhysicalMemory memory;

  WalkView(Classroom room) {
    this.room = room;
    this.memory = room.computer().memory();
  }

  /** What {@code wanted} would find in the tables now; nothing is changed. */
  Map<String, Object> of(Statement.Access wanted) throws ScenarioException {
    WalkResult walk = room.walk(wanted);
    return new Doc()
        .put("process", wanted.process())
        .hex("address", wanted.address())
        .put("kind", wanted.kind().name().toLowerCase(java.util.Locale.ROOT))
        .put("fields", fields(wanted.address()))
        .put("tables", tables(walk, wanted.address()))
        .put("steps", steps(walk))
        .put("outcome", outcome(walk.outcome()))
        .put("text", WalkExplanation.of(walk))
        .map();
  }

  /** The parts of a linear address with four levels. */
  private static List<Object> fields(long address) {
    List<Object> fields = new ArrayList<>();
    fields.add(field("sign", 63, 48, address >>> 48));
    for (Level level : List.of(Level.PML4, Level.PDPT, Level.PD, Level.PT)) {
      int low = level.shift();
      fields.add(field(level.name(), low + 8, low, level.index(address)));
    }
    fields.add(field("offset", 11, 0, address & 0xfff));
    return fields;
  }

  private static Object field(String name, int high, int low, long value) {
    return new Doc().put("name", name).put("high", high).put("low", low).put("value", value).map();
  }

  private List<Object> tables(WalkResult walk, long address) {
    List<Object> tables = new ArrayList<>();
    for (WalkStep step : walk.steps()) {
      if (step instanceof WalkStep.EntryRead read) {
        tables.add(table(read, address));
      }
    }
    return tables;
  }

  private Object table(WalkStep.EntryRead read, long address) {
    Level level = read.kind().level();
    long table = read.physicalAddress() & -Level.TABLE_BYTES;
    List<Object> used = new ArrayList<>();
    for (int i = 0; i < Level.ENTRIES && used.size() < MOST_NEIGHBOURS; i++) {
      long word = memory.read64(table + 8L * i);
      if (word != 0) {
        used.add(new Doc().put("index", i).hex("entry", word).map());
      }
    }
    return new Doc()
        .put("level", level.name().toLowerCase(java.util.Locale.ROOT))
        .put("name", level.entryName())
        .put("title", read.kind().title())
        .hex("table", table)
        .put("index", level.index(address))
        .hex("address", read.physicalAddress())
        .put("entry", Hex.word(read.entry()))
        .put("used", used)
        .put("meaning", meaning(read.kind(), read.entry()))
        .put("bits", bits(read.kind(), read.entry()))
        .map();
  }

  private List<String> meaning(EntryKind kind, long entry) {
    EntryExplanation explained = explained(kind, entry);
    List<String> sentences = new ArrayList<>(explained.sentences());
    if (!explained.isPresent() && kind.level() == Level.PT) {
      sentences.add("To Linux it is: " + LinuxEntry.describe(entry) + '.');
    }
    return sentences;
  }

  private EntryExplanation explained(EntryKind kind, long entry) {
    return new EntryExplanation(entry, kind, room.mmu().cpu().maxPhyAddr());
  }

  /** The fields of the entry, from bit 63 down, each with what flipping it would do. */
  private List<Object> bits(EntryKind kind, long entry) {
    EntryExplanation explained = explained(kind, entry);
    List<EntryFlip> flips = EntryFlip.of(explained);
    List<Object> fields = new ArrayList<>();
    for (Field field : fields(kind, entry)) {
      String effect = "";
      for (EntryFlip flip : flips) {
        boolean same = flip.field().high() == field.high() && flip.field().low() == field.low();
        effect = same ? flip.effect() : effect;
      }
      boolean counts = explained.isPresent() || field.low() == 0;
      fields.add(
          new Doc()
              .put("name", field.name())
              .put("high", field.high())
              .put("low", field.low())
              .hex("value", field.in(entry))
              .put("role", counts ? field.role().name().toLowerCase(java.util.Locale.ROOT) : "idle")
              .put("meaning", field.meaning())
              .put("flip", effect)
              .map());
    }
    return fields;
  }

  /** The entry's fields; of one that is not present and not empty, as Linux has laid it out. */
  private List<Field> fields(EntryKind kind, long entry) {
    boolean ofLinux = !Entry.has(entry, Entry.P) && entry != 0 && kind.level() == Level.PT;
    if (ofLinux) {
      return Entry.has(entry, Entry.G) ? LinuxEntry.PROT_NONE : LinuxEntry.SWAP;
    }
    return dev.pagewalk.explain.Words.splitAddress(kind.fields(), room.mmu().cpu().maxPhyAddr());
  }

  /** The steps of a walk, one object each. */
  static List<Object> steps(WalkResult walk) {
    List<Object> steps = new ArrayList<>();
    RightsSoFar soFar = new RightsSoFar();
    for (WalkStep step : walk.steps()) {
      Doc doc = new Doc();
      switch (step) {
        case WalkStep.AddressChecked checked ->
            doc.put("type", "address").put("passed", checked.canonical());
        case WalkStep.EntryRead read ->
            doc.put("type", "read")
                .put("level", read.kind().level().name().toLowerCase(java.util.Locale.ROOT))
                .hex("address", read.physicalAddress())
                .hex("entry", read.entry())
                .put("soFar", soFar.after(read.entry()));
        case WalkStep.Stopped stopped ->
            doc.put("type", "stopped").put("rule", stopped.rule().text());
        case WalkStep.RightsChecked checked ->
            doc.put("type", "rights")
                .put("user", checked.rights().userMode())
                .put("writable", checked.rights().writable())
                .put("executable", !checked.rights().executeDisable())
                .put("violated", checked.violated().stream().map(rule -> rule.text()).toList());
        case WalkStep.Marked marked ->
            doc.put("type", "marked")
                .hex("address", marked.physicalAddress())
                .hex("before", marked.before())
                .hex("after", marked.after());
        case WalkStep.Restarted restarted ->
            doc.put("type", "restarted").hex("address", restarted.physicalAddress());
      }
      steps.add(doc.put("lines", WalkExplanation.lines(step)).map());
    }
    return steps;
  }

  /** An outcome; of a page fault, the error code bit by bit and in words. */
  static Map<String, Object> outcome(Outcome outcome) {
    Doc doc = new Doc().put("text", WalkExplanation.outcome(outcome));
    switch (outcome) {
      case Outcome.Reached reached -> doc.hex("physical", reached.physicalAddress());
      case Outcome.PageFault fault -> {
        var error = new ErrorExplanation(fault.error());
        List<Object> bits = new ArrayList<>();
        for (Field field : ErrorCode.FIELDS) {
          if (field.role() == Field.Role.DEFINED) {
            bits.add(
                new Doc()
                    .put("name", field.name())
                    .put("bit", field.low())
                    .put("value", field.in(fault.error()))
                    .put("meaning", field.meaning())
                    .map());
          }
        }
        doc.put("fault", fault.vector())
            .hex("error", fault.error())
            .hex("cr2", fault.cr2())
            .put("bits", bits)
            .put("sentences", error.sentences())
            .put("causes", error.causes());
      }
      case Outcome.Fault fault -> doc.put("fault", fault.vector());
      case Outcome.Done _ -> {}
    }
    return doc.map();
  }
}
