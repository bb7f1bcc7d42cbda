package dev.pagewalk.vectors;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Feature;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The groups of vectors that can be generated. */
enum GenGroup {
  RULES("Determination of Access Rights"),
  FIVE_LEVEL("4-Level Paging and 5-Level Paging"),
  CROSSING("Page-Fault Exceptions"),
  LAM("Linear-Address Pre-Processing"),
  SHADOW_STACK_PAGES("Accessed and Dirty Flags"),
  STRUCTURE_CACHE("Caching Translation Information"),
  AD_RACES("Accessed and Dirty Flags"),
  TLB("Caching Translation Information"),
  REGISTERS("Control Registers"),
  SEQUENCES("Caching Translation Information"),
  IMPLICIT_SUPERVISOR("Determination of Access Rights"),
  SHADOW_STACK_ACCESSES("Determination of Access Rights");

  private final String section;

  GenGroup(String section) {
    this.section = section;
  }

  /** Its name in vectors and on the command line. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The title of the section of SDM 3A that its vectors are about, if no rule says more. */
  String section() {
    return section;
  }

  /** The extension of format 1 that its vectors need; nothing if they need none. */
  Optional<Extension> extension() {
    return switch (this) {
      case IMPLICIT_SUPERVISOR -> Optional.of(Extension.IMPLICIT);
      case SHADOW_STACK_ACCESSES -> Optional.of(Extension.SHADOW_STACK);
      default -> Optional.empty();
    };
  }

  /** All names. */
  static List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (GenGroup group : values()) {
      ids.add(group.id());
    }
    return ids;
  }

  /** Makes its drafts. */
  GenMaker maker(RightsSpace space, long seed) {
    return switch (this) {
      case RULES -> GenRights.rules(space);
      case IMPLICIT_SUPERVISOR, SHADOW_STACK_ACCESSES ->
          GenRights.ofExtension(space, extension().orElseThrow());
      case FIVE_LEVEL -> GenRights.fiveLevel(space);
      case CROSSING -> new GenCrossing(space);
      case LAM -> new GenLam();
      case SHADOW_STACK_PAGES -> new GenShadowStack();
      case STRUCTURE_CACHE -> new GenStructureCache();
      case AD_RACES -> new GenRaces();
      case TLB -> new GenTlb();
      case REGISTERS -> new GenRegisters();
      case SEQUENCES -> new Sequences(seed);
    };
  }

  /** Random machines and sequences, as {@link Fuzzer} asks them. */
  private static final class Sequences implements GenMaker {
    private final FuzzGenerator generator;

    Sequences(long seed) {
      SubjectHello anything =
          new SubjectHello(
              "",
              "",
              EnumSet.allOf(Feature.class),
              EnumSet.noneOf(Feature.class),
              Cpu.MIN_MAXPHYADDR,
              Cpu.MAX_MAXPHYADDR,
              true,
              Set.of());
      generator = new FuzzGenerator(new SplittableRandom(seed), anything);
    }

    @Override
    public int round() {
      return 1;
    }

    @Override
    public FuzzDraft make(int number, RandomGenerator random) {
      return generator.next(random);
    }
  }
}
