package dev.pagewalk.machine.classroom;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The guided lessons: a question, and how the machine's state shows that it is answered. */
public final class Lessons {
  private static final String PLAIN = "machine classroom frames=6 policy=lru\n";
  private static final String ZERO = "machine classroom frames=6 policy=lru zeropage=on\n";
  private static final String A = "process A\nmmap A 0x0 64K rw\n";

  /**
   * A lesson.
   *
   * @param name for programs
   * @param title a few words
   * @param scenario the machine that it begins with
   * @param question what to bring about
   * @param hint for those who are stuck
   * @param answer what has been learnt
   * @param done whether the machine shows it
   */
  public record Lesson(
      String name,
      String title,
      String scenario,
      String question,
      String hint,
      String answer,
      Predicate<Classroom> done) {}

  private static final Map<String, Lesson> ALL = new LinkedHashMap<>();

  static {
    add(
        new Lesson(
            "zero-page",
            "Memory for nothing",
            ZERO + A,
            "Sixteen pages are promised to A. Make three of them readable without using up a"
                + " single frame.",
            "Read, do not write.",
            "The kernel maps one page of zeroes, read-only, for all who only read.",
            room -> count(room, "zero") >= 3 && count(room, "writable") == 0));
    add(
        new Lesson(
            "one-fault",
            "One fault is enough",
            ZERO + A,
            "Make page 0x5000 writable with a single page fault of A.",
            "What does a first read cost, and what a first write?",
            "A read first would have mapped the page of zeroes, and the write then would have"
                + " faulted once more.",
            room -> is(room, "A", 0x5000, "writable") && faults(room, "A") == 1));
    add(
        new Lesson(
            "tlb-hits",
            "Stay within reach",
            PLAIN + A,
            "Make eight accesses that the TLB answers.",
            "It has four entries. Which pages should you keep to?",
            "Who uses few pages at a time hardly ever walks.",
            room -> room.figures().hits() >= 8));
    add(
        new Lesson(
            "first-major",
            "The disk",
            PLAIN + A,
            "Bring about a major fault.",
            "Six frames hold six pages. Which page has gone when there were seven?",
            "A page that was given up must be read from swap: that is what makes a fault major.",
            room -> room.figures().major() >= 1));
    add(
        new Lesson(
            "write-fails",
            "A bit that forbids",
            PLAIN + A + "write A 0x1000 1\n",
            "Flip the bit that makes A's next write to page 0x1000 fault with error 0x7. The"
                + " kernel will repair it at once; the fault is what counts.",
            "R/W is bit 1 of the PTE. And the TLB may still know the old entry: flip with INVLPG.",
            "R/W = 0 in any entry on the way forbids writes, as soon as the processor looks.",
            room -> hasError(room, "write A 0x1000", 0x7)));
    add(
        new Lesson(
            "stale-entry",
            "Away with one entry",
            PLAIN + A + "write A 0x1000 1\nwrite A 0x2000 1\nflip A 0x1000 pt 1\n",
            "The TLB still lets A write page 0x1000, though the table no longer does. Make the"
                + " stale entry go away, and keep that of page 0x2000.",
            "A load of CR3 drops both. Which instruction drops one page? It is a statement too.",
            "INVLPG drops what is cached of one page; a full flush costs the other entries too.",
            room -> !inTlb(room, 0x1000) && inTlb(room, 0x2000)));
    add(
        new Lesson(
            "why-read-only",
            "Why is it read-only?",
            "machine classroom frames=all\n" + A + "write A 0x0 1\nwrite A 0x1000 1\nfork A B\n",
            "After the fork page 0x0 is read-only in A and B. Bring it about that each has a frame"
                + " of its own.",
            "Look at who maps the frame. What happens when one of them writes?",
            "The frame was shared so that fork need not copy; the first to write gets the copy.",
            room -> {
              long a = Lessons.frame(room, "A", 0);
              long b = Lessons.frame(room, "B", 0);
              return a >= 0 && b >= 0 && a != b;
            }));
    add(
        new Lesson(
            "no-copy",
            "Writable again without a copy",
            "machine classroom frames=all\n" + A + "write A 0x0 1\nfork A B\n",
            "Make page 0x0 writable for A again, without any copy being made.",
            "A copy is made only while somebody else has the frame.",
            "When nobody else maps the frame, the kernel only sets R/W.",
            room -> is(room, "A", 0, "writable") && room.figures().copies() == 0));
    add(
        new Lesson(
            "run-data",
            "From data to code",
            PLAIN + A + "write A 0x2000 195\n",
            "Page 0x2000 holds an instruction. Make A's fetch from it succeed, by a system call.",
            "mprotect A 0x2000 4K rx",
            "XD is gone from the entry: mprotect has written it anew and dropped it from the TLB.",
            room -> succeeded(room, "fetch A 0x2000") && said(room, "mprotect A")));
    add(
        new Lesson(
            "kernel-means-it",
            "The kernel means it",
            PLAIN + A + "write A 0x1000 42\n",
            "Let the kernel read A's page 0x1000 while CR4.SMAP stays 1.",
            "kread A 0x1000 ac",
            "RFLAGS.AC = 1 says that the access to user memory is meant; copy_from_user sets it.",
            room -> succeeded(room, "kread A 0x1000") && room.mmu().registers().smap()));
    add(
        new Lesson(
            "deepest-push",
            "How deep is the stack?",
            """
            machine classroom frames=all
            view 0x100000 16
            process A
            mmap A 0x0 8K rw
            mmap A 0x106000 8K rw growsdown
            write A 0x106000 1
            """,
            "Let the stack grow to the lowest page that it can have.",
            "The kernel keeps 256 pages free above the mapping that ends at 0x2000.",
            "0x102000 is 256 pages above 0x2000: one page more would enter the gap.",
            room -> is(room, "A", 0x102000, "writable")));
    add(
        new Lesson(
            "reserved",
            "An entry that is none",
            PLAIN + A + "write A 0x1000 1\n",
            "Make the processor answer a read of page 0x1000 with RSVD (bit 3 of the error code).",
            "This processor has 48 bits of physical address. Set a bit of the PTE between 48 and"
                + " 51, with INVLPG.",
            "A present entry with a bit set that must be 0 is refused, whatever the access.",
            room -> hasError(room, "read A 0x1000", 0xd)));
    add(
        new Lesson(
            "one-instruction",
            "Sixteen groups of pages",
            "machine classroom frames=6 keys=on\n"
                + A
                + "pkey A\nmprotect A 0x1000 8K rw key 1\nwrite A 0x1000 1\nwrite A 0x2000 1\n",
            "Take the right to write from both pages with key 1 by a single instruction, and show"
                + " that a write to 0x2000 faults with 0x27.",
            "WD of key 1 is bit 3 of PKRU.",
            "PKRU acts at the access: neither tables nor TLB had to change.",
            room -> hasError(room, "write A 0x2000", 0x27)));
  }

