package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.pagewalk.Golden;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Field;
import dev.pagewalk.kernel.LinuxEntry;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** {@code docs/bits.md} says what the code says, and the code leaves no bit out. */
class BitsDocumentTest {
  @Test
  void theDocumentIsCurrent() throws Exception {
    Golden.check(Path.of("docs", "bits.md"), BitsDocument.render());
  }

  @Test
  void everyWordHasEveryBitOnce() {
    List<List<Field>> words = new ArrayList<>();
    for (EntryKind kind : EntryKind.values()) {
      words.add(kind.fields());
    }
    words.addAll(List.of(Cr0.FIELDS, Cr3.FIELDS, Cr3.FIELDS_PCIDE, Cr4.FIELDS, Efer.FIELDS));
    words.addAll(List.of(LinuxEntry.PROT_NONE, LinuxEntry.SWAP));
    for (List<Field> word : words) {
      assertCovers(word, 63);
    }
    assertCovers(ErrorCode.FIELDS, 31);
  }

  private static void assertCovers(List<Field> word, int top) {
    int next = top;
    for (Field field : word) {
      assertEquals(next, field.high(), field + " in " + word);
      next = field.low() - 1;
    }
    assertEquals(-1, next, word.toString());
  }
}
