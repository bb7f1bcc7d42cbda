package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.Advice;

/**
 * One step of a walk. It can be made in any state: without its process it is left out.
 *
 * @param operation what is done
 * @param who place of the process, 0 to 2
 * @param core on which
 * @param a first argument, see {@link Operation}
 * @param b second
 * @param c third
 * @param d fourth
 */
record Step(Operation operation, int who, int core, long a, long b, long c, long d) {
  @Override
  public String toString() {
    String start = "%c on core %d: %s ".formatted('A' + who, core, operation);
    return start
        + switch (operation) {
          case SPAWN, EXIT, MUNLOCKALL -> "";
          case FORK -> "child " + (char) ('A' + a);
          case MMAP -> "0x%x +0x%x %s".formatted(a, b, MapArguments.text(c, d));
          case MPROTECT -> "0x%x +0x%x %s".formatted(a, b, MapArguments.rights(c));
          case MREMAP ->
              "0x%x +0x%x to +0x%x flags %d at 0x%x".formatted(a, b, c, d & 7, d & -4096);
          case MADVISE -> "0x%x +0x%x %s".formatted(a, b, Advice.of((int) c).orElse(null));
          case TRUNCATE -> "file %d to 0x%x".formatted(a, b);
          case PUNCH, FILE_READ, FILE_WRITE ->
              "file %d at 0x%x +0x%x value 0x%x".formatted(a, b, c, d);
          case FSYNC, DROP_CACHE, READAHEAD -> "file " + a;
          case HUGE_MAP -> "0x%x +0x%x %s".formatted(a, b, MapArguments.text(c, d));
          default -> "0x%x %d 0x%x %d".formatted(a, b, c, d);
        };
  }
}
