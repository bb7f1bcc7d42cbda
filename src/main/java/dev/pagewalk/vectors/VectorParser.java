package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.PhysicalAddress;
import dev.pagewalk.arch.RegisterRules;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Reads vectors of format 1, one a line. Not thread-safe.
 *
 * <p>Strict: unknown, missing and repeated keys are errors, and so are numbers in another shape.
 */
final class VectorParser {
  private static final List<String> KEYS =
      List.of(
          "id",
          "group",
          "cpu",
          "state",
          "memory",
          "steps",
          "sources",
          "differs",
          "note",
          "requires");
  private static final List<String> REGISTERS =
      List.of("cr0", "cr3", "cr4", "efer", "pkru", "pkrs");

  /** Words that a vector may name: far more than a walk can read, few enough to be compared. */
  private static final int MOST_WORDS = 4096;

  private final Map<CpuKey, Cpu> cpus = new HashMap<>();
  private final StepParser stepParser = new StepParser();

  private record CpuKey(int maxPhyAddr, Set<Feature> features) {}

  /** What has been read of a vector so far. */
  private static final class Draft {
    String id;
    String group;
    Cpu cpu;
    Registers state;
    Words memory;
    List<Step> steps;
    List<String> sources;
    Map<String, List<Step>> differs = Map.of();
    Set<Extension> requires = EnumSet.noneOf(Extension.class);
  }

