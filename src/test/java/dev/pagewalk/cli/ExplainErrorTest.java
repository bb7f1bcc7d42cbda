package dev.pagewalk.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.explain.ErrorExplanation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which error codes a processor may report, and that each of them has words. */
class ExplainErrorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x0000 | A supervisor-mode data read: an entry of its walk is not present.",
        "0x0002 | A supervisor-mode data write: an entry of its walk is not present.",
        "0x0014 | A user-mode instruction fetch: an entry of its walk is not present.",
        "0x0007 | A user-mode data write: the page is present, but the access rights forbid it.",
        "0x0015 | A user-mode instruction fetch: the page is present, but the access rights forbid"
            + " it.",
        "0x000d | A user-mode data read: a present entry of its walk has a reserved bit set.",
        "0x0021 | A supervisor-mode data read: the page is present, but its protection key forbids"
            + " the access.",
        "0x0047 | A user-mode shadow-stack write: the page is present, but the access rights forbid"
            + " it.",
        "0x0084 | A user-mode data read: an entry of its walk is not present (under HLAT paging).",
        "0x8007 | A user-mode data write: paging allowed it, SGX's own access control did not."
      })
  void theSentenceSaysWhoDidWhatAndWhatWasWrong(String code, String sentence) {
    var error = new ErrorExplanation(Integer.decode(code));
    assertEquals(sentence, error.sentences().get(0));
    assertTrue(error.contradictions().isEmpty(), error.contradictions().toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0x0008 | RSVD without P",
        "0x0012 | I/D with W/R",
        "0x0031 | PK with I/D",
        "0x0051 | SS with I/D",
        "0x0020 | PK without P",
        "0x0029 | PK with RSVD",
        "0x0081 | HLAT with P but without RSVD",
        "0x8000 | SGX without P",
        "0x8009 | SGX with RSVD",
        "0x8021 | SGX with PK",
        "0x0100 | bits 0x100 are not defined",
        "0x10000 | bits 0x10000 are not defined"
      })
  void anImpossibleCodeIsNamed(String code, String contradiction) {
    var error = new ErrorExplanation(Integer.decode(code));
    assertEquals(1, error.contradictions().size(), error.contradictions().toString());
    assertTrue(error.contradictions().get(0).startsWith(contradiction));
  }

  @Test
  void everyPossibleCodeHasACauseThatItsBitsAllow() {
    int possible = 0;
    for (int code = 0; code <= 0xffff; code++) {
      var error = new ErrorExplanation(code);
      if (!error.contradictions().isEmpty()) {
        continue;
      }
      possible++;
      String text = String.join("\n", error.causes());
      assertFalse(error.causes().isEmpty(), Integer.toHexString(code));
      assertEquals((code & ErrorCode.PK) != 0, text.contains("PKRU"), text);
      assertEquals((code & ErrorCode.RSVD) != 0, text.contains("MAXPHYADDR"), text);
      assertEquals((code & ErrorCode.SGX) != 0, text.contains("enclave"), text);
      if ((code & ErrorCode.US) != 0) {
        assertFalse(text.contains("SMAP"), text);
        assertFalse(text.contains("CR0.WP"), text);
      }
    }
    // Accesses: 2 modes x (read, write, fetch, shadow-stack read, shadow-stack write) = 10.
    // Reasons:
    // not present, rights, RSVD, not present and RSVD under HLAT, SGX for each, and PK for all but
    // the fetches.
    assertEquals(10 * 6 + 8, possible);
  }
}
