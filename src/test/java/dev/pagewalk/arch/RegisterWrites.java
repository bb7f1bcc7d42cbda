package dev.pagewalk.arch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.EnumSet;

/** Expectations on writes of registers, and the registers that tests start from. */
final class RegisterWrites {
  /** A processor with everything and 46 bits of physical address. */
  static final Cpu CPU = Cpu.withEverything(46, ModelPresets.SDM);

  /** IA-32e mode with 4-level paging. */
  static final Registers LONG = Registers.longMode(0x1000);

  /** Protected mode without paging, before IA-32e mode is entered. */
  static final Registers PROTECTED =
      new Registers(Cr0.PE | Cr0.ET | Cr0.WP, 0x1000, Cr4.PAE, 0, 0, 0);

  private RegisterWrites() {}

  /** The registers after a write that must be accepted. */
  static Registers accepted(RegisterWrite write) {
    return assertInstanceOf(RegisterWrite.Accepted.class, write).after();
  }

  /** Expects #GP(0) with a reason that has {@code words} in it. */
  static void refused(String words, RegisterWrite write) {
    RegisterWrite.Refused refused = assertInstanceOf(RegisterWrite.Refused.class, write);
    assertEquals(new Outcome.GeneralProtection(), refused.fault());
    assertEquals(
        true, refused.reason().contains(words), refused.reason() + " does not say: " + words);
  }

  /** Expects #UD. */
  static void undefined(RegisterWrite write) {
    RegisterWrite.Refused refused = assertInstanceOf(RegisterWrite.Refused.class, write);
    assertEquals(new Outcome.InvalidOpcode(), refused.fault());
  }

  /** A processor with everything but {@code missing}. */
  static Cpu without(Feature... missing) {
    EnumSet<Feature> features = EnumSet.allOf(Feature.class);
    for (Feature feature : missing) {
      features.remove(feature);
    }
    return new Cpu(46, features, ModelPresets.SDM);
  }
}
