package dev.pagewalk.vectors;

import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.ReferenceWalk;
import dev.pagewalk.spec.Rule;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Which rules of access rights can forbid one access together: every setting of what rights depend
 * on, put to the reference walk once.
 */
final class RightsSpace {
  private static final long ROOT = 0x1000;
  private static final long PAGE = 0x10_0000;
  private static final int PICKS = 12;
  private static final Cpu CPU = Cpu.withEverything(40, ModelPresets.SDM);

  /** What an extension's accesses, none of which is a fetch, do not depend on. */
  private static final int NO_MATTER = RightsSetting.SMEP | RightsSetting.PAGE_XD;

  private static final int FEATURES =
      RightsSetting.SMEP
          | RightsSetting.SMAP
          | RightsSetting.NXE
          | RightsSetting.PKE
          | RightsSetting.PKS;

  /** Ordinary accesses, or those of an extension, by kind and CPL, and the rules that forbid it. */
  record Case(Optional<Extension> extension, AccessKind kind, boolean user, Set<Rule> violated) {}

  private final Map<Case, List<RightsSetting>> settings = new LinkedHashMap<>();
  private final List<Case> all;

  /** Goes through all settings. */
  RightsSpace() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(2 * PAGE)) {
      for (int i = 0; i < 3 * RightsSetting.ALL; i++) {
        add(new RightsSetting(GenSketch.kind(i), i / 3), memory);
      }
      for (AccessKind kind : List.of(AccessKind.READ, AccessKind.WRITE)) {
        for (int bits = 0; bits < RightsSetting.EXTENDED; bits++) {
          if ((bits & NO_MATTER) == 0) {
            boolean implicit = (bits & RightsSetting.IMPLICIT) != 0;
            add(new RightsSetting(implicit ? kind : kind.ofShadowStack(), bits), memory);
          }
        }
      }
    }
    all = List.copyOf(settings.keySet());
  }

  private void add(RightsSetting setting, PhysicalMemory memory) {
    boolean ofShadowStack = setting.kind().isShadowStack();
    if (!setting.isPossible()
        || (!ofShadowStack && setting.is(RightsSetting.LEAF_RW | RightsSetting.LEAF_D))) {
      return;
    }
    long taken = setting.taken();
    long table = ROOT;
    for (Level level = Level.PML4; level != Level.PT; level = level.next()) {
      // What a shadow-stack page must have is R/W in the entries above it.
      long lost = ofShadowStack && level == Level.PML4 ? taken & Entry.RW : 0;
      memory.write64(table, (GenSketch.TABLE & ~lost) | (table + Level.TABLE_BYTES));
      table += Level.TABLE_BYTES;
    }
    long leaf = setting.leaf(GenSketch.PAGE & ~taken) | PAGE;
    memory.write64(table, leaf | (setting.is(RightsSetting.PAGE_XD) ? Entry.XD : 0));
    Registers registers = setting.registers(Registers.longMode(ROOT), 0);
    for (WalkStep step :
        new ReferenceWalk(memory, CPU, registers).probe(setting.access(0)).steps()) {
      if (step instanceof WalkStep.RightsChecked checked) {
        Set<Rule> violated = EnumSet.noneOf(Rule.class);
        violated.addAll(checked.violated());
        Case which =
            new Case(
                Optional.ofNullable(setting.extension()),
                setting.kind(),
                setting.is(RightsSetting.USER),
                violated);
        settings.computeIfAbsent(which, _ -> new ArrayList<>()).add(setting);
      }
    }
  }

  /** Every case of ordinary accesses, or of an extension's, in a fixed order. */
  List<Case> cases(Optional<Extension> extension) {
    return all.stream().filter(which -> which.extension.equals(extension)).toList();
  }

  /** The settings that are of that case. */
  List<RightsSetting> settings(Case which) {
    return settings.get(which);
  }

  /**
   * One of the settings that are of that case, mostly one that uses few features, so that it can be
   * asked of processors that have few.
   */
  RightsSetting pick(Case which, RandomGenerator random) {
    List<RightsSetting> all = settings(which);
    RightsSetting plainest = all.get(random.nextInt(all.size()));
    for (int i = random.nextInt(2 * PICKS); i < PICKS; i++) {
      RightsSetting other = all.get(random.nextInt(all.size()));
      plainest = features(other) < features(plainest) ? other : plainest;
    }
    return plainest;
  }

  private static int features(RightsSetting setting) {
    return Integer.bitCount(setting.bits() & FEATURES);
  }

  /** All rules that can stand in the way of such an access. */
  Set<Rule> rules(Optional<Extension> extension) {
    Set<Rule> rules = EnumSet.of(Rule.CANONICAL, Rule.PRESENT, Rule.RESERVED);
    cases(extension).forEach(which -> rules.addAll(which.violated()));
    return rules;
  }

  /**
   * All pairs of rules that can stand in the way of one such access: two that forbid it together,
   * or one that ends its walk and another that would forbid it. A fetch is of one byte, so that
   * what keeps it from a page is never beside an address that is not canonical.
   */
  Set<Set<Rule>> pairs(Optional<Extension> extension) {
    Set<Set<Rule>> pairs = new LinkedHashSet<>();
    for (Case which : cases(extension)) {
      Set<Rule> all = EnumSet.of(Rule.PRESENT, Rule.RESERVED);
      if (which.kind() != AccessKind.FETCH) {
        all.add(Rule.CANONICAL);
      }
      all.addAll(which.violated());
      for (Rule one : all) {
        for (Rule other : all) {
          if (one.compareTo(other) < 0) {
            pairs.add(EnumSet.of(one, other));
          }
        }
      }
    }
    return pairs;
  }
}
