package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
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
 *
 * <p>The reference walk lists the pages and their effective rights, translates and decides the
 * accesses. The MMUs read every page listed and every address translated, and make the accesses.
 */
final class Snapshot {
  private static final String PAGES = "image: pages";
  private static final String TRANSLATIONS = "image: translations";
  private static final String RANGES = "image: effective rights";
  private static final String NO_PAGE = "no further page";
  private static final String NO_RANGE = "no further range";
  private static final Pattern RANGE =
      Pattern.compile("[0-9a-f]{16}-[0-9a-f]{16} [0-9a-f]{16} [u-]r[w-]");

  private final String name;
  private final Path registersFile;
  private final RegistersFile file;
  private final Cpu cpu;
  private final Engines engines;
  private final VerifyReport report;

  /**
   * A snapshot.
   *
   * @param registersFile the file that gives it its name
   * @param choices of the engines
   * @param engines who answers
   * @param report where the answers go
   */
  Snapshot(Path registersFile, ModelChoices choices, Engines engines, VerifyReport report)
      throws InputException {
    String path = registersFile.toString();
    this.registersFile = registersFile;
    this.name = path.substring(0, path.length() - ".registers.json".length());
    this.file = RegistersFile.read(registersFile);
    this.cpu = file.cpu().with(choices);
    this.engines = engines;
    this.report = report;
  }

  /** Checks everything that lies beside the registers. */
  void check() throws InputException {
    Path image =
        find("elf").orElseThrow(() -> new InputException(name + ".elf", "", "no such file"));
    try (PhysicalMemory memory = MemoryImage.open(image);
        ImageMmus mmus = new ImageMmus(engines, image)) {
      checkRoot(new Root(memory, mmus, "", file.registers()));
      for (Map.Entry<String, Long> root : file.roots().entrySet()) {
        Registers other = file.registers().withCr3(root.getValue());
        if (other.root() != file.registers().root()) {
          checkRoot(new Root(memory, mmus, root.getKey() + ".", other));
        }
      }
    }
  }

  /** One address space; {@code prefix} stands before the endings of its files. */
  private record Root(PhysicalMemory memory, ImageMmus mmus, String prefix, Registers registers) {}

  private void checkRoot(Root root) throws InputException {
    Optional<String> refusal = RegisterRules.whyNoWalk(cpu, root.registers);
    if (refusal.isPresent()) {
      throw new InputException(registersFile.toString(), "", refusal.get());
    }
    List<Leaf> leaves = new ArrayList<>();
    new PageTableListing(root.memory, cpu, root.registers, leaves::add).run();
    Optional<Path> truth = find(root.prefix + "truth.jsonl");
    if (truth.isPresent()) {
      checkTruth(truth.get(), leaves, root);
    } else {
      report.skip("no truth of a root: " + name + "." + root.prefix + "truth.jsonl");
    }
    Optional<Path> ranges = find(root.prefix + "mem.txt");
    if (ranges.isPresent()) {
      checkRanges(ranges.get(), EffectiveRanges.of(leaves));
    }
    Optional<Path> accesses = find(root.prefix + "access.jsonl");
    if (accesses.isPresent()) {
      checkAccesses(accesses.get(), root);
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

  private void checkTruth(Path path, List<Leaf> leaves, Root root) throws InputException {
    ReferenceWalk walk = new ReferenceWalk(root.memory, cpu, root.registers);
    root.mmus.reset(cpu, ImageMmus.permissive(root.registers));
    int next = 0;
    try (LineReader lines = new LineReader(path)) {
      while (lines.next()) {
        TruthLine line;
        try (Cursor cursor = lines.cursor()) {
          line = TruthLine.parse(cursor);
        }
        boolean page = line.source().equals("tlb");
        LineCheck check = new LineCheck(lines, page ? PAGES : TRANSLATIONS, "");
        if (page) {
          compare(
              check, line.text(), next < leaves.size() ? TruthLine.of(leaves.get(next)) : NO_PAGE);
          next++;
        } else {
          WalkResult result = walk.translate(line.va());
          compare(check, line.text(), TruthLine.of(line.va(), result), result);
        }
        root.mmus.translate(line, check);
        check.report(report);
      }
      for (; engines.includeSpec() && next < leaves.size(); next++) {
        LineCheck check = new LineCheck(lines, PAGES, "");
        compare(check, NO_PAGE, TruthLine.of(leaves.get(next)));
        check.report(report);
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
        if (engines.includeSpec()) {
          LineCheck check = new LineCheck(lines, RANGES, "");
          compare(check, lines.text(), next < ranges.size() ? ranges.get(next) : NO_RANGE);
          check.report(report);
        } else {
          report.skip("effective rights of an image: an MMU lists no pages");
        }
        next++;
      }
      for (; engines.includeSpec() && next < ranges.size(); next++) {
        LineCheck check = new LineCheck(lines, RANGES, "");
        compare(check, NO_RANGE, ranges.get(next));
        check.report(report);
      }
    }
  }

  private void checkAccesses(Path path, Root root) throws InputException {
    ReferenceWalk walk = new ReferenceWalk(root.memory, cpu, root.registers);
    root.mmus.reset(cpu, root.registers);
    try (LineReader lines = new LineReader(path)) {
      if (!lines.next()) {
        throw new InputException(lines.file(), "", "expected at least one access, found none");
      }
      do {
        AccessLine line;
        try (Cursor cursor = lines.cursor()) {
          line = AccessLine.parse(cursor);
        }
        Action.Touch touch = new Action.Touch(line.access(), 1);
        LineCheck check = new LineCheck(lines, "image: accesses", Describe.action(touch));
        // The accesses were tried in turn; what they marked is in the image already.
        WalkResult result = walk.probe(line.access());
        compare(check, line.result(), AccessLine.result(result.outcome()), result);
        root.mmus.access(line, check);
        check.report(report);
      } while (lines.next());
    }
  }

  /** Holds what the listing has against the truth, if the reference walk is to answer. */
  private void compare(LineCheck check, String expected, String got) {
    if (engines.includeSpec()) {
      check.answer(SpecEngine.NAME, expected, got, () -> "");
    }
  }

  /** Holds the answer of the reference walk against the truth, if it is to answer. */
  private void compare(LineCheck check, String expected, String got, WalkResult walk) {
    if (engines.includeSpec()) {
      check.answer(SpecEngine.NAME, expected, got, () -> WalkExplanation.of(walk));
    }
  }
}
