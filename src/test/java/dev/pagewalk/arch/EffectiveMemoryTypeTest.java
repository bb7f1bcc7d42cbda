package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The memory types and the manual's table of how those of PAT and MTRRs combine. */
class EffectiveMemoryTypeTest {
  /**
   * SDM 3A "Effective Page-Level Memory Types for Pentium III and More Recent Processor Families",
   * line by line without its notes: MTRR memory type, PAT entry value, effective memory type.
   */
  private static final String TABLE =
      """
      UC UC  UC
      UC UC- UC
      UC WC  WC
      UC WT  UC
      UC WB  UC
      UC WP  UC
      WC UC  UC
      WC UC- WC
      WC WC  WC
      WC WT  UC
      WC WB  WC
      WC WP  UC
      WT UC  UC
      WT UC- UC
      WT WC  WC
      WT WT  WT
      WT WB  WT
      WT WP  WP
      WB UC  UC
      WB UC- UC
      WB WC  WC
      WB WT  WT
      WB WB  WB
      WB WP  WP
      WP UC  UC
      WP UC- WC
      WP WC  WC
      WP WT  WT
      WP WB  WP
      WP WP  WP
      """;

  @Test
  void everyCellIsTheManuals() {
    Set<String> cells = new HashSet<>();
    for (String line : TABLE.lines().toList()) {
      String[] words = line.split(" +", -1);
      assertEquals(words[2], MemoryType.effective(type(words[1]), type(words[0])).mnemonic(), line);
      cells.add(words[0] + " " + words[1]);
    }
    assertEquals(30, cells.size());
  }

  @ParameterizedTest
  @EnumSource
  void noMtrrHoldsUcMinus(MemoryType pat) {
    assertThrows(
        IllegalArgumentException.class, () -> MemoryType.effective(pat, MemoryType.UC_MINUS));
  }

  @Test
  void theEncodingsAreTheManuals() {
    Map<Integer, String> pat = Map.of(0, "UC", 1, "WC", 4, "WT", 5, "WP", 6, "WB", 7, "UC-");
    Map<Integer, String> mtrr = Map.of(0, "UC", 1, "WC", 4, "WT", 5, "WP", 6, "WB");
    Map<Integer, String> foundInPat = new HashMap<>();
    Map<Integer, String> foundInMtrr = new HashMap<>();
    for (int i = 0; i < 256; i++) {
      int encoding = i;
      MemoryType.inPat(i).ifPresent(type -> foundInPat.put(encoding, type.mnemonic()));
      MemoryType.inMtrr(i).ifPresent(type -> foundInMtrr.put(encoding, type.mnemonic()));
    }
    assertEquals(pat, foundInPat);
    assertEquals(mtrr, foundInMtrr);
    for (MemoryType type : MemoryType.values()) {
      assertEquals(type.mnemonic(), pat.get(type.encoding()));
    }
  }

  private static MemoryType type(String mnemonic) {
    for (MemoryType type : MemoryType.values()) {
      if (type.mnemonic().equals(mnemonic)) {
        return type;
      }
    }
    throw new AssertionError(mnemonic);
  }
}
