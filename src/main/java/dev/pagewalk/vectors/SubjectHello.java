package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InputException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a program introduces itself that is held against vectors.
 *
 * @param name of the program
 * @param version of it
 * @param features of the processors that it can be
 * @param always those of them that it cannot be without
 * @param leastMaxPhyAddr the least MAXPHYADDR that it can have
 * @param mostMaxPhyAddr the greatest
 * @param tellsMemory whether its answers say which words of memory changed
 * @param accesses that it makes beyond those that format 1 has without an extension
 */
record SubjectHello(
    String name,
    String version,
    Set<Feature> features,
    Set<Feature> always,
    int leastMaxPhyAddr,
    int mostMaxPhyAddr,
    boolean tellsMemory,
    Set<Extension> accesses) {
  /** The version of the protocol. */
  static final int PROTOCOL = 1;

  private static final List<String> KEYS =
      List.of(
          "protocol",
          "name",
          "version",
          "features",
          "maxphyaddr",
          "memory_after",
          "always",
          "accesses");

  /** Reads {@code {"subject": {…}}}. */
  static SubjectHello parse(Cursor in) throws InputException {
    in.openObject();
    String key = in.nextKey();
    if (!"subject".equals(key)) {
      throw in.expected("expected {\"subject\": {\"protocol\": " + PROTOCOL + ", ...}}");
    }
    SubjectHello hello = body(in);
    if (in.nextKey() != null) {
      throw in.expected("expected nothing beside the key subject");
    }
    in.end();
    return hello;
  }

  private static SubjectHello body(Cursor in) throws InputException {
    String name = "";
    String version = "";
    Set<Feature> features = Set.of();
    Set<Feature> always = Set.of();
    int[] range = new int[2];
    boolean memory = false;
    Set<Extension> accesses = Set.of();
    in.openObject();
    int seen = 0;
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, KEYS, key, seen);
      switch (key) {
        case "protocol" -> in.number(PROTOCOL, PROTOCOL);
        case "name" -> name = VectorParser.name(in);
        case "version" -> version = VectorParser.name(in);
        case "features" -> features = VectorParser.features(in);
        case "always" -> always = VectorParser.features(in);
        case "accesses" -> accesses = VectorParser.extensions(in);
        case "maxphyaddr" -> range = range(in);
        default -> memory = in.truth();
      }
    }
    in.at("subject");
    VectorParser.require(in, KEYS.subList(0, 6), seen);
    return new SubjectHello(name, version, features, always, range[0], range[1], memory, accesses);
  }

  private static int[] range(Cursor in) throws InputException {
    in.openArray();
    int least = in.number(Cpu.MIN_MAXPHYADDR, Cpu.MAX_MAXPHYADDR);
    int most = in.number(least, Cpu.MAX_MAXPHYADDR);
    in.closeArray();
    return new int[] {least, most};
  }

  /** Why it cannot be asked {@code vector}; nothing if it can. */
  Optional<String> whyNot(WalkVector vector) {
    for (Extension extension : Extension.of(vector)) {
      if (!accesses.contains(extension)) {
        return Optional.of("the subject offers no " + extension.id() + " accesses");
      }
    }
    Cpu cpu = vector.cpu();
    if (!features.containsAll(cpu.features())) {
      for (Feature feature : FeatureUse.of(vector)) {
        if (!features.contains(feature)) {
          return Optional.of("the subject has no " + feature.id());
        }
      }
    }
    for (Feature feature : always) {
      if (!cpu.has(feature)) {
        return Optional.of("the subject is never without " + feature.id());
      }
    }
    if (cpu.maxPhyAddr() < leastMaxPhyAddr || cpu.maxPhyAddr() > mostMaxPhyAddr) {
      return Optional.of("MAXPHYADDR " + cpu.maxPhyAddr() + ": the subject has " + range());
    }
    return Optional.empty();
  }

  private String range() {
    return leastMaxPhyAddr == mostMaxPhyAddr
        ? Integer.toString(leastMaxPhyAddr)
        : leastMaxPhyAddr + " to " + mostMaxPhyAddr;
  }

  /** Name and version, for reports. */
  String title() {
    return name + " " + version;
  }
}
