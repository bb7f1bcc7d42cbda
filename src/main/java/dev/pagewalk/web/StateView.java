package dev.pagewalk.web;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FrameView;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.MemoryGroup;
import dev.pagewalk.kernel.MemoryInspection;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.machine.classroom.Classroom;
import dev.pagewalk.machine.classroom.Figures;
import dev.pagewalk.machine.classroom.PageState;
import dev.pagewalk.machine.classroom.PageStates;
import dev.pagewalk.machine.classroom.Pages;
import dev.pagewalk.machine.classroom.Report;
import dev.pagewalk.mmu.MmuSnapshot;
import dev.pagewalk.mmu.PagingStructureCacheEntry;
import dev.pagewalk.mmu.TlbEntry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** All there is to see of a machine, as a document. */
final class StateView {
  private static final int MOST_FRAMES = 96;
  private static final int MOST_SLOTS = 64;
  private static final int MOST_LINES = 200;
  private static final int MOST_POINTS = 400;

  private final Classroom room;
  private final List<FrameView> frames;

  StateView(Classroom room) {
    this.room = room;
    this.frames = new MemoryInspection(room.computer().machine().kernel()).frames(MOST_FRAMES);
  }

  /** The document. */
  Doc document() {
    Kernel kernel = room.computer().machine().kernel();
    MemoryGroup group = kernel.rootGroup();
    return new Doc()
        .put("machine", room.line().text())
        .put("panic", room.panic())
        .put("processes", processes())
        .put("registers", registers())
        .put("tlbs", tlbs())
        .put("pagingStructureCaches", caches())
        .put("frames", frames())
        .put("resident", group.current())
        .put("frameLimit", group.max() == MemoryGroup.NO_LIMIT ? null : group.max())
        .put("swap", swap(kernel))
        .put("figures", figures())
        .put("series", series())
        .put("log", log());
  }

  private List<Object> processes() {
    PageStates states = new PageStates(room, frames);
    List<Object> list = new ArrayList<>();
    room.processes()
        .alive()
        .forEach((name, mm) -> {
          List<Object> vmas = new ArrayList<>();
          mm.view()
              .forEach(vma ->
                  vmas.add(
                      new Doc()
                          .hex("start", vma.start())
                          .hex("end", vma.end())
                          .put("rights", vma.perms())
                          .put("flags", vma.flags())
                          .put("file", vma.file().map(file -> file.name()).orElse(null))
                          .map()));
          list.add(
              new Doc()
                  .put("name", name)
                  .put("running", room.core().loaded() == mm)
                  .hex("root", mm.root())
                  .put("minorFaults", mm.minorFaults())
                  .put("majorFaults", mm.majorFaults())
                  .put("residentPages", Pages.resident(mm))
                  .put("tablePages", mm.pageTablePages() + 1)
                  .put("mappings", vmas)
                  .put("pages", states.of(mm).stream().map(StateView::page).toList())
                  .map());
        });
    return list;
  }

  private static Object page(PageState state) {
    PageView page = state.page();
    Doc doc =
        new Doc()
            .hex("address", state.address())
            .put("state", state.state())
            .put("text", state.text())
            .put("rights", state.rights())
            .put("entry", Hex.word(page.entry()))
            .put("shared", state.shared());
    if (page.kind() == PageView.Kind.PRESENT) {
      doc.hex("frame", page.frame())
          .put("writable", Entry.has(page.entry(), Entry.P | Entry.RW))
          .put("accessed", Entry.has(page.entry(), Entry.A))
          .put("dirty", Entry.has(page.entry(), Entry.D))
          .put("huge", page.huge());
    }
    return doc.map();
  }

  private Map<String, Object> figures() {
    Figures now = room.figures();
    return new Doc()
        .put("accesses", now.accesses())
        .put("translations", now.translations())
        .put("hits", now.hits())
        .put("walks", now.walks())
        .put("words", now.words())
        .put("minor", now.minor())
        .put("major", now.major())
        .put("evictions", now.evictions())
        .put("copies", now.copies())
        .put("swapIns", now.swapIns())
        .put("swapOuts", now.swapOuts())
        .put("nanoseconds", now.nanoseconds())
        .map();
  }

  private Map<String, Object> registers() {
    Registers now = room.mmu().registers();
    return new Doc()
        .hex("cr0", now.cr0())
        .hex("cr3", now.cr3())
        .hex("cr4", now.cr4())
        .hex("efer", now.efer())
        .hex("pkru", now.pkru() & 0xffff_ffffL)
        .hex("cr2", room.mmu().cr2())
        .put("cr0.wp", now.wp() ? 1 : 0)
        .put("efer.nxe", now.nxe() ? 1 : 0)
        .put("cr4.smep", now.smep() ? 1 : 0)
        .put("cr4.smap", now.smap() ? 1 : 0)
        .put("cr4.pke", now.pke() ? 1 : 0)
        .put("cr4.pcide", now.pcide() ? 1 : 0)
        .put("cr4.pge", (now.cr4() & dev.pagewalk.arch.Cr4.PGE) != 0 ? 1 : 0)
        .put("keys", room.mmu().cpu().has(dev.pagewalk.arch.Feature.PKU))
        .put("pcid", now.pcide() ? now.cr3() & 0xfff : 0)
        .map();
  }

