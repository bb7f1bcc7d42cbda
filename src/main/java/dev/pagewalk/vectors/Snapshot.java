package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.MemoryImage;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.Leaf;
import dev.pagewalk.spec.PageTableListing;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.WalkExplanation;
import dev.pagewalk.spec.WalkResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A snapshot of a real machine's page tables, held against what the machine said of them.
 *
 * <p>Beside {@code NAME.registers.json} lie the image, {@code NAME.elf} or {@code NAME.elf.gz}, and
 * for the root in CR3 {@code NAME.truth.jsonl.gz}, {@code NAME.mem.txt.gz} and {@code
 * NAME.access.jsonl.gz}; for another root R the same as {@code NAME.R.*}. Each may be missing, and
 * each may be gzipped or not.
 */
final class Snapshot {
  private static final int MAX_PRINTED = 60;
  private static final Pattern RANGE =
      Pattern.compile("[0-9a-f]{16}-[0-9a-f]{16} [0-9a-f]{16} [u-]r[w-]");

  private final String name;
  private final Path registersFile;
  private final RegistersFile file;
  private final Cpu cpu;
  private final VerifyReport report;

  /** The snapshot of {@code registersFile}, to be answered under {@code choices}. */
  Snapshot(Path registersFile, ModelChoices choices, VerifyReport report) throws InputException {
    String path = registersFile.toString();
    this.registersFile = registersFile;
    this.name = path.substring(0, path.length() - ".registers.json".length());
    this.file = RegistersFile.read(registersFile);
    this.cpu = file.cpu().with(choices);
    this.report = report;
  }

  /** Checks everything that lies beside the registers. */
  void check() throws InputException {
    Path image =
        find("elf").orElseThrow(() -> new InputException(name + ".elf", "", "no such file"));
    try (PhysicalMemory memory = MemoryImage.open(image)) {
      checkRoot(memory, "", file.registers());
      for (Map.Entry<String, Long> root : file.roots().entrySet()) {
        Registers other = file.registers().withCr3(root.getValue());
        if (other.root() != file.registers().root()) {
          checkRoot(memory, root.getKey() + ".", other);
        }
      }
    }
  }

  private void checkRoot(PhysicalMemory memory, String root, Registers registers)
      throws InputException {
    Optional<String> refusal = RegisterRules.whyNoWalk(cpu, registers);
    if (refusal.isPresent()) {
      throw new InputException(registersFile.toString(), "", refusal.get());
    }
    ReferenceWalk walk = new ReferenceWalk(memory, cpu, registers);
    List<Leaf> leaves = new ArrayList<>();
    new PageTableListing(memory, cpu, registers, leaves::add).run();
    Optional<Path> truth = find(root + "truth.jsonl");
    if (truth.isPresent()) {
      checkTruth(truth.get(), leaves, walk);
    } else {
      report.skip("no truth of a root: " + name + "." + root + "truth.jsonl");
    }
    Optional<Path> ranges = find(root + "mem.txt");
    if (ranges.isPresent()) {
      checkRanges(ranges.get(), EffectiveRanges.of(leaves));
    }
    Optional<Path> accesses = find(root + "access.jsonl");
    if (accesses.isPresent()) {
      checkAccesses(accesses.get(), walk);
    }
  }

  private Optional<Path> find(String suffix) {
    for (String ending : List.of("", ".gz")) {
      Path path = Path.of(name + "." + suffix + ending);
      if (Files.exists(path)) {
        return Optional.of(path);
      }
    }
    return Optional.empty();
  }

  private void checkTruth(Path path, List<Leaf> leaves, ReferenceWalk walk) throws InputException {
    int next = 0;
    try (LineReader lines = new LineReader(path)) {
      while (lines.next()) {
        TruthLine line;
        try (Cursor cursor = lines.cursor()) {
          line = TruthLine.parse(cursor);
        }
        if (line.source().equals("tlb")) {
          String got = next < leaves.size() ? TruthLine.of(leaves.get(next)) : "no further page";
          next++;
          compare(lines, new Check("image: pages", line.text(), got, null));
        } else {
          WalkResult result = walk.translate(line.va());
          String got = TruthLine.of(line.va(), result);
          compare(lines, new Check("image: translations", line.text(), got, result));
        }
      }
      for (; next < leaves.size(); next++) {
        compare(
            lines,
            new Check("image: pages", "no further page", TruthLine.of(leaves.get(next)), null));
      }
    }
  }

