package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * Lines of JSON in memory: vectors of format 1, and the questions and answers of the subject
 * protocol. Not thread-safe.
 */
final class VectorText {
  private static final Feature[] FEATURES = Feature.values();

  private final JsonText json = new JsonText();

  /** Bytes of the lines that are here. */
  int size() {
    return json.size();
  }

  /** Moves all lines to {@code out}. */
  void moveTo(OutputStream out) throws IOException {
    json.writeTo(out);
    json.clear();
  }

  /** All lines, which are gone from here then. */
  byte[] take() {
    byte[] bytes = json.copy();
    json.clear();
    return bytes;
  }

  /** Adds a line as it is. */
  void raw(String line) {
    json.raw(line.getBytes(StandardCharsets.UTF_8));
  }

  /** The line by which a program introduces itself. */
  void hello(SubjectHello hello) {
    json.startObject();
    json.name("subject");
    json.startObject();
    json.name("protocol");
    json.number(SubjectHello.PROTOCOL);
    text("name", hello.name());
    text("version", hello.version());
    features("features", hello.features());
    if (!hello.always().isEmpty()) {
      features("always", hello.always());
    }
    json.name("maxphyaddr");
    json.startArray();
    json.number(hello.leastMaxPhyAddr());
    json.number(hello.mostMaxPhyAddr());
    json.endArray();
    json.name("memory_after");
    json.truth(hello.tellsMemory());
    if (!hello.accesses().isEmpty()) {
      extensions("accesses", hello.accesses());
    }
    json.endObject();
    end();
  }

  /** The line with which we begin. */
  void greeting(String version) {
    json.startObject();
    json.name("pagewalk");
    json.startObject();
    json.name("protocol");
    json.number(SubjectHello.PROTOCOL);
    text("version", version);
    json.endObject();
    end();
  }

  /**
   * A vector without what was observed, as a question with a number. Of the processor's features
   * only those that are {@code known} are named.
   */
  void question(long number, WalkVector vector, Set<Feature> known) {
    json.startObject();
    json.name("vector");
    json.number(number);
    machine(vector, known);
    json.name("steps");
    json.startArray();
    for (Step step : vector.steps()) {
      json.startObject();
      action(step.action());
      json.endObject();
    }
    json.endArray();
    end();
  }

  /** A vector of format 1, which the sources agree on; {@code note} may be empty. */
  void vector(WalkVector vector, String note) {
    json.startObject();
    text("id", vector.id());
    text("group", vector.group());
    requires(vector);
    machine(vector, vector.cpu().features());
    json.name("steps");
    json.startArray();
    for (Step step : vector.steps()) {
      json.startObject();
      action(step.action());
      observed(step);
      json.endObject();
    }
    json.endArray();
    json.name("sources");
    json.startArray();
    vector.sources().forEach(json::string);
    json.endArray();
    if (!note.isEmpty()) {
      text("note", note);
    }
    end();
  }

  private void requires(WalkVector vector) {
    Set<Extension> used = Extension.of(vector);
    if (!used.isEmpty()) {
      extensions("requires", used);
    }
  }

  private void extensions(String key, Collection<Extension> extensions) {
    json.name(key);
    json.startArray();
    extensions.forEach(extension -> json.string(extension.id()));
    json.endArray();
  }

  private void observed(Step step) {
    List<Outcome> allowed = step.allowed();
    if (allowed.size() > 1) {
      json.name("permits");
      json.startArray();
      allowed.forEach(this::outcomeObject);
      json.endArray();
    } else if (!(allowed.getFirst() instanceof Outcome.Done)) {
      json.name("expect");
      outcomeObject(allowed.getFirst());
    }
    if (step.memoryAfter().isPresent()) {
      Words after = step.memoryAfter().get();
      boolean exact = true;
      for (int i = 0; i < after.size(); i++) {
        exact &= after.care(i) == -1L;
      }
      if (exact) {
        words("memory_after", after);
      } else {
        masked(after);
      }
    }
  }

  private void outcomeObject(Outcome outcome) {
    json.startObject();
    outcome(outcome);
    json.endObject();
  }

  private void masked(Words after) {
    json.name("memory_after_masked");
    json.startArray();
    for (int i = 0; i < after.size(); i++) {
      json.startArray();
      json.hex(after.address(i));
      json.hex(after.value(i));
      json.hex(after.care(i));
      json.endArray();
    }
    json.endArray();
  }

