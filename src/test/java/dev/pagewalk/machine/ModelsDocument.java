package dev.pagewalk.machine;

import dev.pagewalk.arch.Level;
import dev.pagewalk.machine.CpuModelFile.Basis;
import dev.pagewalk.machine.CpuModelFile.Cache;
import dev.pagewalk.machine.CpuModelFile.From;
import dev.pagewalk.machine.CpuModelFile.Source;
import dev.pagewalk.machine.CpuModelFile.Tlb;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The part of {@code docs/cpu-models.md} that is made from the built-in models' files. */
final class ModelsDocument {
  private final StringBuilder text = new StringBuilder();

  private ModelsDocument() {}

  /** An overview, then each model with its sources and notes. */
  static String render() throws Exception {
    ModelsDocument document = new ModelsDocument();
    document.overview();
    for (String name : CpuModels.names()) {
      document.model(CpuModels.file(name));
    }
    return document.text.toString();
  }

  private void overview() throws Exception {
    text.append("| model | maker | first level | second level | paging-structure caches |\n");
    text.append("| --- | --- | --- | --- | --- |\n");
    for (String name : CpuModels.names()) {
      CpuModelFile file = CpuModels.file(name);
      row(
          "[`" + name + "`](#" + name + ")",
          file.vendor(),
          entries(file.firstLevel()),
          entries(file.secondLevel()),
          caches(file));
    }
  }

  private static String entries(List<Tlb> tlbs) {
    return tlbs.isEmpty()
        ? "–"
        : tlbs.stream()
            .map(tlb -> tlb.name() + ": " + tlb.geometry().shape().entries())
            .collect(Collectors.joining(", "));
  }

  private static String caches(CpuModelFile file) {
    Map<Level, Cache> caches = file.pagingStructureCaches().byLevel();
    return caches.isEmpty()
        ? "–"
        : caches.entrySet().stream()
            .map(cache -> cache.getKey().entryName() + ": " + cache.getValue().geometry().entries())
            .collect(Collectors.joining(", "));
  }

  private void model(CpuModelFile file) {
    text.append("\n### ").append(file.name()).append("\n\n").append(file.description());
    text.append("\n\n");
    text.append("| structure | for | holds | entries | sets × ways | replacement |\n");
    text.append("| --- | --- | --- | --- | --- | --- |\n");
    for (Tlb tlb : file.firstLevel()) {
      tlb(tlb, file);
    }
    for (Tlb tlb : file.secondLevel()) {
      tlb(tlb, file);
    }
    file.pagingStructureCaches().byLevel().forEach((level, cache) -> cache(level, cache, file));
    text.append("\nSources:\n\n");
    file.sources().forEach((key, source) -> source(key, source));
    notes(file);
  }

  private void tlb(Tlb tlb, CpuModelFile file) {
    String ports = tlb.ports().stream().map(Word::of).collect(Collectors.joining(", "));
    String sizes = tlb.sizes().stream().map(Word::of).collect(Collectors.joining(", "));
    Cache shape = new Cache(tlb.sets(), tlb.ways(), tlb.replacement(), tlb.from(), null);
    structure(List.of(tlb.name(), ports, sizes), shape, file);
  }

  private void cache(Level level, Cache cache, CpuModelFile file) {
    structure(List.of(level.entryName() + " cache", "walks", level.entryName() + "s"), cache, file);
  }

  private void structure(List<String> what, Cache cache, CpuModelFile file) {
    From from = cache.from();
    row(
        what.get(0),
        what.get(1),
        what.get(2),
        cache.geometry().entries() + mark(file, from.entries()),
        cache.sets() + " × " + cache.ways() + mark(file, from.ways()),
        Word.of(cache.replacement()) + mark(file, from.replacement()));
  }

  private static String mark(CpuModelFile file, String source) {
    Basis basis = file.sources().get(source).basis();
    return switch (basis) {
      case PUBLISHED, CHOSEN -> "";
      case MEASURED, ESTIMATED -> " (" + Word.of(basis) + ")";
    };
  }

  private void source(String key, Source source) {
    text.append("- `").append(key).append("`, ").append(Word.of(source.basis())).append(": ");
    text.append(source.title()).append(".\n");
  }

  private void notes(CpuModelFile file) {
    StringBuilder notes = new StringBuilder();
    for (List<Tlb> level : List.of(file.firstLevel(), file.secondLevel())) {
      for (Tlb tlb : level) {
        if (tlb.note() != null) {
          notes.append("- ").append(tlb.name()).append(": ").append(tlb.note()).append('\n');
        }
      }
    }
    file.notes().forEach(note -> notes.append("- ").append(note).append('\n'));
    text.append(notes.isEmpty() ? "" : "\nNotes:\n\n").append(notes);
  }

  private void row(String... cells) {
    text.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
