package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which registers make a walk of 4-level or 5-level paging, and what each bit of them is. */
class PagingModeTest {
  private static final Cpu CPU = Cpu.withEverything(40, ModelPresets.SDM);
  private static final Registers LONG = Registers.longMode(0x1000);

  /** SDM 3A "Three Paging Modes": CR0.PG, CR4.PAE and IA32_EFER.LME. */
  @Test
  void ia32ePagingNeedsPgPaeAndLma() {
    assertTrue(LONG.usesIa32ePaging());
    assertFalse(LONG.withCr0(LONG.cr0() & ~Cr0.PG).usesIa32ePaging());
    assertFalse(LONG.withCr4(LONG.cr4() & ~Cr4.PAE).usesIa32ePaging());
    assertFalse(LONG.withEfer(LONG.efer() & ~Efer.LMA).usesIa32ePaging());
    assertTrue(new Registers(Cr0.PG, 0, Cr4.PAE, Efer.LMA, 0, 0).usesIa32ePaging());
  }

  @Test
  void withoutIa32ePagingNoWalkCanStart() {
    assertEquals(Optional.empty(), RegisterRules.whyNoWalk(CPU, LONG));
    assertRefused("EFER.LMA must be 1", LONG.withCr0(LONG.cr0() & ~Cr0.PG));
    assertRefused("EFER.LMA must be 1", LONG.withCr4(LONG.cr4() & ~Cr4.PAE));
    assertRefused("EFER.LMA must be 1", LONG.withEfer(LONG.efer() & ~Efer.LMA));
  }

  @ParameterizedTest
  @ValueSource(ints = {32, 40, 63})
  void noWalkStartsWithReservedBitsOfCr0(int bit) {
    assertRefused("without reserved bits", LONG.withCr0(LONG.cr0() | 1L << bit));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 26, 33, 63})
  void noWalkStartsWithReservedBitsOfCr4(int bit) {
    assertRefused("without reserved bits", LONG.withCr4(LONG.cr4() | 1L << bit));
  }

  @ParameterizedTest
  @ValueSource(ints = {40, 51, 52, 60, 63})
  void noWalkStartsWithReservedBitsOfCr3(int bit) {
    assertRefused("40 bits (MAXPHYADDR)", LONG.withCr3(LONG.cr3() | 1L << bit));
  }

  @Test
  void allOtherBitsOfCr3DoNotHinderAWalk() {
    long legal = (1L << 40) - 1 | Cr3.LAM_U48 | Cr3.LAM_U57;
    assertEquals(Optional.empty(), RegisterRules.whyNoWalk(CPU, LONG.withCr3(legal)));
  }

  private static void assertRefused(String says, Registers registers) {
    String why = RegisterRules.whyNoWalk(CPU, registers).orElse("nothing");
    assertTrue(why.contains(says), why);
  }

  @Test
  void eachQuestionIsAnsweredByOneBit() {
    assertOneBit(0, Cr0.PG, 0, Registers::pg);
    assertOneBit(0, Cr0.WP, 0, Registers::wp);
    assertOneBit(Cr4.LA57, 0, 0, Registers::la57);
    assertOneBit(Cr4.PCIDE, 0, 0, Registers::pcide);
    assertOneBit(Cr4.SMEP, 0, 0, Registers::smep);
    assertOneBit(Cr4.SMAP, 0, 0, Registers::smap);
    assertOneBit(Cr4.PKE, 0, 0, Registers::pke);
    assertOneBit(Cr4.PKS, 0, 0, Registers::pks);
    assertOneBit(0, 0, Efer.LMA, Registers::lma);
    assertOneBit(0, 0, Efer.NXE, Registers::nxe);
  }

  private static void assertOneBit(long cr4, long cr0, long efer, Predicate<Registers> question) {
    assertTrue(question.test(new Registers(cr0, 0, cr4, efer, 0, 0)));
    assertFalse(question.test(new Registers(~cr0, -1, ~cr4, ~efer, -1, -1)));
  }

  @Test
  void aRegisterIsReplacedAndAllOthersStay() {
    Registers some = new Registers(1, 2, 3, 4, 5, 6);
    assertEquals(new Registers(9, 2, 3, 4, 5, 6), some.withCr0(9));
    assertEquals(new Registers(1, 9, 3, 4, 5, 6), some.withCr3(9));
    assertEquals(new Registers(1, 2, 9, 4, 5, 6), some.withCr4(9));
    assertEquals(new Registers(1, 2, 3, 9, 5, 6), some.withEfer(9));
    assertEquals(new Registers(1, 2, 3, 4, 9, 6), some.withPkru(9));
    assertEquals(new Registers(1, 2, 3, 4, 5, 9), some.withPkrs(9));
  }

  @Test
  void theRootIsBits51To12OfCr3() {
    assertEquals(Entry.ADDRESS, LONG.withCr3(-1).root());
    assertEquals(0, LONG.withCr3(~Entry.ADDRESS).root());
    assertEquals(48, LONG.linearWidth());
    assertEquals(57, LONG.withCr4(LONG.cr4() | Cr4.LA57).linearWidth());
  }
}
