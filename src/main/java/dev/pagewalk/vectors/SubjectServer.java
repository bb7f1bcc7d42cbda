package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Our own reference walk, or our MMU, as a program that answers vectors: the other side of {@link
 * SubjectVerification}, and an example of it.
 */
public final class SubjectServer implements AutoCloseable {
  /** Answers are handed over when there are so many bytes of them, or no question is here. */
  private static final int CHUNK = 1 << 14;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final Engine engine;
  private final ModelChoices choices;
  private final String version;
  private final VectorText text = new VectorText();
  private final VectorParser parser = new VectorParser();
  private final StepParser steps = new StepParser();
  private final IdentityHashMap<Cpu, Cpu> cpus = new IdentityHashMap<>();

  private SubjectServer(Optional<CpuModel> model, ModelChoices choices, String version) {
    this.engine = model.isPresent() ? new MmuEngine(model.get(), memory) : new SpecEngine(memory);
    this.choices = choices;
    this.version = version;
  }

  /** The reference walk. */
  public static SubjectServer spec(ModelChoices choices, String version) {
    return new SubjectServer(Optional.empty(), choices, version);
  }

  /** The MMU of {@code model}. */
  public static SubjectServer mmu(CpuModel model, ModelChoices choices, String version) {
    return new SubjectServer(Optional.of(model), choices, version);
  }

  /**
   * Answers what is asked on {@code in} until it ends.
   *
   * @throws InputException if a line is no question
   * @throws IOException if nobody reads the answers any more
   */
  public void serve(InputStream in, OutputStream out) throws IOException {
    text.hello(
        new SubjectHello(
            "pagewalk " + engine.name(),
            version,
            EnumSet.allOf(Feature.class),
            EnumSet.noneOf(Feature.class),
            Cpu.MIN_MAXPHYADDR,
            Cpu.MAX_MAXPHYADDR,
            true,
            EnumSet.allOf(Extension.class)));
    text.moveTo(out);
    out.flush();
    try (LineReader lines = new LineReader("standard input", in)) {
      boolean greeted = false;
      while (lines.next()) {
        try (Cursor cursor = lines.cursor()) {
          if (greeted) {
            answer(cursor);
          } else {
            greeting(cursor);
            greeted = true;
          }
        }
        if (text.size() >= CHUNK || !lines.hasNext()) {
          text.moveTo(out);
          out.flush();
        }
      }
    }
  }

  @Override
  public void close() {
    memory.close();
  }

  private static void greeting(Cursor in) throws InputException {
    in.openObject();
    if (!"pagewalk".equals(in.nextKey())) {
      throw in.expected("expected {\"pagewalk\": {\"protocol\": 1, ...}}");
    }
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      if (key.equals("protocol")) {
        in.number(SubjectHello.PROTOCOL, SubjectHello.PROTOCOL);
      } else {
        in.string();
      }
    }
    if (in.nextKey() != null) {
      throw in.expected("expected nothing beside the key pagewalk");
    }
    in.end();
  }

  private void answer(Cursor in) throws InputException {
    in.openObject();
    key(in, "vector");
    int number = in.number(0, Integer.MAX_VALUE);
    key(in, "cpu");
    // Equal ones are one object here: there are few, and much depends on them.
    Cpu cpu = cpus.computeIfAbsent(parser.cpu(in), asked -> asked.with(choices));
    key(in, "state");
    Registers state = VectorParser.state(in);
    key(in, "memory");
    Words words = VectorParser.memory(in);
    key(in, "steps");
    List<Action> actions = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      in.atStep(actions.size());
      actions.add(steps.parseQuestion(in, words));
      in.atStep(-1);
    }
    if (in.nextKey() != null) {
      throw in.expected("unknown key; expected vector, cpu, state, memory and steps");
    }
    in.end();
    Optional<String> refusal = RegisterRules.whyNoWalk(cpu, state);
    if (refusal.isEmpty()) {
      refusal = Optional.ofNullable(Extension.whyNot(cpu, state, actions));
    }
    if (refusal.isPresent()) {
      text.skip(number, refusal.get());
    } else {
      perform(number, cpu, state, new Question(words, actions));
    }
  }

  /** Words and steps of a question. */
  private record Question(Words words, List<Action> actions) {}

  private void perform(int number, Cpu cpu, Registers state, Question question) {
    memory.clear();
    engine.reset(cpu, state);
    text.answer(number, Answers.perform(engine, question.words, question.actions));
  }

  private static void key(Cursor in, String wanted) throws InputException {
    if (!wanted.equals(in.nextKey())) {
      throw in.expected("expected the keys vector, cpu, state, memory and steps in this order");
    }
  }
}
