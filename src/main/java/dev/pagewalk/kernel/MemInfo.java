package dev.pagewalk.kernel;

/**
 * Memory as a whole, in pages, as {@code /proc/meminfo} tells of it.
 *
 * @param total frames of RAM
 * @param free frames that nobody has
 * @param swapTotal slots of swap
 * @param swapFree slots that nobody has
 * @param commitLimit how much may be promised in mode NEVER
 * @param committed how much is promised
 */
public record MemInfo(
    long total, long free, long swapTotal, long swapFree, long commitLimit, long committed) {
  static MemInfo of(Kernel kernel) {
    long slots = kernel.swap().totalSlots();
    return new MemInfo(
        kernel.folios().ramPages(),
        kernel.folios().buddy().freeFrames(),
        slots,
        slots - kernel.swap().usedSlots(),
        Overcommit.limit(kernel),
        Overcommit.committed(kernel));
  }

  /** In Linux's text, in KiB. */
  public String text() {
    return line("MemTotal", total)
        + line("MemFree", free)
        + line("SwapTotal", swapTotal)
        + line("SwapFree", swapFree)
        + line("CommitLimit", commitLimit)
        + line("Committed_AS", committed);
  }

  private static String line(String name, long pages) {
    return "%-16s%8d kB\n".formatted(name + ":", pages * 4);
  }
}
