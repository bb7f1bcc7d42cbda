package dev.pagewalk.vectors;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;

/** Puts single vectors to the reference walk and to an MMU, for people. One thread at a time. */
public final class VectorCheck implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final List<VectorRunner> runners = new ArrayList<>();

  /** A check with the reference walk and an MMU of each model. */
  public VectorCheck(List<CpuModel> models) {
    runners.add(new VectorRunner(new SpecEngine(memory), ModelPresets.SDM));
    for (Engine engine : Engines.of(false, models).mmus(memory)) {
      runners.add(new VectorRunner(engine, ModelPresets.SDM));
    }
  }

  /**
   * What one engine answers.
   *
   * @param engine its name
   * @param passed whether every step was as observed
   * @param step the first that was not, from 1; 0 if there is none
   * @param expected what was observed there; empty if all passed
   * @param got what the engine answered there; empty if all passed
   */
  public record Answer(String engine, boolean passed, int step, String expected, String got) {}

  /**
   * What came of a vector.
   *
   * @param id its id
   * @param answers by engine
   * @param steps how the reference walk comes to its answer to each step, in lines
   */
  public record Result(String id, List<Answer> answers, List<String> steps) {}

  /**
   * Judges the vector in one line of JSON.
   *
   * @throws InputException with the place, if it is no vector of format 1
   */
  public Result judge(byte[] line) throws InputException {
    try (LineReader lines = new LineReader("vector", new ByteArrayInputStream(line))) {
      if (!lines.next()) {
        throw new InputException("vector", "", "expected a vector of format 1, found nothing");
      }
      WalkVector vector = new VectorParser().parse(lines.cursor());
      List<Answer> answers = new ArrayList<>();
      for (VectorRunner runner : runners) {
        answers.add(answer(runner.engineName(), runner.run(vector)));
      }
      List<String> steps = new ArrayList<>();
      for (int i = 1; i <= vector.steps().size(); i++) {
        steps.add(runners.getFirst().explain(vector, i));
      }
      return new Result(vector.id(), answers, steps);
    }
  }

  private static Answer answer(String engine, Verdict verdict) {
    return switch (verdict) {
      case Verdict.Passed _ -> new Answer(engine, true, 0, "", "");
      case Verdict.Failed failed ->
          new Answer(engine, false, failed.step(), failed.expected(), failed.got());
    };
  }

  @Override
  public void close() {
    memory.close();
  }
}
