package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Numbers, names and mistakes as a person reads them. */
class TextTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0x0, 0000000000000000",
    "31, 0x1f, 000000000000001f",
    "-1, 0xffffffffffffffff, ffffffffffffffff",
    "81985529216486895, 0x123456789abcdef, 0123456789abcdef"
  })
  void aNumberIsWrittenShortOrWithAllItsDigits(long value, String brief, String digits) {
    assertEquals(brief, Hex.of(value));
    assertEquals("0x" + digits, Hex.word(value));
    assertEquals(digits, Hex.digits(value));
  }

  @ParameterizedTest
  @EnumSource(Feature.class)
  void aFeatureIsFoundByItsName(Feature feature) {
    assertEquals(Optional.of(feature), Feature.of(feature.id()));
    assertEquals(feature.name().toLowerCase(Locale.ROOT), feature.id());
  }

  @Test
  void whoeverAsksForAnotherFeatureIsToldAllNames() {
    assertEquals(Optional.empty(), Feature.of("la58"));
    assertEquals(
        "nx, page1gb, pge, pcid, invpcid, smep, smap, pku, pks, la57, lam, cet, cet_ss",
        Feature.ids());
  }

  @Test
  void badInputIsToldWithFilePlaceAndWhatWasExpected() {
    assertEquals("f: line 7: a number", new InputException("f", "line 7", "a number").getMessage());
    assertEquals("f: a number", new InputException("f", "", "a number").getMessage());
    assertEquals("a number", new InputException("a number").getMessage());
  }

  @Test
  void whatTheSystemSaysOfAFileIsToldInWords() {
    assertEquals("f: no such file", told(new NoSuchFileException("/x")));
    assertEquals("f: may not be read", told(new AccessDeniedException("/x")));
    assertEquals(
        "f: cannot be read: too many links",
        told(new FileSystemException("/x", null, "too many links")));
    assertEquals("f: cannot be read: /x", told(new FileSystemException("/x")));
    assertEquals("f: cannot be read: disk on fire", told(new IOException("disk on fire")));
    InputException input = new InputException("mine");
    assertSame(input, InputException.of("f", input));
  }

  private static String told(IOException e) {
    return InputException.of("f", e).getMessage();
  }
}
