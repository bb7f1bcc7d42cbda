package dev.pagewalk.arch;

import static dev.pagewalk.arch.RegisterWrites.CPU;
import static dev.pagewalk.arch.RegisterWrites.LONG;
import static dev.pagewalk.arch.RegisterWrites.accepted;
import static dev.pagewalk.arch.RegisterWrites.refused;
import static dev.pagewalk.arch.RegisterWrites.undefined;
import static dev.pagewalk.arch.RegisterWrites.without;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** What INVPCID refuses, and what it accepts next to it. */
class InvpcidRulesTest {
  private static final Registers PCIDE = LONG.withCr4(Cr4.PAE | Cr4.PCIDE);
  private static final long BEYOND_48 = 1L << 47;
  private static final long BEYOND_57 = 1L << 56;

  @Test
  void withoutTheFeatureItIsUndefined() {
    undefined(invpcid(without(Feature.INVPCID), PCIDE, new InvpcidOperand(2, 0, 0)));
  }

  @Test
  void typesAreZeroToThree() {
    for (long type = 0; type <= 3; type++) {
      assertEquals(PCIDE, accepted(invpcid(CPU, PCIDE, new InvpcidOperand(type, 1, 0))));
    }
    refused("types", invpcid(CPU, PCIDE, new InvpcidOperand(4, 0, 0)));
    refused("types", invpcid(CPU, PCIDE, new InvpcidOperand(-1, 0, 0)));
  }

  @Test
  void bits63To12OfTheDescriptorAreReserved() {
    for (long type = 0; type <= 3; type++) {
      accepted(invpcid(CPU, PCIDE, new InvpcidOperand(type, 0xfff, 0)));
      refused("63:12", invpcid(CPU, PCIDE, new InvpcidOperand(type, 0x1000, 0)));
      refused("63:12", invpcid(CPU, PCIDE, new InvpcidOperand(type, 1L << 63, 0)));
    }
  }

  @Test
  void withoutPcideTypesZeroAndOneNameNoPcid() {
    for (long type = 0; type <= 1; type++) {
      refused("PCID", invpcid(CPU, LONG, new InvpcidOperand(type, 1, 0)));
      accepted(invpcid(CPU, LONG, new InvpcidOperand(type, 0, 0)));
    }
    accepted(invpcid(CPU, LONG, new InvpcidOperand(2, 1, 0)));
    accepted(invpcid(CPU, LONG, new InvpcidOperand(3, 1, 0)));
  }

  @Test
  void typeZeroWantsAnAddressCanonicalForTheProcessor() {
    accepted(invpcid(CPU, PCIDE, new InvpcidOperand(0, 0, BEYOND_48)));
    refused("canonical", invpcid(CPU, PCIDE, new InvpcidOperand(0, 0, BEYOND_57)));
    refused(
        "canonical", invpcid(without(Feature.LA57), PCIDE, new InvpcidOperand(0, 0, BEYOND_48)));
  }

  @Test
  void byChoiceTheAddressIsCanonicalForThePagingMode() {
    Cpu cpu = CPU.with(ModelPresets.QEMU_7_2);
    refused("canonical", invpcid(cpu, PCIDE, new InvpcidOperand(0, 0, BEYOND_48)));
    Registers la57 = PCIDE.withCr4(PCIDE.cr4() | Cr4.LA57);
    accepted(invpcid(cpu, la57, new InvpcidOperand(0, 0, BEYOND_48)));
    refused("canonical", invpcid(cpu, la57, new InvpcidOperand(0, 0, BEYOND_57)));
  }

  @Test
  void theOtherTypesDoNotLookAtTheAddress() {
    for (long type = 1; type <= 3; type++) {
      accepted(invpcid(CPU, PCIDE, new InvpcidOperand(type, 0, BEYOND_57)));
    }
  }

  private static RegisterWrite invpcid(Cpu cpu, Registers now, InvpcidOperand operand) {
    return RegisterRules.invpcid(cpu, now, operand);
  }
}
