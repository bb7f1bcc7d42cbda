package dev.pagewalk.arch;

import java.util.List;

/** Bits of CR4. Source: SDM 3A "Control Registers". */
public final class Cr4 {
  /** Virtual-8086 mode extensions. */
  public static final long VME = 1L;

  /** Protected-mode virtual interrupts. */
  public static final long PVI = 1L << 1;

  /** Time-stamp disable: RDTSC at CPL 0 only. */
  public static final long TSD = 1L << 2;

  /** Debugging extensions. */
  public static final long DE = 1L << 3;

  /** Page-size extensions, for 32-bit paging only. */
  public static final long PSE = 1L << 4;

  /** Physical-address extension: 64-bit entries; must be 1 in IA-32e mode. */
  public static final long PAE = 1L << 5;

  /** Page-global enable. */
  public static final long PGE = 1L << 7;

  /** 57-bit linear addresses: 5-level paging. */
  public static final long LA57 = 1L << 12;

  /** PCID enable. */
  public static final long PCIDE = 1L << 17;

  /** Supervisor-mode execution prevention. */
  public static final long SMEP = 1L << 20;

  /** Supervisor-mode access prevention. */
  public static final long SMAP = 1L << 21;

  /** Protection keys for user-mode pages. */
  public static final long PKE = 1L << 22;

  /** Control-flow enforcement technology. */
  public static final long CET = 1L << 23;

  /** Protection keys for supervisor-mode pages. */
  public static final long PKS = 1L << 24;

  /** Linear-address-space separation. */
  public static final long LASS = 1L << 27;

  /** Linear-address masking of supervisor pointers. */
  public static final long LAM_SUP = 1L << 28;

  /** Machine-check exceptions. */
  public static final long MCE = 1L << 6;

  /** RDPMC at any CPL. */
  public static final long PCE = 1L << 8;

  /** FXSAVE and FXRSTOR are supported by the system. */
  public static final long OSFXSR = 1L << 9;

  /** SIMD floating-point exceptions are supported by the system. */
  public static final long OSXMMEXCPT = 1L << 10;

  /** User-mode instruction prevention. */
  public static final long UMIP = 1L << 11;

  /** Virtual-machine extensions. */
  public static final long VMXE = 1L << 13;

  /** Safer-mode extensions. */
  public static final long SMXE = 1L << 14;

  /** RDFSBASE and its like. */
  public static final long FSGSBASE = 1L << 16;

  /** XSAVE is supported by the system. */
  public static final long OSXSAVE = 1L << 18;

  /** Key locker. */
  public static final long KL = 1L << 19;

  /** User interrupts. */
  public static final long UINTR = 1L << 25;

  /** Flexible return and event delivery. */
  public static final long FRED = 1L << 32;

  /** Bits of features that no rule of paging reads and that every description of a CPU allows. */
  public static final long INDIFFERENT =
      VME
          | PVI
          | TSD
          | DE
          | PSE
          | MCE
          | PCE
          | OSFXSR
          | OSXMMEXCPT
          | UMIP
          | VMXE
          | SMXE
          | FSGSBASE
          | OSXSAVE;

  /** Bits that no processor defines. */
  public static final long RESERVED = 0xffff_fffe_e400_8000L;

  /** Every field, from bit 63 down. */
  public static final List<Field> FIELDS =
      List.of(
          Field.reserved(63, 33),
          Field.bit("FRED", 32, "flexible return and event delivery"),
          Field.reserved(31, 29),
          Field.bit("LAM_SUP", 28, "supervisor pointers carry data in their upper bits"),
          Field.bit("LASS", 27, "linear-address-space separation"),
          Field.reserved(26, 26),
          Field.bit("UINTR", 25, "user interrupts"),
          Field.bit("PKS", 24, "protection keys of supervisor-mode pages are enforced"),
          Field.bit("CET", 23, "control-flow enforcement: shadow stacks"),
          Field.bit("PKE", 22, "protection keys of user-mode pages are enforced"),
          Field.bit("SMAP", 21, "supervisor-mode data accesses to user-mode pages fault"),
          Field.bit("SMEP", 20, "supervisor-mode fetches from user-mode pages fault"),
          Field.bit("KL", 19, "key locker"),
          Field.bit("OSXSAVE", 18, "XSAVE is enabled"),
          Field.bit("PCIDE", 17, "process-context identifiers tag what the TLBs hold"),
          Field.bit("FSGSBASE", 16, "RDFSBASE and its like are enabled"),
          Field.reserved(15, 15),
          Field.bit("SMXE", 14, "safer-mode extensions"),
          Field.bit("VMXE", 13, "virtual-machine extensions"),
          Field.bit("LA57", 12, "57-bit linear addresses: 5-level paging"),
          Field.bit("UMIP", 11, "SGDT and its like fault at CPL 1 to 3"),
          Field.bit("OSXMMEXCPT", 10, "SIMD exceptions are reported as #XM"),
          Field.bit("OSFXSR", 9, "FXSAVE and SSE are enabled"),
          Field.bit("PCE", 8, "RDPMC is allowed at any CPL"),
          Field.bit("PGE", 7, "global pages survive a load of CR3"),
          Field.bit("MCE", 6, "machine-check exceptions are enabled"),
          Field.bit("PAE", 5, "64-bit entries; must be 1 in IA-32e mode"),
          Field.bit("PSE", 4, "4 MiB pages with 32-bit paging"),
          Field.bit("DE", 3, "DR4 and DR5 fault, I/O breakpoints are enabled"),
          Field.bit("TSD", 2, "RDTSC faults at CPL 1 to 3"),
          Field.bit("PVI", 1, "protected-mode virtual interrupts"),
          Field.bit("VME", 0, "virtual-8086 mode extensions"));

  private Cr4() {}
}
