package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A user's file is read as it was meant, and what is written is read as it was. */
class ModelRoundTripTest {
  @TempDir private Path directory;

  @Test
  void everythingInAFileReachesTheModel() throws Exception {
    Path file = Files.writeString(directory.resolve("mine.json"), BrokenModels.SOUND);
    TlbGeometry fetches =
        new TlbGeometry(
            "L1I",
            Set.of(Port.FETCH),
            Set.of(PageSize.SIZE_4K),
            new CacheGeometry(16, 8, Replacement.TREE_PLRU));
    TlbGeometry data =
        new TlbGeometry(
            "L1D",
            Set.of(Port.LOAD, Port.STORE),
            Set.of(PageSize.values()),
            new CacheGeometry(1, 64, Replacement.LRU));
    TlbGeometry second =
        new TlbGeometry(
            "L2",
            Set.of(Port.values()),
            Set.of(PageSize.SIZE_4K, PageSize.SIZE_2M),
            new CacheGeometry(128, 12, Replacement.NMRU));
    Map<Level, CacheGeometry> caches =
        Map.of(
            Level.PML4, new CacheGeometry(1, 4, Replacement.RANDOM),
            Level.PD, new CacheGeometry(4, 8, Replacement.LRU));
    assertEquals(
        new CpuModel("mine", List.of(fetches, data), List.of(second), caches, LargePages.WHOLE, 7),
        CpuModels.read(file));
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.BuiltInModelsTest#names")
  void aBuiltInModelIsWrittenAndReadAgain(String name) throws Exception {
    assertReadsAsWritten(CpuModels.file(name));
  }

  @ParameterizedTest
  @MethodSource("dev.pagewalk.machine.RandomModels#files")
  void aRandomModelIsWrittenAndReadAgain(CpuModelFile written) throws Exception {
    assertReadsAsWritten(written);
  }

  private void assertReadsAsWritten(CpuModelFile written) throws Exception {
    Path file = Files.writeString(directory.resolve("mine.json"), written.json());
    CpuModelFile read = CpuModelFile.read(file);
    assertEquals(written, read);
    assertEquals(List.copyOf(written.sources().keySet()), List.copyOf(read.sources().keySet()));
    assertEquals(written.model(), CpuModels.read(file));
  }
}
