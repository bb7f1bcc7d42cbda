package dev.pagewalk.kvm;

/** What came of an instruction of the guest. */
public sealed interface GuestEvent {
  /**
   * It was carried out.
   *
   * @param rax what RAX held then
   */
  record Completed(long rax) implements GuestEvent {}

  /** RET was fetched, and carried out. */
  record Returned() implements GuestEvent {}

  /**
   * It reached a physical address where the guest has no memory.
   *
   * @param physicalAddress the address
   */
  record NoMemory(long physicalAddress) implements GuestEvent {}

  /**
   * It raised an exception.
   *
   * @param vector number of the exception
   * @param error code as pushed; 0 if it has none
   * @param rip as pushed
   * @param cr2 after a page fault; else 0
   */
  record Raised(int vector, long error, long rip, long cr2) implements GuestEvent {}
}
