package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.FrameView;
import dev.pagewalk.kernel.LinuxEntry;
import dev.pagewalk.kernel.MemoryInspection;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.VmaView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What each page of each process is, in one word and in a sentence. */
public final class PageStates {
  private static final long PAGE = 4096;

  private final Classroom room;

  /** Frames in use by their numbers. */
  private final Map<Long, FrameView> frames = new HashMap<>();

  /**
   * Of the processes of {@code room}.
   *
   * @param frames those whose other mappers are told
   */
  public PageStates(Classroom room, List<FrameView> frames) {
    this.room = room;
    frames.forEach(frame -> this.frames.put(frame.number(), frame));
  }

  /** The pages that the views show. */
  public List<PageState> of(AddressSpace mm) {
    List<VmaView> vmas = mm.view();
    List<PageState> pages = new ArrayList<>();
    for (Statement.View view : room.views()) {
      for (int i = 0; i < view.pages(); i++) {
        pages.add(page(mm, view.address() + i * PAGE, vmas));
      }
    }
    return pages;
  }

  /** The pages of all mappings, of long ones the first. */
  List<PageState> all(AddressSpace mm) {
    List<VmaView> vmas = mm.view();
    return Pages.shown(mm).stream().map(address -> page(mm, address, vmas)).toList();
  }

  /** The state of one page, in one word. */
  static String one(Classroom room, AddressSpace mm, long address) {
    MemoryInspection inspection = new MemoryInspection(room.computer().machine().kernel());
    var states = new PageStates(room, inspection.frames(Integer.MAX_VALUE));
    PageView page = mm.page(address);
    return state(page, Pages.vma(mm.view(), address), states.others(mm, page));
  }

  private PageState page(AddressSpace mm, long address, List<VmaView> vmas) {
    PageView page = mm.page(address);
    VmaView vma = Pages.vma(vmas, address);
    List<String> others = others(mm, page);
    String state = state(page, vma, others);
    String rights = vma == null ? "" : vma.perms();
    return new PageState(address, state, text(state, page, others), rights, page, others);
  }

  private List<String> others(AddressSpace mm, PageView page) {
    List<String> others = new ArrayList<>();
    FrameView frame = page.kind() == PageView.Kind.PRESENT ? frames.get(page.frame()) : null;
    if (frame != null) {
      for (FrameView.Mapper mapper : frame.mappers()) {
        if (mapper.process() != mm.id()) {
          others.add(room.processes().nameOf(mapper.process()));
        }
      }
    }
    return others;
  }

  private static String state(PageView page, VmaView vma, List<String> others) {
    return switch (page.kind()) {
      case GUARD -> "guard";
      case SWAP -> "swapped";
      case NONE ->
          vma == null ? "unmapped" : vma.file().isPresent() ? "untouched-file" : "untouched";
      case PRESENT -> {
        if (page.zero()) {
          yield "zero";
        }
        if (!Entry.has(page.entry(), Entry.P)) {
          yield "hidden";
        }
        boolean shared = vma != null && vma.perms().endsWith("s");
        if (page.file()) {
          yield shared ? "shared" : "file";
        }
        if (Entry.has(page.entry(), Entry.RW)) {
          yield "writable";
        }
        boolean mayWrite = vma != null && vma.perms().charAt(1) == 'w';
        yield mayWrite && !others.isEmpty() ? "cow" : "read-only";
      }
    };
  }

  private static String text(String state, PageView page, List<String> others) {
    String frame = "frame " + Hex.of(page.frame());
    String with = others.isEmpty() ? "" : ", also mapped by " + String.join(" and ", others);
    return switch (state) {
      case "unmapped" -> "unmapped: nothing is promised here, an access is SIGSEGV";
      case "untouched" -> "demand-zero: promised, and not there until it is touched";
      case "untouched-file" -> "promised from a file or shared memory, and not there yet";
      case "guard" -> "guard page: a touch is SIGSEGV";
      case "swapped" -> LinuxEntry.describe(page.entry());
      case "zero" -> "the page of zeroes, read-only, which all share";
      case "hidden" -> frame + ", hidden by PROT_NONE";
      case "shared" -> "shared memory, " + frame + with;
      case "file" -> "a page of a file, " + frame + with;
      case "writable" -> "resident and writable, " + frame;
      case "cow" -> "copy-on-write, " + frame + with;
      default -> "resident and read-only, " + frame + with;
    };
  }
}
