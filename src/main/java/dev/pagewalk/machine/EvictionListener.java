package dev.pagewalk.machine;

/** Is told which pages a policy gives up. Pages are the kernel's numbers of them. */
@FunctionalInterface
public interface EvictionListener {
  /** In a page's number: what is above the address of an anonymous page. */
  int PROCESS_SHIFT = 40;

  /**
   * A page goes.
   *
   * @param page an anonymous page: the address space's id in the bits from {@link #PROCESS_SHIFT}
   *     on, its linear address in pages below
   * @param incoming the page for which room is made; negative if for none
   */
  void evicted(long page, long incoming);
}
