package dev.pagewalk.arch;

import static dev.pagewalk.arch.RegisterWrites.CPU;
import static dev.pagewalk.arch.RegisterWrites.LONG;
import static dev.pagewalk.arch.RegisterWrites.PROTECTED;
import static dev.pagewalk.arch.RegisterWrites.accepted;
import static dev.pagewalk.arch.RegisterWrites.refused;
import static dev.pagewalk.arch.RegisterWrites.without;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What MOV to CR4 refuses, and what it accepts next to it. */
class MovToCr4Test {
  /** SDM 3A "Control Registers": the bit that each feature brings. */
  private static final Map<Feature, Integer> BITS =
      Map.of(
          Feature.PGE, 7,
          Feature.LA57, 12,
          Feature.PCID, 17,
          Feature.SMEP, 20,
          Feature.SMAP, 21,
          Feature.PKU, 22,
          Feature.PKS, 24,
          Feature.LAM, 28);

  @ParameterizedTest
  @ValueSource(ints = {15, 26, 29, 30, 31, 33, 47, 63})
  void bitsOfNoFeatureAreReserved(int bit) {
    refused("bit " + bit + " ", mov(CPU, LONG, Cr4.PAE | (1L << bit)));
  }

  @Test
  void aBitIsReservedWithoutItsFeature() {
    BITS.forEach((feature, bit) -> {
      // LA57 can be changed outside IA-32e mode only, PCIDE be set inside only.
      Registers now = feature == Feature.LA57 ? PROTECTED : LONG;
      long value = Cr4.PAE | (1L << bit);
      refused("bit " + bit + " ", mov(without(feature), now, value));
      assertEquals(value, accepted(mov(CPU, now, value)).cr4(), feature.id());
    });
  }

  @Test
  void cetWantsTheFeatureAndWp() {
    long value = Cr4.PAE | Cr4.CET;
    refused("bit 23 ", mov(without(Feature.CET, Feature.CET_SS), LONG, value));
    refused("WP", mov(CPU, LONG.withCr0(LONG.cr0() & ~Cr0.WP), value));
    assertEquals(value, accepted(mov(CPU, LONG, value)).cr4());
    assertEquals(value, accepted(mov(without(Feature.CET_SS), LONG, value)).cr4());
  }

  @Test
  void pcideIsSetInIa32eModeOnly() {
    refused("IA-32e", mov(CPU, PROTECTED.withCr3(0), Cr4.PAE | Cr4.PCIDE));
    assertEquals(
        Cr4.PAE | Cr4.PCIDE, accepted(mov(CPU, LONG.withCr3(0), Cr4.PAE | Cr4.PCIDE)).cr4());
  }

  @Test
  void pcideIsSetWhileTheLowBitsOfCr3AreZeroOnly() {
    for (int bit = 0; bit < 12; bit++) {
      refused("CR3[11:0]", mov(CPU, LONG.withCr3(0x1000 | (1L << bit)), Cr4.PAE | Cr4.PCIDE));
    }
    accepted(mov(CPU, LONG.withCr3(0x1000), Cr4.PAE | Cr4.PCIDE));
  }

  @Test
  void pcideStaysSetWhateverPcidIsInUse() {
    Registers inUse = LONG.withCr3(0x1fff).withCr4(Cr4.PAE | Cr4.PCIDE);
    long value = Cr4.PAE | Cr4.PCIDE | Cr4.PGE;
    assertEquals(value, accepted(mov(CPU, inUse, value)).cr4());
  }

  @Test
  void pcideIsClearedAtAnyTime() {
    Registers inUse = LONG.withCr3(0x1fff).withCr4(Cr4.PAE | Cr4.PCIDE);
    Registers after = accepted(mov(CPU, inUse, Cr4.PAE));
    assertEquals(inUse.withCr4(Cr4.PAE), after);
  }

  @Test
  void paeIsNotClearedInIa32eMode() {
    refused("PAE", mov(CPU, LONG, 0));
    refused("PAE", mov(CPU, LONG, Cr4.PGE));
    assertEquals(0, accepted(mov(CPU, PROTECTED, 0)).cr4());
  }

  @Test
  void la57IsNotChangedInIa32eMode() {
    refused("LA57", mov(CPU, LONG, Cr4.PAE | Cr4.LA57));
    refused("LA57", mov(CPU, LONG.withCr4(Cr4.PAE | Cr4.LA57), Cr4.PAE));
    assertEquals(Cr4.PAE | Cr4.LA57, accepted(mov(CPU, PROTECTED, Cr4.PAE | Cr4.LA57)).cr4());
    Registers with = PROTECTED.withCr4(Cr4.PAE | Cr4.LA57);
    assertEquals(Cr4.PAE, accepted(mov(CPU, with, Cr4.PAE)).cr4());
    Registers inUse = LONG.withCr4(Cr4.PAE | Cr4.LA57);
    accepted(mov(CPU, inUse, Cr4.PAE | Cr4.LA57 | Cr4.SMEP));
  }

  @Test
  void bitsThatPagingDoesNotReadAreAccepted() {
    long value = Cr4.PAE | Cr4.INDIFFERENT;
    assertEquals(value, accepted(mov(without(Feature.values()), LONG, value)).cr4());
  }

  private static RegisterWrite mov(Cpu cpu, Registers now, long value) {
    return RegisterRules.movToCr4(cpu, now, value);
  }

  @Test
  void otherBitsThanCetDoNotAskForWp() {
    Registers unprotected = LONG.withCr0(LONG.cr0() & ~Cr0.WP);
    assertEquals(Cr4.PAE | Cr4.PGE, accepted(mov(CPU, unprotected, Cr4.PAE | Cr4.PGE)).cr4());
  }
}
