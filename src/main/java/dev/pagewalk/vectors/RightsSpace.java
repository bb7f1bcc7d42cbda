package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
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
  private static final int FEATURES =
      RightsSetting.SMEP
          | RightsSetting.SMAP
          | RightsSetting.NXE
          | RightsSetting.PKE
          | RightsSetting.PKS;

  /** An access by kind and mode, and the rules that forbid it. */
  record Case(AccessKind kind, boolean user, Set<Rule> violated) {}

  private final Map<Case, List<RightsSetting>> settings = new LinkedHashMap<>();
  private final List<Case> cases;

  /** Goes through all settings. */
  RightsSpace() {
    try (PhysicalMemory memory = PhysicalMemory.ofSize(2 * PAGE)) {
      Cpu cpu = Cpu.withEverything(40, ModelPresets.SDM);
      long table = ROOT;
      for (Level level = Level.PML4; level != Level.PT; level = level.next()) {
        memory.write64(table, GenSketch.TABLE | (table + Level.TABLE_BYTES));
        table += Level.TABLE_BYTES;
      }
      for (int i = 0; i < 3 * RightsSetting.ALL; i++) {
        RightsSetting setting = new RightsSetting(GenSketch.kind(i), i / 3);
        if (setting.isPossible()) {
          long leaf = (GenSketch.PAGE & ~setting.taken()) | PAGE;
          leaf |= setting.is(RightsSetting.PAGE_XD) ? Entry.XD : 0;
          memory.write64(table, leaf);
          add(setting, memory, cpu);
        }
      }
    }
    cases = List.copyOf(settings.keySet());
  }

  private void add(RightsSetting setting, PhysicalMemory memory, Cpu cpu) {
    Registers registers = setting.registers(Registers.longMode(ROOT), 0);
    boolean user = setting.is(RightsSetting.USER);
    Mode mode = user ? Mode.USER : Mode.SUPERVISOR;
    Access access = new Access(0, setting.kind(), mode, setting.is(RightsSetting.AC), false);
    for (WalkStep step : new ReferenceWalk(memory, cpu, registers).probe(access).steps()) {
      if (step instanceof WalkStep.RightsChecked checked) {
        Set<Rule> violated = EnumSet.noneOf(Rule.class);
        violated.addAll(checked.violated());
        settings
            .computeIfAbsent(new Case(setting.kind(), user, violated), _ -> new ArrayList<>())
            .add(setting);
      }
    }
  }

  /** Every case that there is, in a fixed order. */
  List<Case> cases() {
    return cases;
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

  /** All rules that can stand in an access's way, of the accesses that format 1 has. */
  Set<Rule> rules() {
    Set<Rule> rules = EnumSet.of(Rule.CANONICAL, Rule.PRESENT, Rule.RESERVED);
    cases.forEach(which -> rules.addAll(which.violated()));
    return rules;
  }

  /**
   * All pairs of rules that can stand in the way of one access: two that forbid it together, or one
   * that ends its walk and another that would forbid it. A fetch is of one byte, so that what keeps
   * it from a page is never beside an address that is not canonical.
   */
  Set<Set<Rule>> pairs() {
    Set<Set<Rule>> pairs = new LinkedHashSet<>();
    for (Case which : cases) {
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
