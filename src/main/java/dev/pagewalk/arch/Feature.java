package dev.pagewalk.arch;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** A processor feature that paging depends on, as CPUID enumerates it. */
public enum Feature {
  /** Execute-disable: EFER.NXE may be set. CPUID.80000001H:EDX.NX. */
  NX("nx"),
  /** 1 GiB pages. CPUID.80000001H:EDX.Page1GB. */
  PAGE1GB("page1gb"),
  /** Global pages: CR4.PGE. CPUID.01H:EDX.PGE. */
  PGE("pge"),
  /** Process-context identifiers: CR4.PCIDE. CPUID.01H:ECX.PCID. */
  PCID("pcid"),
  /** The INVPCID instruction. CPUID.(EAX=07H,ECX=0H):EBX.INVPCID. */
  INVPCID("invpcid"),
  /** Supervisor-mode execution prevention: CR4.SMEP. CPUID.(EAX=07H,ECX=0H):EBX.SMEP. */
  SMEP("smep"),
  /** Supervisor-mode access prevention: CR4.SMAP. CPUID.(EAX=07H,ECX=0H):EBX.SMAP. */
  SMAP("smap"),
  /** Protection keys for user-mode pages: CR4.PKE. CPUID.(EAX=07H,ECX=0H):ECX.PKU. */
  PKU("pku"),
  /** Protection keys for supervisor-mode pages: CR4.PKS. CPUID.(EAX=07H,ECX=0H):ECX.PKS. */
  PKS("pks"),
  /** 57-bit linear addresses and 5-level paging: CR4.LA57. CPUID.(EAX=07H,ECX=0H):ECX.LA57. */
  LA57("la57"),
  /** Linear-address masking: CR3.LAM_U48, CR3.LAM_U57, CR4.LAM_SUP. CPUID.(EAX=07H,ECX=1H). */
  LAM("lam"),
  /** CR4.CET may be set, for shadow stacks or indirect-branch tracking. */
  CET("cet"),
  /** CET shadow stacks; implies {@link #CET}. CPUID.(EAX=07H,ECX=0H):ECX.CET_SS. */
  CET_SS("cet_ss");

  private static final Map<String, Feature> BY_ID =
      Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(Feature::id, f -> f));

  private final String id;

  Feature(String id) {
    this.id = id;
  }

  /** The name used in vectors and CPU descriptions, {@code page1gb} for example. */
  public String id() {
    return id;
  }

  /** The feature of that {@link #id}, or nothing. */
  public static Optional<Feature> of(String id) {
    return Optional.ofNullable(BY_ID.get(id));
  }

  /** All names, for a message that says what was expected. */
  public static String ids() {
    return Arrays.stream(values()).map(Feature::id).collect(Collectors.joining(", "));
  }
}