  private void checkRanges(Path path, List<String> ranges) throws InputException {
    int next = 0;
    try (LineReader lines = new LineReader(path)) {
      while (lines.next()) {
        if (!RANGE.matcher(lines.text()).matches()) {
          throw new InputException(
              lines.file(),
              "line " + lines.line(),
              "expected START-END LENGTH RIGHTS as in info mem");
        }
        String got = next < ranges.size() ? ranges.get(next) : "no further range";
        next++;
        compare(lines, new Check("image: effective rights", lines.text(), got, null));
      }
      for (; next < ranges.size(); next++) {
        compare(
            lines,
            new Check("image: effective rights", "no further range", ranges.get(next), null));
      }
    }
  }

  private void checkAccesses(Path path, ReferenceWalk walk) throws InputException {
    try (LineReader lines = new LineReader(path)) {
      if (!lines.next()) {
        throw new InputException(lines.file(), "", "expected at least one access, found none");
      }
      do {
        AccessLine line;
        try (Cursor cursor = lines.cursor()) {
          line = AccessLine.parse(cursor);
        }
        Access access = Access.of(line.va(), line.kind(), Mode.atCpl(line.cpl()));
        // The accesses were tried in turn; what they marked is in the image already.
        WalkResult result = walk.probe(access);
        String got = AccessLine.result(result.outcome());
        compare(lines, new Check("image: accesses", line.result(), got, result));
      } while (lines.next());
    }
  }

  /** An answer of ours and what it must be, with the walk that led to it; null if none did. */
  private record Check(String group, String expected, String got, WalkResult walk) {}

  private void compare(LineReader lines, Check check) {
    String expected = check.expected;
    if (expected.equals(check.got)) {
      report.pass(check.group);
    } else {
      String id = expected.length() > MAX_PRINTED ? expected.substring(0, MAX_PRINTED) : expected;
      String explanation = check.walk == null ? "" : WalkExplanation.of(check.walk);
      report.fail(
          check.group,
          new VerifyReport.Failure(
              lines.file(), lines.line(), id, "", expected, check.got, explanation));
    }
  }

  /** A line of {@code access.jsonl}: an access tried by the machine, and what came of it. */
  private record AccessLine(long va, AccessKind kind, int cpl, String result) {
    static AccessLine parse(Cursor in) throws InputException {
      long va = 0;
      AccessKind kind = AccessKind.READ;
      int cpl = 3;
      String result = null;
      int error = -1;
      in.openObject();
      for (String key = in.nextKey(); key != null; key = in.nextKey()) {
        switch (key) {
          case "va" -> va = in.paddedHex();
          case "access" -> kind = kind(in);
          case "cpl" -> cpl = in.number(0, 3);
          case "result" -> result = in.string();
          case "error" -> error = in.number(0, Integer.MAX_VALUE);
          default -> throw in.expected("unknown key; expected va, access, cpl, result or error");
        }
      }
      in.end();
      in.at("result");
      boolean ok = "ok".equals(result);
      boolean fault = "#PF".equals(result) || "#GP".equals(result);
      if (!(ok && error < 0) && !(fault && error >= 0)) {
        throw in.expected("expected ok, or #PF or #GP with an error");
      }
      return new AccessLine(va, kind, cpl, result.equals("ok") ? result : result + " " + error);
    }

    static String result(Outcome outcome) {
      return switch (outcome) {
        case Outcome.PageFault fault -> "#PF " + fault.error();
        case Outcome.Fault fault -> fault.vector() + " 0";
        default -> "ok";
      };
    }

    private static AccessKind kind(Cursor in) throws InputException {
      return switch (in.string()) {
        case "r" -> AccessKind.READ;
        case "w" -> AccessKind.WRITE;
        case "x" -> AccessKind.FETCH;
        default -> throw in.expected("expected r, w or x, found " + in.found());
      };
    }
  }
}
