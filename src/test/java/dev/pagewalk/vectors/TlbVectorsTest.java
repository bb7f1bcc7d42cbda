package dev.pagewalk.vectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.machine.CpuModels;
import dev.pagewalk.physmem.PhysicalMemory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The vectors of {@code tlb.jsonl} meet stale translations, and find an MMU that keeps too many.
 */
class TlbVectorsTest {
  private static final Path FILE = Path.of("test-vectors", "walk", "tlb.jsonl");

  @Test
  void manyStepsThatPermitAStaleAnswerGetOne() throws Exception {
    int permitting = 0;
    int stale = 0;
    try (PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES)) {
      Engine mmu = new MmuEngine(CpuModels.of("skylake"), memory);
      Engine spec = new SpecEngine(memory);
      for (WalkVector vector : vectors()) {
        List<Outcome> cached = outcomes(mmu, vector);
        List<Outcome> walked = outcomes(spec, vector);
        for (int i = 0; i < cached.size(); i++) {
          permitting += vector.steps().get(i).allowed().size() > 1 ? 1 : 0;
          stale += cached.get(i).equals(walked.get(i)) ? 0 : 1;
        }
      }
    }
    System.out.println(
        "[pagewalk] steps that permit a stale answer: " + permitting + ", given: " + stale);
    assertTrue(stale * 2 > permitting, stale + " of " + permitting);
  }

  @Test
  void everyVectorNamesTheSectionOfTheManualThatItRestsOn() throws Exception {
    Pattern section = Pattern.compile("\"note\":\"SDM (2|3A) \\\\\"[A-Z][^\"]+\\\\\": .+\\.\"}");
    try (LineReader lines = new LineReader(FILE)) {
      while (lines.next()) {
        String line = lines.text();
        assertTrue(section.matcher(line).find(), line);
        assertTrue(line.contains("\"sources\":[\"manual-reading\"]"), line);
      }
    }
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        Arguments.of(
            "INVLPG is ignored",
            change(action -> action instanceof Action.Invlpg ? null : action),
            List.of("tlb-invlpg", "tlb-large-page", "tlb-paging-structure-cache", "tlb-dirty")),
        Arguments.of(
            "INVLPG drops its own 4 KiB only",
            change(action ->
                action instanceof Action.Invlpg(long va)
                    ? new Action.Invpcid(new InvpcidOperand(0, 0, va))
                    : action),
            List.of("tlb-global", "tlb-pcid", "tlb-paging-structure-cache")),
        Arguments.of(
            "INVPCID is ignored",
            change(
                action -> refused(action) || !(action instanceof Action.Invpcid) ? action : null),
            List.of("tlb-invpcid")),
        Arguments.of(
            "INVPCID type 2 leaves globals",
            change(action -> retyped(action, 2, 3)),
            List.of("tlb-invpcid")),
        Arguments.of(
            "INVPCID type 3 drops PCID 0 only",
            change(action -> retyped(action, 3, 1)),
            List.of("tlb-invpcid")),
        Arguments.of(
            "MOV to CR4 is ignored",
            change(action -> action instanceof Action.MovCr4 ? null : action),
            List.of("tlb-global", "tlb-pcid", "tlb-registers")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("broken")
  void anMmuThatKeepsTooMuchIsFound(
      String what, Function<Action, Optional<Action>> change, List<String> groups)
      throws Exception {
    CpuModel model = CpuModels.of("skylake");
    Engines engines =
        new Engines(
            false, Map.of(what, memory -> new Substituting(new MmuEngine(model, memory), change)));
    VerifyReport report =
        new Verification(engines, ModelPresets.SDM, 0, bytes -> {}).run(List.of(FILE));
    List<String> failed = new ArrayList<>();
    report
        .groups()
        .forEach((group, count) -> {
          if (count.failed() > 0) {
            failed.add(group);
          }
        });
    assertTrue(failed.containsAll(groups), what + " fails " + failed);
  }

  /** Does something else in place of some actions, or nothing. */
  private record Substituting(Engine inner, Function<Action, Optional<Action>> change)
      implements Engine {
    @Override
    public String name() {
      return inner.name();
    }

    @Override
    public void reset(Cpu cpu, Registers registers) {
      inner.reset(cpu, registers);
    }

    @Override
    public PhysicalMemory memory() {
      return inner.memory();
    }

    @Override
    public Outcome perform(Action action) {
      return change.apply(action).map(inner::perform).orElse(new Outcome.Done());
    }

    @Override
    public String explain(Action action) {
      return change.apply(action).map(inner::explain).orElse("");
    }
  }

  private static Function<Action, Optional<Action>> change(Function<Action, Action> change) {
    return action -> Optional.ofNullable(change.apply(action));
  }

  private static boolean refused(Action action) {
    return action instanceof Action.Invpcid(InvpcidOperand operand)
        && (operand.type() > 3 || operand.pcid() > 0xfff);
  }

  private static Action retyped(Action action, int from, int to) {
    return action instanceof Action.Invpcid(InvpcidOperand operand) && operand.type() == from
        ? new Action.Invpcid(new InvpcidOperand(to, operand.pcid(), operand.linearAddress()))
        : action;
  }

  private static List<Outcome> outcomes(Engine engine, WalkVector vector) {
    List<Outcome> outcomes = new ArrayList<>();
    engine.memory().clear();
    engine.reset(vector.cpu(), vector.state());
    for (int i = 0; i < vector.memory().size(); i++) {
      engine.memory().write64(vector.memory().address(i), vector.memory().value(i));
    }
    vector.steps().forEach(step -> outcomes.add(engine.perform(step.action())));
    return outcomes;
  }

  private static List<WalkVector> vectors() throws Exception {
    List<WalkVector> vectors = new ArrayList<>();
    VectorParser parser = new VectorParser();
    try (LineReader lines = new LineReader(FILE)) {
      while (lines.next()) {
        try (Cursor cursor = lines.cursor()) {
          vectors.add(parser.parse(cursor));
        }
      }
    }
    assertEquals(127, vectors.size());
    return vectors;
  }
}
