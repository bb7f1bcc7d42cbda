package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Ways to make a scenario's processor simpler, to be tried one after another. */
final class SimplerMachines {
  private static final long[] CR4_BITS = {
    Cr4.SMEP, Cr4.SMAP, Cr4.PKE, Cr4.PKS, Cr4.CET, Cr4.LAM_SUP, Cr4.PGE, Cr4.PCIDE
  };
  private static final CpuModel ONE_TLB =
      new CpuModel(
          "one TLB",
          List.of(
              new TlbGeometry(
                  "TLB",
                  EnumSet.allOf(Port.class),
                  EnumSet.allOf(PageSize.class),
                  new CacheGeometry(1, 16, Replacement.LRU))),
          List.of(),
          Map.of(),
          LargePages.WHOLE,
          1);

  private SimplerMachines() {}

  /** All ways; each leaves a scenario as it is if there is nothing to do. */
  static List<UnaryOperator<Scenario>> all() {
    List<UnaryOperator<Scenario>> ways = new ArrayList<>();
    ways.add(scenario -> scenario.with(ONE_TLB));
    ways.add(scenario -> scenario.with(model(scenario, List.of(), caches(scenario))));
    for (Level level : Level.values()) {
      ways.add(
          scenario -> scenario.with(model(scenario, second(scenario), without(scenario, level))));
    }
    // All features at first, as some choices make up for a feature that is not there.
    ways.add(scenario -> scenario.with(standard(scenario.cpu())));
    ways.add(scenario -> scenario.with(scenario.cpu().with(ModelPresets.SDM)));
    for (Feature feature : Feature.values()) {
      ways.add(scenario -> scenario.with(without(scenario.cpu(), feature, scenario.registers())));
    }
    for (long bit : CR4_BITS) {
      ways.add(scenario -> registers(scenario, now -> now.withCr4(now.cr4() & ~bit)));
    }
    ways.add(scenario -> registers(scenario, now -> now.withPkru(0)));
    ways.add(scenario -> registers(scenario, now -> now.withPkrs(0)));
    ways.add(scenario -> registers(scenario, now -> now.withCr0(now.cr0() | Cr0.WP)));
    return ways;
  }

  private static Cpu standard(Cpu cpu) {
    return cpu.choices().equals(ModelPresets.SDM)
        ? cpu
        : Cpu.withEverything(cpu.maxPhyAddr(), ModelPresets.SDM);
  }

  private static Scenario registers(Scenario scenario, UnaryOperator<Registers> change) {
    return scenario.with(change.apply(scenario.registers()));
  }

  private static Cpu without(Cpu cpu, Feature feature, Registers registers) {
    Set<Feature> features = EnumSet.noneOf(Feature.class);
    features.addAll(cpu.features());
    if (!isInUse(feature, registers)) {
      features.remove(feature);
    }
    return new Cpu(cpu.maxPhyAddr(), features, cpu.choices());
  }

  private static boolean isInUse(Feature feature, Registers registers) {
    long bits =
        switch (feature) {
          case LA57 -> Cr4.LA57;
          case PCID -> Cr4.PCIDE;
          case PGE -> Cr4.PGE;
          case SMEP -> Cr4.SMEP;
          case SMAP -> Cr4.SMAP;
          case PKU -> Cr4.PKE;
          case PKS -> Cr4.PKS;
          case LAM -> Cr4.LAM_SUP;
          case CET, CET_SS -> Cr4.CET;
          case NX, PAGE1GB, INVPCID -> 0;
        };
    return (registers.cr4() & bits) != 0 || (feature == Feature.NX && registers.nxe());
  }

  private static CpuModel model(
      Scenario scenario, List<TlbGeometry> second, Map<Level, CacheGeometry> caches) {
    CpuModel model = scenario.model();
    return new CpuModel(
        model.name(), model.firstLevel(), second, caches, model.largePages(), model.seed());
  }

  private static List<TlbGeometry> second(Scenario scenario) {
    return scenario.model().secondLevel();
  }

  private static Map<Level, CacheGeometry> caches(Scenario scenario) {
    return scenario.model().pagingStructureCaches();
  }

  private static Map<Level, CacheGeometry> without(Scenario scenario, Level level) {
    Map<Level, CacheGeometry> caches = new EnumMap<>(Level.class);
    caches.putAll(caches(scenario));
    caches.remove(level);
    return caches;
  }
}
