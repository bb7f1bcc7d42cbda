package dev.pagewalk.machine.classroom;

import dev.pagewalk.arch.Level;
import dev.pagewalk.kernel.Advice;
import dev.pagewalk.kernel.MapFlag;
import dev.pagewalk.kernel.Prot;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a line of a scenario. */
final class StatementParser {
  private static final String VERBS =
      "process, switch, exit, fork, file, mmap, munmap, mprotect, madvise, pkey, read, write,"
          + " fetch, kread, kwrite, kfetch, flip, set, invlpg, flush, tick, view, show or expect";
  private static final Set<String> REGISTERS =
      Set.of(
          "cr0",
          "cr4",
          "efer",
          "pkru",
          "cr0.wp",
          "cr4.smep",
          "cr4.smap",
          "cr4.pke",
          "cr4.pcide",
          "cr4.pge",
          "efer.nxe");

  private static final Set<String> ACCESSES =
      Set.of("read", "write", "fetch", "kread", "kwrite", "kfetch");
  private static final String VERBS_OF_ACCESS = "read, write, fetch, kread, kwrite or kfetch";
  private static final String SHOWN = "walk, tlb, maps, pages, frames, registers or figures";
  private static final String EXPECTED =
      "ok, hit, walk, minor, major, copy, evict, fault, signal, value, refused or panic";

  /** Pages that a view shows at most. */
  private static final int MOST_PAGES = 64;

  private StatementParser() {}

  /**
   * The statement in {@code words}.
   *
   * @throws ScenarioException with line and column
   */
  static Statement parse(Words words) throws ScenarioException {
    String verb = words.word("a statement");
    Statement statement =
        switch (verb) {
          case "process" -> new Statement.NewProcess(process(words));
          case "switch" -> new Statement.Switch(process(words));
          case "exit" -> new Statement.Exit(process(words));
          case "fork" -> new Statement.Fork(process(words), process(words));
          case "file" -> new Statement.NewFile(words.name("a name of a file"), words.size());
          case "mmap" -> map(words);
          case "munmap" -> new Statement.Unmap(process(words), address(words), words.size());
          case "mprotect" -> protect(words);
          case "madvise" -> advise(words);
          case "pkey" -> new Statement.AllocateKey(process(words));
          case "read", "write", "fetch", "kread", "kwrite", "kfetch" -> access(words, verb);
          case "flip" -> flip(words);
          case "set" -> set(words);
          case "invlpg" -> new Statement.Invlpg(address(words));
          case "flush" -> new Statement.Flush(words.takes("all"));
          case "tick" -> new Statement.Tick();
          case "view" ->
              new Statement.View(
                  address(words) & -4096L, words.small("a number of pages", 1, MOST_PAGES));
          case "show" -> show(words);
          case "expect" -> expect(words);
          default -> throw words.wrong(VERBS);
        };
    words.end();
    return statement;
  }

  private static String process(Words words) throws ScenarioException {
    return words.name("a name of a process");
  }

  private static long address(Words words) throws ScenarioException {
    return words.number("an address");
  }

  private static Statement map(Words words) throws ScenarioException {
    String process = process(words);
    long address = address(words);
    long bytes = words.size();
    int prot = rights(words);
    int flags = MapFlag.PRIVATE;
    boolean huge = false;
    String file = null;
    while (words.hasNext()) {
      switch (words.word("a flag")) {
        case "shared" -> flags = (flags & ~MapFlag.PRIVATE) | MapFlag.SHARED;
        case "growsdown" -> flags |= MapFlag.GROWSDOWN;
        case "populate" -> flags |= MapFlag.POPULATE;
        case "locked" -> flags |= MapFlag.LOCKED;
        case "noreserve" -> flags |= MapFlag.NORESERVE;
        case "huge" -> huge = true;
        case "file" -> file = words.name("a name of a file");
        default ->
            throw words.wrong("shared, growsdown, populate, locked, noreserve, huge or file NAME");
      }
    }
    return new Statement.Map(process, address, bytes, prot, flags, huge, file);
  }

  private static Statement protect(Words words) throws ScenarioException {
    String process = process(words);
    long address = address(words);
    long bytes = words.size();
    int prot = rights(words);
    int key = words.takes("key") ? words.small("a protection key", 0, 15) : -1;
    return new Statement.Protect(process, address, bytes, prot, key);
  }

  private static int rights(Words words) throws ScenarioException {
    String text = words.word("rights");
    if (text.equals("none")) {
      return Prot.NONE;
    }
    int prot = 0;
    for (int i = 0; i < text.length(); i++) {
      int bit =
          switch (text.charAt(i)) {
            case 'r' -> Prot.READ;
            case 'w' -> Prot.WRITE;
            case 'x' -> Prot.EXEC;
            default -> throw words.wrong("rights: some of rwx, or none");
          };
      prot |= bit;
    }
    return prot;
  }

