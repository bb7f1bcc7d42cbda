package dev.pagewalk.kernel.walker;

import dev.pagewalk.kernel.MapFlag;

/** The arguments of mmap in two numbers: rights in bits 2:0, flags above; file and offset. */
final class MapArguments {
  private static final int FLAGS_SHIFT = 8;
  private static final int FILE_SHIFT = 32;

  private MapArguments() {}

  static long pack(int prot, int flags) {
    return prot | (long) flags << FLAGS_SHIFT;
  }

  static int prot(long c) {
    return (int) c & 7;
  }

  static int flags(long c) {
    return (int) (c >>> FLAGS_SHIFT);
  }

  /** {@code file} from 0 on, {@code offset} in bytes. */
  static long packObject(int file, long offset) {
    return (long) file << FILE_SHIFT | offset;
  }

  static int file(long d) {
    return (int) (d >>> FILE_SHIFT);
  }

  static long offset(long d) {
    return d & 0xffff_ffffL;
  }

  static boolean isAnonymous(long c) {
    return (flags(c) & MapFlag.ANONYMOUS) != 0;
  }

  static String rights(long prot) {
    return ""
        + ((prot & 1) != 0 ? 'r' : '-')
        + ((prot & 2) != 0 ? 'w' : '-')
        + ((prot & 4) != 0 ? 'x' : '-');
  }

  static String text(long c, long d) {
    String object = isAnonymous(c) ? "anonymous" : "file %d at 0x%x".formatted(file(d), offset(d));
    String type = (flags(c) & MapFlag.PRIVATE) != 0 ? "private" : "shared";
    return "%s %s %s flags 0x%x".formatted(rights(c), type, object, flags(c));
  }
}