  private Lessons() {}

  private static void add(Lesson lesson) {
    ALL.put(lesson.name, lesson);
  }

  /** All of them by name, in their order. */
  public static Map<String, Lesson> all() {
    return Collections.unmodifiableMap(ALL);
  }

  // --- what conditions ask ---

  private static long count(Classroom room, String state) {
    return room.processes().alive().values().stream()
        .flatMap(mm -> Pages.shown(mm).stream().map(at -> PageStates.one(room, mm, at)))
        .filter(state::equals)
        .count();
  }

  private static boolean is(Classroom room, String process, long address, String state) {
    var mm = room.processes().alive().get(process);
    return mm != null && PageStates.one(room, mm, address).equals(state);
  }

  private static long faults(Classroom room, String process) {
    var mm = room.processes().alive().get(process);
    return mm == null ? -1 : Figures.faults(mm);
  }

  /** The frame of a page that is there; -1 without. */
  private static long frame(Classroom room, String process, long address) {
    var mm = room.processes().alive().get(process);
    boolean there =
        mm != null && mm.page(address).kind() == dev.pagewalk.kernel.PageView.Kind.PRESENT;
    return there ? mm.page(address).frame() : -1;
  }

  private static boolean inTlb(Classroom room, long address) {
    return room.mmu().snapshot().tlbs().values().stream()
        .flatMap(List::stream)
        .anyMatch(entry -> entry.linearAddress() == address);
  }

  private static boolean said(Classroom room, String beginning) {
    return room.reports().stream().anyMatch(report -> report.statement().startsWith(beginning));
  }

  private static boolean succeeded(Classroom room, String beginning) {
    return room.reports().stream()
        .anyMatch(report ->
            report.statement().startsWith(beginning) && report.outcome().equals(Report.OK));
  }

  private static boolean hasError(Classroom room, String beginning, int error) {
    return room.reports().stream()
        .filter(report -> report.statement().startsWith(beginning))
        .flatMap(report -> report.attempts().stream())
        .anyMatch(attempt -> attempt.error() == error);
  }
}
