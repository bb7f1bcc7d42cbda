package dev.pagewalk.arch;

import java.util.EnumSet;
import java.util.Set;

/**
 * What one processor offers, as far as paging goes.
 *
 * @param maxPhyAddr MAXPHYADDR, the width of a physical address in bits, 36 to 52
 * @param features what CPUID enumerates
 * @param choices what this processor does where the architecture leaves it open
 */
public record Cpu(int maxPhyAddr, Set<Feature> features, ModelChoices choices) {
  /** Smallest MAXPHYADDR of a processor with 4-level paging. */
  public static final int MIN_MAXPHYADDR = 36;

  /** Largest MAXPHYADDR that the entry formats have room for. */
  public static final int MAX_MAXPHYADDR = 52;

  public Cpu {
    if (maxPhyAddr < MIN_MAXPHYADDR || maxPhyAddr > MAX_MAXPHYADDR) {
      throw new IllegalArgumentException("MAXPHYADDR is 36 to 52, not " + maxPhyAddr);
    }
    EnumSet<Feature> all = EnumSet.noneOf(Feature.class);
    all.addAll(features);
    if (all.contains(Feature.CET_SS)) {
      all.add(Feature.CET);
    }
    features = Set.copyOf(all);
  }

  /** A processor with every feature, under {@code choices}. */
  public static Cpu withEverything(int maxPhyAddr, ModelChoices choices) {
    return new Cpu(maxPhyAddr, EnumSet.allOf(Feature.class), choices);
  }

  /** Whether CPUID enumerates {@code feature}. */
  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** Width of a linear address in bits: 57 on a processor with LA57, else 48. */
  public int linearWidth() {
    return has(Feature.LA57) ? 57 : 48;
  }

  /** Whether a PDPTE with PS = 1 maps a page, whatever CPUID says of it. */
  public boolean walksOneGigabytePages() {
    return has(Feature.PAGE1GB)
        || choices.absentOneGigabytePages() == ModelChoices.AbsentOneGigabytePages.WALKED;
  }

  /** Physical-address bits that this processor does not have, up to bit 51. */
  public long unimplementedAddressBits() {
    return Entry.ADDRESS & -(1L << maxPhyAddr);
  }

  /** The same processor under other choices. */
  public Cpu with(ModelChoices other) {
    return new Cpu(maxPhyAddr, features, other);
  }
}
