package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.kernel.AddressSpace;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.PageView;
import dev.pagewalk.kernel.VmEvent;
import dev.pagewalk.kernel.VmStat;
import dev.pagewalk.machine.Signal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Tells what the kernel did about a fault, from how things were before and are after it. */
final class Deeds {
  private static final long PAGE = 4096;

  private final Kernel kernel;
  private final Processes processes;

  Deeds(Kernel kernel, Processes processes) {
    this.kernel = kernel;
    this.processes = processes;
  }

  /** A page of a process. */
  private record Spot(String process, long address) {}

  /** How things are before the kernel runs. */
  record Before(
      AddressSpace mm,
      long address,
      PageView page,
      VmStat stat,
      long major,
      Map<?, ?> present,
      int alive) {}

  /** Looks at what there is now. */
  Before before(AddressSpace mm, long address) {
    return new Before(
        mm,
        address & -PAGE,
        mm.page(address),
        kernel.stat().copy(),
        mm.majorFaults(),
        present(),
        kernel.addressSpaces().size());
  }

  /**
   * What has been done since.
   *
   * @param signal that the process gets; null if the fault is resolved
   * @param marks gets minor, major, copy, evict
   */
  List<String> after(Before before, Signal signal, List<String> marks) {
    List<String> told = new ArrayList<>();
    VmStat since = kernel.stat().since(before.stat);
    if (since.get(VmEvent.OOM_KILL) > 0) {
      marks.add("oom");
      told.add("No page can be given up: the kernel kills the process that has most.");
    }
    tellVictims(before, since, told, marks);
    if (signal == null) {
      boolean major = before.mm.majorFaults() > before.major;
      marks.add(major ? "major" : "minor");
      told.add(how(before, major, marks));
    } else {
      told.add(why(before, signal));
    }
    return told;
  }

  private Map<Spot, Long> present() {
    Map<Spot, Long> present = new LinkedHashMap<>();
    processes
        .alive()
        .forEach((name, mm) ->
            Pages.shown(mm)
                .forEach(address -> {
                  PageView page = mm.page(address);
                  if (page.kind() == PageView.Kind.PRESENT && !page.zero()) {
                    present.put(new Spot(name, address), page.frame());
                  }
                }));
    return present;
  }

  private void tellVictims(Before before, VmStat since, List<String> told, List<String> marks) {
    long taken = since.get(VmEvent.PGSTEAL_DIRECT) + since.get(VmEvent.PGSTEAL_KSWAPD);
    if (taken == 0) {
      return;
    }
    marks.add("evict");
    Map<Spot, Long> now = present();
    for (Object key : before.present.keySet()) {
      if (key instanceof Spot spot && !now.containsKey(spot)) {
        AddressSpace mm = processes.alive().get(spot.process);
        boolean swapped = mm != null && mm.page(spot.address).kind() == PageView.Kind.SWAP;
        told.add(
            "No frame is free: page "
                + Hex.of(spot.address)
                + " of "
                + spot.process
                + (swapped ? " goes to swap." : " is given up."));
      }
    }
  }

  private String how(Before before, boolean major, List<String> marks) {
    PageView now = before.mm.page(before.address);
    PageView was = before.page;
    String cost = major ? " (major fault)" : " (minor fault)";
    if (now.kind() != PageView.Kind.PRESENT) {
      return "The kernel returns, and the page is still not there.";
    }
    String frame = "frame " + Hex.of(now.frame());
    if (was.kind() == PageView.Kind.SWAP) {
      return "The kernel brings the page back from swap into " + frame + cost + '.';
    }
    if (was.kind() == PageView.Kind.NONE) {
      if (now.zero()) {
        return "The kernel maps the page of zeroes, read-only" + cost + '.';
      }
      String huge = now.huge() ? "a huge page of zeroes, " : "a frame of zeroes, ";
      return (now.file() ? "The kernel maps the file's page, " : "The kernel gives it " + huge)
          + frame
          + cost
          + '.';
    }
    if (was.frame() != now.frame()) {
      marks.add("copy");
      return "Copy-on-write: the kernel copies frame "
          + Hex.of(was.frame())
          + " to "
          + frame
          + cost
          + '.';
    }
    return was.entry() == now.entry()
        ? "The kernel finds the page as it should be, and changes nothing" + cost + '.'
        : "Nobody else has " + frame + ": the kernel makes its entry writable" + cost + '.';
  }

  private static String why(Before before, Signal signal) {
    boolean mapped = Pages.vma(before.mm.view(), before.address) != null;
    if (signal.number() == 9) {
      return "There is no memory left for it.";
    }
    if (before.page.kind() == PageView.Kind.GUARD) {
      return "It is a guard page.";
    }
    return mapped
        ? "The mapping does not allow it, so there is nothing to repair."
        : "Nothing is mapped there, so there is nothing to repair.";
  }
}
