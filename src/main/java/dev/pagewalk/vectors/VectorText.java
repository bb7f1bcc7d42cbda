package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Lines of JSON in memory: vectors of format 1, and the questions and answers of the subject
 * protocol. Not thread-safe.
 */
final class VectorText {
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(1 << 16);
  private final JsonGenerator json =
      JsonFactory.builder()
          .rootValueSeparator("")
          .build()
          .createGenerator(ObjectWriteContext.empty(), lines);

  private final byte[] hexDigits = {'0', 'x', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

  /** Bytes of the lines that are here. */
  int size() {
    return lines.size();
  }

  /** Moves all lines to {@code out}. */
  void moveTo(OutputStream out) throws IOException {
    lines.writeTo(out);
    lines.reset();
  }

  /** All lines, which are gone from here then. */
  byte[] take() {
    byte[] bytes = lines.toByteArray();
    lines.reset();
    return bytes;
  }

  /** Adds a line as it is. */
  void raw(String line) {
    lines.writeBytes(line.getBytes(StandardCharsets.UTF_8));
  }

  /** The line by which a program introduces itself. */
  void hello(SubjectHello hello) {
    json.writeStartObject();
    json.writeObjectPropertyStart("subject");
    json.writeNumberProperty("protocol", SubjectHello.PROTOCOL);
    json.writeStringProperty("name", hello.name());
    json.writeStringProperty("version", hello.version());
    features("features", hello.features());
    if (!hello.always().isEmpty()) {
      features("always", hello.always());
    }
    json.writeArrayPropertyStart("maxphyaddr");
    json.writeNumber(hello.leastMaxPhyAddr());
    json.writeNumber(hello.mostMaxPhyAddr());
    json.writeEndArray();
    json.writeBooleanProperty("memory_after", hello.tellsMemory());
    json.writeEndObject();
    end();
  }

  /** The line with which we begin. */
  void greeting(String version) {
    json.writeStartObject();
    json.writeObjectPropertyStart("pagewalk");
    json.writeNumberProperty("protocol", SubjectHello.PROTOCOL);
    json.writeStringProperty("version", version);
    json.writeEndObject();
    end();
  }

  /**
   * A vector without what was observed, as a question with a number. Of the processor's features
   * only those that are {@code known} are named.
   */
  void question(long number, WalkVector vector, Set<Feature> known) {
    json.writeStartObject();
    json.writeNumberProperty("vector", number);
    machine(vector, known);
    json.writeArrayPropertyStart("steps");
    for (Step step : vector.steps()) {
      json.writeStartObject();
      action(step.action());
      json.writeEndObject();
    }
    json.writeEndArray();
    end();
  }

  /** A vector of format 1, which the sources agree on; {@code note} may be empty. */
  void vector(WalkVector vector, String note) {
    json.writeStartObject();
    json.writeStringProperty("id", vector.id());
    json.writeStringProperty("group", vector.group());
    machine(vector, vector.cpu().features());
    json.writeArrayPropertyStart("steps");
    for (Step step : vector.steps()) {
      json.writeStartObject();
      action(step.action());
      observed(step);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("sources");
    vector.sources().forEach(json::writeString);
    json.writeEndArray();
    if (!note.isEmpty()) {
      json.writeStringProperty("note", note);
    }
    end();
  }

  private void observed(Step step) {
    List<Outcome> allowed = step.allowed();
    if (allowed.size() > 1) {
      json.writeArrayPropertyStart("permits");
      allowed.forEach(this::outcomeObject);
      json.writeEndArray();
    } else if (!(allowed.getFirst() instanceof Outcome.Done)) {
      json.writeName("expect");
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
    json.writeStartObject();
    outcome(outcome);
    json.writeEndObject();
  }

  private void masked(Words after) {
    json.writeArrayPropertyStart("memory_after_masked");
    for (int i = 0; i < after.size(); i++) {
      json.writeStartArray();
      hex(after.address(i));
      hex(after.value(i));
      hex(after.care(i));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  /** The answer to the question with that number. */
  void answer(long number, List<SubjectAnswer.Said> steps) {
    json.writeStartObject();
    json.writeNumberProperty("vector", number);
    json.writeArrayPropertyStart("outcomes");
    for (SubjectAnswer.Said said : steps) {
      json.writeStartObject();
      outcome(said.outcome());
      if (said.changed() != null) {
        words("memory_after", said.changed());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    end();
  }

  /** Says that the question with that number is not answered, and why. */
  void skip(long number, String reason) {
    json.writeStartObject();
    json.writeNumberProperty("vector", number);
    json.writeStringProperty("skip", reason);
    end();
  }

  private void end() {
    json.writeEndObject();
    json.writeRaw('\n');
    json.flush();
  }

  private void machine(WalkVector vector, Set<Feature> known) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(known);
    features.retainAll(vector.cpu().features());
    Registers state = vector.state();
    json.writeObjectPropertyStart("cpu");
    json.writeNumberProperty("maxphyaddr", vector.cpu().maxPhyAddr());
    features("features", features);
    json.writeEndObject();
    json.writeObjectPropertyStart("state");
    hex("cr0", state.cr0());
    hex("cr3", state.cr3());
    hex("cr4", state.cr4());
    hex("efer", state.efer());
    if (features.contains(Feature.PKU)) {
      hex("pkru", Integer.toUnsignedLong(state.pkru()));
    }
    if (features.contains(Feature.PKS)) {
      hex("pkrs", Integer.toUnsignedLong(state.pkrs()));
    }
    json.writeEndObject();
    words("memory", vector.memory());
  }

  private void features(String key, Collection<Feature> features) {
    json.writeArrayPropertyStart(key);
    features.forEach(feature -> json.writeString(feature.id()));
    json.writeEndArray();
  }

  private void words(String key, Words words) {
    json.writeArrayPropertyStart(key);
    for (int i = 0; i < words.size(); i++) {
      json.writeStartArray();
      hex(words.address(i));
      hex(words.value(i));
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void action(Action action) {
    switch (action) {
      case Action.Touch(Access access, int size) -> {
        verb(verb(access.kind()));
        hex("va", access.linearAddress());
        json.writeNumberProperty("size", size);
        json.writeNumberProperty("cpl", access.mode().isUser() ? 3 : 0);
        json.writeNumberProperty("ac", access.ac() ? 1 : 0);
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
        json.writeNumberProperty("type", operand.type());
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
      case READ -> "read";
      case WRITE -> "write";
      case FETCH -> "fetch";
      default -> throw new IllegalArgumentException("format 1 has no access " + kind);
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
        json.writeStringProperty("exception", "#PF");
        hex("error", error);
        hex("cr2", cr2);
      }
      case Outcome.InvalidOpcode() -> json.writeStringProperty("exception", "#UD");
      case Outcome.Fault fault -> {
        json.writeStringProperty("exception", fault.vector());
        json.writeStringProperty("error", "0x0");
      }
    }
  }

  private void verb(String name) {
    json.writeStringProperty("do", name);
  }

  private void hex(String key, long value) {
    json.writeName(key);
    hex(value);
  }

  /** A number as {@code "0x…"}, without a String of it. */
  private void hex(long value) {
    int digits = Math.max(1, (Long.SIZE - Long.numberOfLeadingZeros(value) + 3) / 4);
    for (int i = 0; i < digits; i++) {
      int digit = (int) (value >>> (4 * (digits - 1 - i))) & 0xf;
      hexDigits[2 + i] = (byte) (digit < 10 ? '0' + digit : 'a' + digit - 10);
    }
    // Nothing in it has to be escaped.
    json.writeRawUTF8String(hexDigits, 0, 2 + digits);
  }
}
