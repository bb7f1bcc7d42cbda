package dev.pagewalk.arch;

/** By which way an access enters the TLBs: processors keep separate first-level TLBs for them. */
public enum Port {
  /** Instruction fetches. */
  FETCH,
  /** Data reads. */
  LOAD,
  /** Data writes. */
  STORE
}
