package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.ModelPresets;
import java.util.EnumSet;
import java.util.Optional;

/** An engine in our own process, as a subject. */
final class EngineAnswerer implements InProcess.Answerer {
  private final Engine engine;

  EngineAnswerer(Engine engine) {
    this.engine = engine;
  }

  @Override
  public SubjectHello hello() {
    return new SubjectHello(
        engine.name(),
        "test",
        EnumSet.allOf(Feature.class),
        EnumSet.noneOf(Feature.class),
        Cpu.MIN_MAXPHYADDR,
        Cpu.MAX_MAXPHYADDR,
        true,
        EnumSet.allOf(Extension.class));
  }

  @Override
  public SubjectAnswer answer(long number, WalkVector vector) {
    return new SubjectAnswer(
        number, Optional.empty(), Answers.of(engine, vector, ModelPresets.SDM));
  }

  @Override
  public void restart() {}

  @Override
  public void close() {
    engine.memory().close();
  }
}
