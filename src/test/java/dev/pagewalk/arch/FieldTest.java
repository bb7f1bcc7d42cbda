package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A field says which bits of a word are its own, and takes their value out of it. */
class FieldTest {
  @Test
  void aFieldOfOneBitIsThatBit() {
    Field p = Field.bit("P", 0, "present");
    assertEquals(new Field("P", 0, 0, Field.Role.DEFINED, "present"), p);
    assertEquals(1, p.mask());
    assertEquals(1, p.width());
    assertEquals("0", p.position());
    assertEquals(1L << 63, Field.bit("XD", 63, "no fetches").mask());
  }

  @Test
  void aFieldOfSeveralBitsHasItsValueAtItsBottom() {
    Field key = Field.bits("key", 62, 59, "protection key");
    assertEquals(new Field("key", 62, 59, Field.Role.DEFINED, "protection key"), key);
    assertEquals(4, key.width());
    assertEquals("62:59", key.position());
    assertEquals(11, key.in(11L << 59));
    assertEquals(11, key.in(11L << 59 | ~key.mask()));
    assertEquals(0, key.in(~key.mask()));
  }

  @Test
  void aFieldMayBeTheWholeWord() {
    Field all = Field.ignored(63, 0);
    assertEquals(-1L, all.mask());
    assertEquals(64, all.width());
    assertEquals(-2L, all.in(-2L));
  }

  /** SDM 3A "Formats of CR3 and Paging-Structure Entries with 4-Level Paging". */
  @Test
  void anAddressEndsAtBit51() {
    Field address = Field.address(12, "physical address of the page");
    assertEquals(0x000f_ffff_ffff_f000L, address.mask());
    assertEquals(Field.Role.ADDRESS, address.role());
    assertEquals(0x000f_ffff_ffe0_0000L, Field.address(21, "").mask());
  }

  @Test
  void ignoredAndReservedBitsAreToldApart() {
    assertEquals(Field.Role.IGNORED, Field.ignored(58, 52).role());
    assertEquals(Field.Role.RESERVED, Field.reserved(20, 13).role());
    assertEquals(0x07f0_0000_0000_0000L, Field.ignored(58, 52).mask());
    assertEquals(0x1f_e000, Field.reserved(20, 13).mask());
  }

  @ParameterizedTest
  @CsvSource({"64, 0", "0, -1", "3, 4", "-1, -1", "64, 64"})
  void bitsAre63To0AndTheHighestIsNotTheLower(int high, int low) {
    assertThrows(IllegalArgumentException.class, () -> Field.bits("no", high, low, ""));
  }
}
