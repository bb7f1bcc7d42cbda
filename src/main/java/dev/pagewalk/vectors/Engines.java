package dev.pagewalk.vectors;

import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Who answers in a verification: the reference walk, MMUs of several models, or all of them. */
public final class Engines {
  private final boolean spec;
  private final List<CpuModel> models;
  private final Map<String, Function<PhysicalMemory, Engine>> mmus;

  /** The reference walk, if {@code spec}, and engines by name, made over a memory. */
  Engines(boolean spec, Map<String, Function<PhysicalMemory, Engine>> mmus) {
    this(spec, mmus, List.of());
  }

  private Engines(
      boolean spec, Map<String, Function<PhysicalMemory, Engine>> mmus, List<CpuModel> models) {
    this.spec = spec;
    this.models = List.copyOf(models);
    this.mmus = new LinkedHashMap<>(mmus);
  }

  /**
   * Engines.
   *
   * @param spec whether the reference walk answers
   * @param models the models of processor under which an MMU answers, each of its own name
   * @throws IllegalArgumentException if two models have one name
   */
  public static Engines of(boolean spec, List<CpuModel> models) {
    Map<String, Function<PhysicalMemory, Engine>> mmus = new LinkedHashMap<>();
    for (CpuModel model : models) {
      if (mmus.put(MmuEngine.nameOf(model.name()), memory -> new MmuEngine(model, memory))
          != null) {
        throw new IllegalArgumentException("two models have the name " + model.name());
      }
    }
    return new Engines(spec, mmus, models);
  }

  /** The reference walk alone. */
  public static Engines spec() {
    return of(true, List.of());
  }

  /** Their names, as reports have them, {@code spec} first. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    if (spec) {
      names.add(SpecEngine.NAME);
    }
    names.addAll(mmus.keySet());
    return names;
  }

  /** Whether the reference walk answers. */
  boolean includeSpec() {
    return spec;
  }

  /** The models of processor on whose cores scenarios are run. */
  List<CpuModel> models() {
    return models;
  }

  /** An engine for each MMU, over {@code memory}. */
  List<Engine> mmus(PhysicalMemory memory) {
    List<Engine> engines = new ArrayList<>();
    mmus.values().forEach(mmu -> engines.add(mmu.apply(memory)));
    return engines;
  }
}
