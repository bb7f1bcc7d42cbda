package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Prints what has been played as a vector of format 1, with what the reference answers.
 *
 * <p>The format knows neither shadow stacks nor accesses through SS. What else a vector cannot say,
 * the model of the processor and its choices, stands in its note.
 */
final class VectorPrinter {
  private final Scenario scenario;
  private final List<Run.Line> transcript;

  VectorPrinter(Scenario scenario, List<Run.Line> transcript) {
    this.scenario = scenario;
    this.transcript = transcript;
  }

  /** The vector, one line of JSON; nothing if the format cannot say it. */
  Optional<String> vector(String id) {
    boolean shadowStack =
        transcript.stream()
            .anyMatch(line -> line.op() instanceof Op.Touch(Access a) && a.kind().isShadowStack());
    boolean stackFault =
        transcript.stream().anyMatch(line -> line.allowed().contains(new Outcome.StackFault()));
    if (shadowStack || stackFault) {
      return Optional.empty();
    }
    StringBuilder json = new StringBuilder("{");
    json.append(key("id")).append(text("stream/" + id));
    json.append(',').append(key("group")).append(text("stream"));
    json.append(',').append(key("cpu")).append(cpu());
    json.append(',').append(key("state")).append(state());
    json.append(',').append(key("memory")).append(words(memory()));
    json.append(',').append(key("steps")).append(steps());
    json.append(',').append(key("sources")).append("[\"spec\"]");
    json.append(',').append(key("note")).append(text(note()));
    return Optional.of(json.append('}').toString());
  }

  private String note() {
    return ("seed " + scenario.seed() + "; " + scenario.model() + "; " + scenario.cpu().choices())
        .replace('"', '\'');
  }

  private String cpu() {
    Cpu cpu = scenario.cpu();
    String features =
        cpu.features().stream()
            .map(Feature::id)
            .sorted()
            .map(VectorPrinter::text)
            .collect(Collectors.joining(","));
    return "{"
        + key("maxphyaddr")
        + cpu.maxPhyAddr()
        + ","
        + key("features")
        + "["
        + features
        + "]}";
  }

  private String state() {
    Registers registers = scenario.registers();
    return "{"
        + field("cr0", registers.cr0())
        + ","
        + field("cr3", registers.cr3())
        + ","
        + field("cr4", registers.cr4())
        + ","
        + field("efer", registers.efer())
        + ","
        + field("pkru", Integer.toUnsignedLong(registers.pkru()))
        + ","
        + field("pkrs", Integer.toUnsignedLong(registers.pkrs()))
        + "}";
  }

  /** The first words, and those that are 0 at first and change: only named words are compared. */
  private Map<Long, Long> memory() {
    Map<Long, Long> words = new TreeMap<>();
    for (Run.Line line : transcript) {
      if (line.op() instanceof Op.Store store) {
        words.put(store.pa(), 0L);
      }
      line.words().ifPresent(changed -> changed.keySet().forEach(pa -> words.put(pa, 0L)));
      line.holes().forEach(pa -> words.put(pa, -1L));
    }
    scenario.words().forEach(word -> words.put(word.pa(), word.value()));
    return words;
  }

  private static String words(Map<Long, Long> words) {
    return words.entrySet().stream()
        .map(word -> "[" + hex(word.getKey()) + "," + hex(word.getValue()) + "]")
        .collect(Collectors.joining(",", "[", "]"));
  }

  private String steps() {
    List<String> steps = new ArrayList<>();
    for (Run.Line line : transcript) {
      steps.add("{" + step(line) + "}");
    }
    return String.join(",", steps).transform(all -> "[" + all + "]");
  }

  private String step(Run.Line line) {
    return switch (line.op()) {
      case Op.Touch(Access access) -> touch(access, line);
      case Op.Store store -> verb("store") + field("pa", store.pa()) + value(store.value());
      case Op.Invlpg invlpg -> verb("invlpg") + field("va", invlpg.linearAddress());
      case Op.Invpcid(var operand) ->
          verb("invpcid")
              + key("type")
              + operand.type()
              + ","
              + field("pcid", operand.pcid())
              + ","
              + field("va", operand.linearAddress())
              + refusal(line);
      case Op.MovCr0 mov -> register("mov_cr0", mov.value(), line);
      case Op.MovCr3 mov -> register("mov_cr3", mov.value(), line);
      case Op.MovCr4 mov -> register("mov_cr4", mov.value(), line);
      case Op.Wrpkru wrpkru -> register("wrpkru", wrpkru.value(), line);
      case Op.Wrmsr wrmsr ->
          verb("wrmsr") + field("msr", wrmsr.msr()) + value(wrmsr.value()) + refusal(line);
    };
  }

  private static String touch(Access access, Run.Line line) {
    String kind = access.kind() == AccessKind.FETCH ? "fetch" : access.kind().name();
    // An implicit supervisor-mode access is one that RFLAGS.AC does not help.
    boolean ac = access.ac() && access.mode() != Mode.IMPLICIT_SUPERVISOR;
    StringBuilder step = new StringBuilder(verb(kind.toLowerCase(Locale.ROOT)));
    step.append(field("va", access.linearAddress())).append(',');
    step.append(key("size")).append("1,");
    step.append(key("cpl")).append(access.mode().isUser() ? 3 : 0).append(',');
    step.append(key("ac")).append(ac ? 1 : 0).append(',');
    Set<Outcome> allowed = line.allowed();
    if (allowed.size() == 1) {
      step.append(key("expect")).append(outcome(allowed.iterator().next()));
    } else {
      step.append(key("permits"))
          .append(
              allowed.stream()
                  .map(VectorPrinter::outcome)
                  .collect(Collectors.joining(",", "[", "]")));
    }
    line.words()
        .ifPresent(words -> step.append(',').append(key("memory_after")).append(words(words)));
    return step.toString();
  }

  private static String register(String verb, long value, Run.Line line) {
    return verb(verb) + value(value).substring(1) + refusal(line);
  }

  private static String refusal(Run.Line line) {
    Outcome outcome = line.allowed().iterator().next();
    return outcome instanceof Outcome.Fault ? "," + key("expect") + outcome(outcome) : "";
  }

  private static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Reached reached -> "{" + field("pa", reached.physicalAddress()) + "}";
      case Outcome.PageFault fault ->
          "{\"exception\":\"#PF\","
              + field("error", fault.error())
              + ","
              + field("cr2", fault.cr2())
              + "}";
      case Outcome.InvalidOpcode fault -> "{\"exception\":\"#UD\"}";
      case Outcome.Fault fault ->
          "{" + key("exception") + text(fault.vector()) + "," + field("error", 0) + "}";
      case Outcome.Done done -> throw new IllegalArgumentException("an access is never just done");
    };
  }

  private static String verb(String verb) {
    return key("do") + text(verb) + ",";
  }

  private static String value(long value) {
    return "," + field("value", value);
  }

  private static String field(String name, long value) {
    return key(name) + hex(value);
  }

  private static String key(String name) {
    return text(name) + ":";
  }

  private static String hex(long value) {
    return text(Hex.of(value));
  }

  private static String text(String text) {
    return "\"" + text + "\"";
  }
}
