package dev.pagewalk.arch;

import dev.pagewalk.arch.ModelChoices.AbsentOneGigabytePages;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelChoices.Bit8;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.Invalidation;
import dev.pagewalk.arch.ModelChoices.InvpcidCanonical;
import dev.pagewalk.arch.ModelChoices.KeyFlag;
import dev.pagewalk.arch.ModelChoices.KeyRegister;
import dev.pagewalk.arch.ModelChoices.KeyToggle;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.ModelChoices.RegisterChecks;
import dev.pagewalk.arch.ModelChoices.RsvdErrorCode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/** The named sets of model choices. */
public final class ModelPresets {
  /** Intel's manual to the letter; where it leaves a choice, the first one that it describes. */
  public static final ModelChoices SDM =
      new ModelChoices(
          AccessedOnFault.UPPER_LEVELS,
          Bit8.IGNORED,
          DirtyOnReadOnly.NOT_WITH_SHADOW_STACKS,
          NonCanonicalStack.STACK_FAULT,
          InvpcidCanonical.PROCESSOR_WIDTH,
          RsvdErrorCode.WITH_P,
          AbsentOneGigabytePages.RESERVED,
          KeyRegister.BY_ADDRESS,
          KeyFlag.WHENEVER_DISABLED,
          KeyToggle.CURRENT,
          RegisterChecks.FAULT,
          LargePages.WHOLE,
          Invalidation.EXACT);

  /** Intel's processors: no departure from their manual is known to us. */
  public static final ModelChoices INTEL = SDM;

  /**
   * AMD's processors: bit 8 of a PML5E or PML4E must be zero (APM 2 "Long-Mode Page Translation"),
   * and TLBs hold 1 GiB pages in pieces of 2 MiB (optimization guides of family 17h).
   */
  public static final ModelChoices AMD =
      SDM.with(Bit8.RESERVED_IN_PML5E_AND_PML4E, LargePages.SMASHED_1G);

  /** Bochs 2.7 as observed. */
  public static final ModelChoices BOCHS_2_7 =
      SDM.with(
          AccessedOnFault.NONE,
          DirtyOnReadOnly.SET,
          InvpcidCanonical.PAGING_MODE,
          KeyRegister.BY_ACCESS,
          LargePages.FRACTURED,
          Invalidation.INVPCID_DROPS_ALL);

  /** QEMU 7.2 (TCG) as observed. */
  public static final ModelChoices QEMU_7_2 =
      SDM.with(
          AccessedOnFault.UPPER_LEVELS_AND_1G_LEAF,
          DirtyOnReadOnly.SET,
          InvpcidCanonical.PAGING_MODE,
          RsvdErrorCode.WITHOUT_P,
          AbsentOneGigabytePages.WALKED,
          KeyFlag.NOT_BEHIND_US,
          KeyToggle.STALE,
          RegisterChecks.DROPPED,
          LargePages.FRACTURED);

  private static final SequencedMap<String, ModelChoices> BY_NAME = new LinkedHashMap<>();

  static {
    BY_NAME.put("sdm", SDM);
    BY_NAME.put("intel", INTEL);
    BY_NAME.put("amd", AMD);
    BY_NAME.put("bochs-2.7", BOCHS_2_7);
    BY_NAME.put("qemu-7.2", QEMU_7_2);
  }

  private ModelPresets() {}

  /** The preset of that name, or nothing. */
  public static Optional<ModelChoices> of(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  /** All presets by name, {@code sdm} first. */
  public static Map<String, ModelChoices> all() {
    return Collections.unmodifiableMap(BY_NAME);
  }
}