  private List<Object> tlbs() {
    MmuSnapshot snapshot = room.mmu().snapshot();
    List<Object> tlbs = new ArrayList<>();
    snapshot
        .tlbs()
        .forEach((name, entries) -> {
          var geometry =
              java.util.stream.Stream.concat(
                      room.mmu().model().firstLevel().stream(),
                      room.mmu().model().secondLevel().stream())
                  .filter(tlb -> tlb.name().equals(name))
                  .findFirst()
                  .orElseThrow();
          tlbs.add(
              new Doc()
                  .put("name", name)
                  .put("sets", geometry.shape().sets())
                  .put("ways", geometry.shape().ways())
                  .put("entries", entries.stream().limit(MOST_FRAMES).map(this::tlbEntry).toList())
                  .put("used", entries.size())
                  .map());
        });
    return tlbs;
  }

  private Object tlbEntry(TlbEntry entry) {
    return new Doc()
        .put("set", entry.set())
        .put("way", entry.way())
        .put("age", entry.age())
        .hex("address", entry.linearAddress())
        .hex("physical", entry.physicalAddress())
        .put("pcid", entry.pcid())
        .put("size", entry.size().bytes())
        .put("user", entry.flags().contains(TlbEntry.Flag.USER))
        .put("writable", entry.flags().contains(TlbEntry.Flag.WRITABLE))
        .put("executable", entry.flags().contains(TlbEntry.Flag.EXECUTABLE))
        .put("dirty", entry.flags().contains(TlbEntry.Flag.DIRTY))
        .put("global", entry.flags().contains(TlbEntry.Flag.GLOBAL))
        .put("key", entry.key())
        .put("stale", room.isStale(entry))
        .map();
  }

  private Map<String, Object> caches() {
    Map<String, Object> caches = new LinkedHashMap<>();
    for (Map.Entry<Level, List<PagingStructureCacheEntry>> cache :
        room.mmu().snapshot().pagingStructureCaches().entrySet()) {
      caches.put(
          cache.getKey().entryName(),
          cache.getValue().stream()
              .map(entry ->
                  new Doc()
                      .put("set", entry.set())
                      .put("way", entry.way())
                      .put("age", entry.age())
                      .hex("address", entry.linearAddress())
                      .hex("table", entry.table())
                      .put("pcid", entry.pcid())
                      .put("user", entry.userMode())
                      .put("writable", entry.writable())
                      .put("executable", !entry.executeDisable())
                      .map())
              .toList());
    }
    return caches;
  }

  private List<Object> frames() {
    List<Object> list = new ArrayList<>();
    Map<Long, Integer> order = room.useOrder();
    for (FrameView frame : frames) {
      list.add(
          new Doc()
              .hex("frame", frame.number())
              .put("kind", frame.kind().name().toLowerCase(Locale.ROOT))
              .put("references", frame.references())
              .put("mappings", frame.mappings())
              .put("flags", frame.flags())
              .put("lru", order.get(frame.number()))
              .put(
                  "mappers",
                  frame.mappers().stream()
                      .map(mapper ->
                          room.processes().nameOf(mapper.process())
                              + " "
                              + Hex.of(mapper.address()))
                      .toList())
              .map());
    }
    return list;
  }

  private Object swap(Kernel kernel) {
    return new MemoryInspection(kernel)
        .swapSlots(MOST_SLOTS).stream()
            .map(slot ->
                new Doc()
                    .put("area", slot.area())
                    .put("slot", slot.slot())
                    .put("entries", slot.entries())
                    .put("cached", slot.cachedFrame() < 0 ? null : Hex.of(slot.cachedFrame()))
                    .put("owners", owners(slot.area(), slot.slot()))
                    .map())
            .toList();
  }

  private List<String> owners(int area, long slot) {
    String wanted = "in swap, slot %s of area %d".formatted(Hex.of(slot), area);
    List<String> owners = new ArrayList<>();
    for (Map.Entry<String, AddressSpace> process : room.processes().alive().entrySet()) {
      for (long address : Pages.shown(process.getValue())) {
        long entry = process.getValue().page(address).entry();
        if (dev.pagewalk.kernel.LinuxEntry.describe(entry).startsWith(wanted)) {
          owners.add(process.getKey() + " " + Hex.of(address));
        }
      }
    }
    return owners;
  }

  private List<Object> series() {
    List<Figures> all = room.series();
    int step = Math.max(1, all.size() / MOST_POINTS);
    List<Object> points = new ArrayList<>();
    for (int i = 0; i < all.size(); i += step) {
      Figures at = all.get(i);
      points.add(List.of(i + 1, at.hits(), at.walks(), at.minor(), at.major(), at.evictions()));
    }
    return points;
  }

  private List<Object> log() {
    List<Report> reports = room.reports();
    int from = Math.max(0, reports.size() - MOST_LINES);
    List<Object> lines = new ArrayList<>();
    reports.subList(from, reports.size()).forEach(report -> lines.add(ReportView.line(report)));
    return lines;
  }
}