  /** Reads the vector that the cursor's line holds. */
  WalkVector parse(Cursor in) throws InputException {
    Draft draft = new Draft();
    in.openObject();
    int seen = 0;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = once(in, KEYS, key, seen);
      readKey(in, draft, key);
    }
    in.end();
    in.at("");
    require(in, KEYS.subList(0, 7), seen);
    Optional<String> refusal = RegisterRules.whyNoWalk(draft.cpu, draft.state);
    if (refusal.isPresent()) {
      in.at("state");
      throw in.expected(refusal.get());
    }
    WalkVector vector = vector(draft);
    checkExtensions(in, vector, draft.requires);
    return vector;
  }

  /** What a vector requires is what it uses, and makes sense. */
  private static void checkExtensions(Cursor in, WalkVector vector, Set<Extension> requires)
      throws InputException {
    Set<Extension> used = Extension.of(vector);
    if (!used.equals(requires)) {
      in.at("requires");
      throw in.expected("expected what its steps have as, no more and no less: " + ids(used));
    }
    if (!used.isEmpty()) {
      List<Action> actions = vector.steps().stream().map(Step::action).toList();
      String wrong = Extension.whyNot(vector.cpu(), vector.state(), actions);
      if (wrong != null) {
        in.at("steps");
        throw in.expected(wrong);
      }
    }
  }

  private static List<String> ids(Set<Extension> extensions) {
    return extensions.stream().map(Extension::id).toList();
  }

  private static WalkVector vector(Draft draft) {
    return new WalkVector(
        draft.id,
        draft.group,
        draft.cpu,
        draft.state,
        draft.memory,
        draft.steps,
        draft.sources,
        draft.differs);
  }

  private void readKey(Cursor in, Draft draft, String key) throws InputException {
    switch (key) {
      case "id" -> draft.id = name(in);
      case "group" -> draft.group = name(in);
      case "cpu" -> draft.cpu = cpu(in);
      case "state" -> draft.state = state(in);
      case "memory" -> draft.memory = memory(in);
      case "steps" -> draft.steps = steps(in, draft);
      case "sources" -> draft.sources = strings(in);
      case "differs" -> draft.differs = differs(in, draft);
      case "requires" -> draft.requires = extensions(in);
      default -> in.string();
    }
  }

  /** The list of extensions that comes next. */
  static Set<Extension> extensions(Cursor in) throws InputException {
    Set<Extension> extensions = EnumSet.noneOf(Extension.class);
    in.openArray();
    while (in.nextElement()) {
      extensions.add(StepParser.extension(in, in.stringHere()));
    }
    return extensions;
  }

  /** Records that {@code key} has been seen; an unknown or repeated one is an error. */
  static int once(Cursor in, List<String> keys, String key, int seen) throws InputException {
    int at = keys.indexOf(key);
    if (at < 0) {
      throw in.expected("unknown key; expected one of " + String.join(", ", keys));
    }
    int bit = 1 << at;
    if ((seen & bit) != 0) {
      throw in.expected("the key stands twice in its object");
    }
    return seen | bit;
  }

  /** All of {@code keys}, which come first among the known ones, must have been seen. */
  static void require(Cursor in, List<String> keys, int seen) throws InputException {
    for (int i = 0; i < keys.size(); i++) {
      if ((seen & 1 << i) == 0) {
        throw in.expected("expected the key " + keys.get(i));
      }
    }
  }

  /** A name: some text of one line. */
  static String name(Cursor in) throws InputException {
    String text = in.string();
    boolean isName = !text.isEmpty();
    for (int i = 0; isName && i < text.length(); i++) {
      isName = !Character.isISOControl(text.charAt(i));
    }
    if (!isName) {
      throw in.expected("expected a name without control characters, found " + in.found());
    }
    return text;
  }

  private static List<String> strings(Cursor in) throws InputException {
    List<String> texts = new ArrayList<>(2);
    in.openArray();
    while (in.nextElement()) {
      texts.add(in.stringHere());
    }
    if (texts.isEmpty()) {
      throw in.expected("expected at least one source");
    }
    return texts;
  }

  /** The processor that comes next; equal ones are one object. */
  Cpu cpu(Cursor in) throws InputException {
    in.openObject();
    int maxPhyAddr = 0;
    EnumSet<Feature> features = null;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      switch (key) {
        case "maxphyaddr" -> maxPhyAddr = in.number(Cpu.MIN_MAXPHYADDR, Cpu.MAX_MAXPHYADDR);
        case "features" -> features = features(in);
        default -> throw in.expected("unknown key; expected maxphyaddr or features");
      }
    }
    in.at("cpu");
    if (maxPhyAddr == 0 || features == null) {
      throw in.expected("expected the keys maxphyaddr and features");
    }
    CpuKey key = new CpuKey(maxPhyAddr, features);
    Cpu known = cpus.get(key);
    if (known == null) {
      known = new Cpu(maxPhyAddr, features, ModelPresets.SDM);
      cpus.put(key, known);
    }
    return known;
  }

  /** The list of features that comes next. */
  static EnumSet<Feature> features(Cursor in) throws InputException {
    EnumSet<Feature> features = EnumSet.noneOf(Feature.class);
    in.openArray();
    while (in.nextElement()) {
      String id = in.stringHere();
      Feature feature = Feature.of(id).orElse(null);
      if (feature == null) {
        throw in.expected("unknown feature \"" + id + "\"; expected one of " + Feature.ids());
      }
      features.add(feature);
    }
    return features;
  }

  /** The registers that come next. */
  static Registers state(Cursor in) throws InputException {
    long[] values = new long[REGISTERS.size()];
    in.openObject();
    int seen = 0;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = once(in, REGISTERS, key, seen);
      int at = REGISTERS.indexOf(key);
      values[at] = in.hex();
      if (at >= 4 && values[at] >>> 32 != 0) {
        throw in.expected("expected 32 bits, found " + in.found());
      }
    }
    in.at("state");
    require(in, REGISTERS.subList(0, 4), seen);
    Registers state =
        new Registers(values[0], values[1], values[2], values[3], (int) values[4], (int) values[5]);
    return state;
  }

  /** The words that come next. */
  static Words memory(Cursor in) throws InputException {
    Words words = in.words(2);
    if (words.size() > MOST_WORDS) {
      throw in.expected("expected at most " + MOST_WORDS + " words");
    }
    for (int i = 0; i < words.size(); i++) {
      wordAddress(in, words.address(i));
      if (words.indexOf(words.address(i)) < i) {
        throw in.expected("physical address " + Hex.of(words.address(i)) + " stands twice");
      }
    }
    return words;
  }

  /** The physical address of a word: a multiple of 8 below 2^52. */
  static long wordAddress(Cursor in, long pa) throws InputException {
    if ((pa & 7) != 0 || !PhysicalAddress.isValid(pa)) {
      throw in.expected(
          "expected a physical address that is a multiple of 8 below 2^52, found " + Hex.of(pa));
    }
    return pa;
  }

  private List<Step> steps(Cursor in, Draft draft) throws InputException {
    if (draft.memory == null) {
      throw in.expected("expected memory before steps");
    }
    List<Step> steps = new ArrayList<>();
    in.openArray();
    while (in.nextElement()) {
      in.atStep(steps.size());
      steps.add(stepParser.parse(in, draft.memory));
      in.atStep(-1);
    }
    in.at("steps");
    if (steps.isEmpty()) {
      throw in.expected("expected at least one step");
    }
    return steps;
  }

  private Map<String, List<Step>> differs(Cursor in, Draft draft) throws InputException {
    Map<String, List<Step>> differs = new LinkedHashMap<>();
    in.openObject();
    for (String source = in.nextKey(); source != null; source = in.nextKey()) {
      if (differs.put(source, steps(in, draft)) != null) {
        throw in.expected("the source stands twice");
      }
    }
    in.at("differs");
    if (differs.isEmpty()) {
      throw in.expected("expected at least one source that differs");
    }
    return differs;
  }
}
