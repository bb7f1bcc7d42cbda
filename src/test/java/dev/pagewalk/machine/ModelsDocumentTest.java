package dev.pagewalk.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.Golden;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.machine.CpuModelFile.Basis;
import dev.pagewalk.machine.CpuModelFile.From;
import dev.pagewalk.machine.CpuModelFile.Source;
import dev.pagewalk.machine.CpuModelFile.Tlb;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code docs/cpu-models.md} says what the files and the reader say. */
class ModelsDocumentTest {
  private static final Path DOCUMENT = Path.of("docs", "cpu-models.md");
  private static final String MARK = "-Dpagewalk.golden=write -->\n";

  @TempDir private Path directory;

  @Test
  void theTablesOfTheBuiltInModelsAreCurrent() throws Exception {
    String text = Files.readString(DOCUMENT);
    String byHand = text.substring(0, text.indexOf(MARK) + MARK.length());
    Golden.check(DOCUMENT, byHand + "\n" + ModelsDocument.render());
  }

  @Test
  void theExampleIsAModel() throws Exception {
    Path file = Files.writeString(directory.resolve("mine.json"), example());
    assertEquals("mine", CpuModels.read(file).name());
  }

  @Test
  void theLineThatAMistakeGivesIsAsShown() throws Exception {
    String broken = example().replace("\"sets\": 1, \"ways\": 64", "\"sets\": \"16\", \"ways\": 4");
    Path file = Files.writeString(directory.resolve("mine.json"), broken);
    String line = assertThrows(InputException.class, () -> CpuModels.read(file)).getMessage();
    String shown = line.substring(directory.toString().length() + 1);
    assertTrue(Files.readString(DOCUMENT).contains("\n" + shown + "\n"), shown);
  }

  @Test
  void everyKeyAndEveryWordIsExplained() throws Exception {
    String text = Files.readString(DOCUMENT);
    for (Class<?> type : List.of(CpuModelFile.class, Tlb.class, From.class, Source.class)) {
      for (RecordComponent component : type.getRecordComponents()) {
        assertTrue(text.contains('`' + component.getName() + '`'), component.toString());
      }
    }
    for (Level level : List.of(Level.PML5, Level.PML4, Level.PDPT, Level.PD)) {
      assertTrue(text.contains('`' + level.name().toLowerCase(Locale.ROOT) + '`'), level.name());
    }
    for (List<? extends Enum<?>> words :
        List.of(
            List.of(Port.values()),
            List.of(PageSize.values()),
            List.of(Replacement.values()),
            List.of(LargePages.values()),
            List.of(Basis.values()))) {
      for (Enum<?> word : words) {
        assertTrue(text.contains('`' + Word.of(word) + '`'), word.name());
      }
    }
  }

  private static String example() throws Exception {
    String text = Files.readString(DOCUMENT);
    int from = text.indexOf("```json\n") + 8;
    return text.substring(from, text.indexOf("```", from));
  }
}
