package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page attribute table, and which of its entries an access uses. */
class PatTest {
  @Test
  void afterPowerUpItIsAsTheManualSays() {
    List<String> types = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      types.add(Pat.POWER_UP.of(i).mnemonic());
    }
    assertEquals(List.of("WB", "WT", "UC-", "UC", "WB", "WT", "UC-", "UC"), types);
    assertEquals(0x0007040600070406L, Pat.POWER_UP.value());
    assertEquals(0x277, Pat.MSR);
  }

  @Test
  void entryIIsByteI() {
    Pat pat = new Pat(0x0700_0106_0504_0607L);
    List<MemoryType> types = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      types.add(pat.of(i));
    }
    assertEquals(
        List.of(
            MemoryType.UC_MINUS,
            MemoryType.WB,
            MemoryType.WT,
            MemoryType.WP,
            MemoryType.WB,
            MemoryType.WC,
            MemoryType.UC,
            MemoryType.UC_MINUS),
        types);
  }

  @ParameterizedTest
  @CsvSource({"-1", "8"})
  void thereAreEightEntries(int index) {
    assertThrows(IndexOutOfBoundsException.class, () -> Pat.POWER_UP.of(index));
  }

  @Test
  void aReservedEncodingIsRefusedInEveryEntry() {
    for (int entry = 0; entry < 8; entry++) {
      for (long encoding = 0; encoding < 256; encoding++) {
        long value = encoding << (8 * entry);
        boolean legal = encoding <= 1 || (encoding >= 4 && encoding <= 7);
        assertEquals(legal, Pat.whyRefused(value).isEmpty(), Hex.word(value));
        if (!legal) {
          assertThrows(IllegalArgumentException.class, () -> new Pat(value));
        }
      }
    }
  }

  /** The index is 4 * PAT + 2 * PCD + PWT; every other bit of the word is the opposite. */
  @ParameterizedTest
  @CsvSource({
    "PTE, 7",
    "PDE_2M, 12",
    "PDPTE_1G, 12",
    "PDPTE_TABLE, -1",
    "PDE_TABLE, -1",
    "PML4E, -1",
    "PML5E, -1"
  })
  void theIndexComesFromPatPcdAndPwt(EntryKind kind, int patBit) {
    for (int index = 0; index < (patBit < 0 ? 4 : 8); index++) {
      long used = 3L << 3 | (patBit < 0 ? 0 : 1L << patBit);
      long bits = (index & 3L) << 3 | (index >= 4 ? 1L << patBit : 0);
      assertEquals(index, kind.patIndex(bits), kind + " " + index);
      assertEquals(index, kind.patIndex(bits | ~used), kind + " " + index);
    }
  }

  @Test
  void theRootIsReadAsCr3SaysUnlessThoseBitsBelongToThePcid() {
    Registers plain = Registers.longMode(0x1000);
    Registers pcide = plain.withCr4(plain.cr4() | Cr4.PCIDE);
    for (int index = 0; index < 4; index++) {
      long cr3 = 0x1000 | (index >= 2 ? Cr3.PCD : 0) | ((index & 1) != 0 ? Cr3.PWT : 0);
      assertEquals(index, plain.withCr3(cr3).patIndexOfRoot());
      assertEquals(index, plain.withCr3(cr3 | ~(Cr3.PCD | Cr3.PWT)).patIndexOfRoot());
      assertEquals(0, pcide.withCr3(cr3).patIndexOfRoot());
    }
  }
}
