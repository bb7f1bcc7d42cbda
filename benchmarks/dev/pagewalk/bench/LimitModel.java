package dev.pagewalk.bench;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.machine.CpuModels;
import java.io.UncheckedIOException;
import java.util.Map;

/** The built-in model {@code limit}, which has the structures of limit.c, and a variant of it. */
final class LimitModel {
  /** As it is: without paging-structure caches. */
  static final CpuModel LIMIT = builtIn("limit");

  /** With paging-structure caches. */
  static final CpuModel CACHES =
      new CpuModel(
          "limit with caches",
          LIMIT.firstLevel(),
          LIMIT.secondLevel(),
          Map.of(
              Level.PML4, new CacheGeometry(1, 4, Replacement.LRU),
              Level.PDPT, new CacheGeometry(1, 8, Replacement.LRU),
              Level.PD, new CacheGeometry(8, 4, Replacement.LRU)),
          LIMIT.largePages(),
          LIMIT.seed());

  private LimitModel() {}

  /** The built-in model {@code name}. */
  static CpuModel builtIn(String name) {
    try {
      return CpuModels.of(name);
    } catch (InputException e) {
      throw new UncheckedIOException(e);
    }
  }
}
