package dev.pagewalk.spec;

import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelPresets;

/** The preset {@code sdm} with one choice made otherwise. */
final class ChoicesForTests {
  private static final ModelChoices SDM = ModelPresets.SDM;

  private ChoicesForTests() {}

  static ModelChoices with(ModelChoices.NonCanonicalStack other) {
    return with(SDM.bit8(), SDM.dirtyOnReadOnly(), other, SDM.absentOneGigabytePages());
  }

  static ModelChoices with(ModelChoices.Bit8 other) {
    return with(
        other, SDM.dirtyOnReadOnly(), SDM.nonCanonicalStack(), SDM.absentOneGigabytePages());
  }

  static ModelChoices with(ModelChoices.DirtyOnReadOnly other) {
    return with(SDM.bit8(), other, SDM.nonCanonicalStack(), SDM.absentOneGigabytePages());
  }

  static ModelChoices with(ModelChoices.AbsentOneGigabytePages other) {
    return with(SDM.bit8(), SDM.dirtyOnReadOnly(), SDM.nonCanonicalStack(), other);
  }

  private static ModelChoices with(
      ModelChoices.Bit8 bit8,
      ModelChoices.DirtyOnReadOnly dirty,
      ModelChoices.NonCanonicalStack stack,
      ModelChoices.AbsentOneGigabytePages absent) {
    return new ModelChoices(
        SDM.accessedOnFault(),
        bit8,
        dirty,
        stack,
        SDM.invpcidCanonical(),
        SDM.rsvdErrorCode(),
        absent,
        SDM.keyRegister(),
        SDM.keyFlag(),
        SDM.keyToggle(),
        SDM.registerChecks(),
        SDM.largePages(),
        SDM.invalidation());
  }
}