  private static Statement advise(Words words) throws ScenarioException {
    String process = process(words);
    long address = address(words);
    long bytes = words.size();
    String name = words.word("an advice");
    for (Advice advice : Advice.values()) {
      if (word(advice).equals(name)) {
        return new Statement.Advise(process, address, bytes, advice);
      }
    }
    throw words.wrong(
        "one of "
            + Arrays.stream(Advice.values())
                .map(StatementParser::word)
                .collect(Collectors.joining(", ")));
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static Statement access(Words words, String verb) throws ScenarioException {
    String process = process(words);
    long address = address(words);
    if (verb.equals("write")) {
      long value = words.hasNext() ? words.number("a value") : 0;
      return new Statement.Access(process, kind(verb), address, value, Statement.As.USER);
    }
    return access(verb, process, address, verb.startsWith("k") && words.takes("ac"));
  }

  private static Statement flip(Words words) throws ScenarioException {
    String process = process(words);
    long address = address(words);
    Level level = level(words);
    int bit = words.small("a bit", 0, 63);
    return new Statement.Flip(process, address, level, bit, words.takes("invlpg"));
  }

  /** A level by its name: pml4, pdpt, pd or pt. */
  static Level level(Words words) throws ScenarioException {
    return switch (words.word("a level")) {
      case "pml4" -> Level.PML4;
      case "pdpt" -> Level.PDPT;
      case "pd" -> Level.PD;
      case "pt" -> Level.PT;
      default -> throw words.wrong("a level: pml4, pdpt, pd or pt");
    };
  }

  private static Statement set(Words words) throws ScenarioException {
    String register = words.word("a register");
    if (!REGISTERS.contains(register)) {
      throw words.wrong("one of " + String.join(", ", REGISTERS.stream().sorted().toList()));
    }
    boolean bit = register.indexOf('.') >= 0;
    long value = bit ? words.small("0 or 1", 0, 1) : words.number("a value");
    return new Statement.SetRegister(register, value);
  }

  private static Statement show(Words words) throws ScenarioException {
    String what = words.word(SHOWN);
    return switch (what) {
      case "walk" -> new Statement.Show(Statement.What.WALK, null, walk(words));
      case "maps" -> new Statement.Show(Statement.What.MAPS, oneOrAll(words), null);
      case "pages" -> new Statement.Show(Statement.What.PAGES, oneOrAll(words), null);
      case "tlb" -> new Statement.Show(Statement.What.TLB, null, null);
      case "frames" -> new Statement.Show(Statement.What.FRAMES, null, null);
      case "registers" -> new Statement.Show(Statement.What.REGISTERS, null, null);
      case "figures" -> new Statement.Show(Statement.What.FIGURES, null, null);
      default -> throw words.wrong(SHOWN);
    };
  }

  private static String oneOrAll(Words words) throws ScenarioException {
    return words.hasNext() ? process(words) : null;
  }

  /** What follows {@code show walk}: [PROCESS] ADDRESS [KIND [ac]]. */
  private static Statement.Access walk(Words words) throws ScenarioException {
    String process = words.startsWithLetter() ? process(words) : null;
    long address = address(words);
    String verb = words.hasNext() ? words.word(VERBS_OF_ACCESS) : "read";
    if (!ACCESSES.contains(verb)) {
      throw words.wrong(VERBS_OF_ACCESS);
    }
    return access(verb, process, address, verb.startsWith("k") && words.takes("ac"));
  }

  private static Statement.Access access(String verb, String process, long address, boolean ac) {
    boolean supervisor = verb.startsWith("k");
    Statement.As kernel = ac ? Statement.As.SUPERVISOR_AC : Statement.As.SUPERVISOR;
    return new Statement.Access(
        process, kind(verb), address, 0, supervisor ? kernel : Statement.As.USER);
  }

  private static Statement.Kind kind(String verb) {
    String kind = verb.startsWith("k") ? verb.substring(1) : verb;
    return Statement.Kind.valueOf(kind.toUpperCase(Locale.ROOT));
  }

  private static Statement expect(Words words) throws ScenarioException {
    String what = words.word(EXPECTED);
    return switch (what) {
      case "ok", "hit", "walk", "minor", "major", "copy", "evict", "panic" ->
          new Statement.Expect(what);
      case "fault" ->
          new Statement.Expect("fault 0x" + Long.toHexString(words.number("an error code")));
      case "signal" -> new Statement.Expect("signal " + words.word("a signal as SIGSEGV"));
      case "value" -> new Statement.Expect("value " + words.small("a byte", 0, 255));
      case "refused" ->
          new Statement.Expect(
              words.hasNext() ? "refused " + words.word("an error as ENOMEM") : "refused");
      default -> throw words.wrong(EXPECTED);
    };
  }
}
