package dev.pagewalk.machine;

/** Told of each page fault that a core raises, before the kernel is. */
@FunctionalInterface
public interface FaultListener {
  /**
   * A page fault.
   *
   * @param core that raised it
   * @param address CR2
   * @param errorCode as the processor pushes it
   */
  void pageFault(Core core, long address, int errorCode);
}