  /** The answer to the question with that number. */
  void answer(long number, List<SubjectAnswer.Said> steps) {
    json.startObject();
    json.name("vector");
    json.number(number);
    json.name("outcomes");
    json.startArray();
    for (SubjectAnswer.Said said : steps) {
      json.startObject();
      outcome(said.outcome());
      if (said.changed() != null) {
        words("memory_after", said.changed());
      }
      json.endObject();
    }
    json.endArray();
    end();
  }

  /** Says that the question with that number is not answered, and why. */
  void skip(long number, String reason) {
    json.startObject();
    json.name("vector");
    json.number(number);
    text("skip", reason);
    end();
  }

  private void end() {
    json.endObject();
    json.endLine();
  }

  private void machine(WalkVector vector, Set<Feature> known) {
    Cpu cpu = vector.cpu();
    Registers state = vector.state();
    json.name("cpu");
    json.startObject();
    json.name("maxphyaddr");
    json.number(cpu.maxPhyAddr());
    json.name("features");
    json.startArray();
    for (Feature feature : FEATURES) {
      if (known.contains(feature) && cpu.has(feature)) {
        json.string(feature.id());
      }
    }
    json.endArray();
    json.endObject();
    json.name("state");
    json.startObject();
    hex("cr0", state.cr0());
    hex("cr3", state.cr3());
    hex("cr4", state.cr4());
    hex("efer", state.efer());
    if (known.contains(Feature.PKU) && cpu.has(Feature.PKU)) {
      hex("pkru", Integer.toUnsignedLong(state.pkru()));
    }
    if (known.contains(Feature.PKS) && cpu.has(Feature.PKS)) {
      hex("pkrs", Integer.toUnsignedLong(state.pkrs()));
    }
    json.endObject();
    words("memory", vector.memory());
  }

  private void features(String key, Collection<Feature> features) {
    json.name(key);
    json.startArray();
    features.forEach(feature -> json.string(feature.id()));
    json.endArray();
  }

  private void words(String key, Words words) {
    json.name(key);
    json.startArray();
    for (int i = 0; i < words.size(); i++) {
      json.startArray();
      json.hex(words.address(i));
      json.hex(words.value(i));
      json.endArray();
    }
    json.endArray();
  }

  private void action(Action action) {
    switch (action) {
      case Action.Touch(Access access, int size, int cpl) -> {
        verb(verb(access.kind()));
        hex("va", access.linearAddress());
        json.name("size");
        json.number(size);
        json.name("cpl");
        json.number(cpl);
        json.name("ac");
        json.number(access.ac() ? 1 : 0);
        Extension as = Extension.of(access);
        if (as != null) {
          text("as", as.id());
        }
      }
      case Action.Store(long pa, long value) -> {
        verb("store");
        hex("pa", pa);
        hex("value", value);
      }
      case Action.Invlpg(long va) -> {
        verb("invlpg");
        hex("va", va);
      }
      case Action.Invpcid(var operand) -> {
        verb("invpcid");
        json.name("type");
        json.number(operand.type());
        hex("pcid", operand.pcid());
        hex("va", operand.linearAddress());
      }
      case Action.MovCr0(long value) -> register("mov_cr0", value);
      case Action.MovCr3(long value) -> register("mov_cr3", value);
      case Action.MovCr4(long value) -> register("mov_cr4", value);
      case Action.Wrpkru(long value) -> register("wrpkru", value);
      case Action.Wrmsr(long msr, long value) -> {
        verb("wrmsr");
        hex("msr", msr);
        hex("value", value);
      }
    }
  }

  private static String verb(AccessKind kind) {
    return switch (kind) {
      case READ, SHADOW_STACK_READ -> "read";
      case WRITE, SHADOW_STACK_WRITE -> "write";
      case FETCH -> "fetch";
    };
  }

  private void register(String verb, long value) {
    verb(verb);
    hex("value", value);
  }

  private void outcome(Outcome outcome) {
    switch (outcome) {
      case Outcome.Done() -> {}
      case Outcome.Reached(long pa) -> hex("pa", pa);
      case Outcome.PageFault(int error, long cr2) -> {
        text("exception", "#PF");
        hex("error", error);
        hex("cr2", cr2);
      }
      case Outcome.InvalidOpcode() -> text("exception", "#UD");
      case Outcome.Fault fault -> {
        text("exception", fault.vector());
        text("error", "0x0");
      }
    }
  }

  private void verb(String name) {
    text("do", name);
  }

  private void hex(String key, long value) {
    json.name(key);
    json.hex(value);
  }

  private void text(String key, String value) {
    json.name(key);
    json.string(value);
  }
}
