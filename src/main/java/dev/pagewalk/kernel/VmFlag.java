package dev.pagewalk.kernel;

/** Flags of a VMA, as Linux numbers them, and the two letters that {@code smaps} shows for each. */
final class VmFlag {
  static final long READ = 1;
  static final long WRITE = 2;
  static final long EXEC = 4;
  static final long SHARED = 8;
  static final long MAYREAD = 0x10;
  static final long MAYWRITE = 0x20;
  static final long MAYEXEC = 0x40;
  static final long MAYSHARE = 0x80;
  static final long GROWSDOWN = 0x100;
  static final long MAYBE_GUARD = 0x800;
  static final long LOCKED = 0x2000;
  static final long SEQ_READ = 0x8000;
  static final long RAND_READ = 0x10000;
  static final long DONTCOPY = 0x20000;
  static final long DONTEXPAND = 0x40000;
  static final long LOCKONFAULT = 0x80000;
  static final long ACCOUNT = 0x10_0000;
  static final long NORESERVE = 0x20_0000;
  static final long HUGETLB = 0x40_0000;
  static final long WIPEONFORK = 0x200_0000;
  static final long DONTDUMP = 0x400_0000;
  static final long HUGEPAGE = 0x2000_0000;
  static final long NOHUGEPAGE = 0x4000_0000;
  static final long MERGEABLE = 0x8000_0000L;

  /** Where the four bits of the protection key stand. */
  static final int PKEY_SHIFT = 32;

  static final long PKEY = 0xfL << PKEY_SHIFT;
  static final long SEALED = 1L << 42;

  static final long ACCESS = READ | WRITE | EXEC;
  static final long LOCKED_MASK = LOCKED | LOCKONFAULT;

  /** What does not keep two VMAs apart; the one that results has it if either had. */
  static final long STICKY = MAYBE_GUARD;

  private static final String[] LETTERS = new String[64];

  static {
    String[] names = {
      "rd", "wr", "ex", "sh", "mr", "mw", "me", "ms", "gd", null, null, "gu", null, "lo", null,
      "sr", "rr", "dc", "de", "lf", "ac", "nr", "ht", null, null, "wf", "dd", null, null, "hg",
      "nh", "mg"
    };
    System.arraycopy(names, 0, LETTERS, 0, names.length);
    LETTERS[Long.numberOfTrailingZeros(SEALED)] = "sl";
  }

  private VmFlag() {}

  /** The flags in Linux's order, two letters each, a blank between them. */
  static String letters(long flags) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < LETTERS.length; bit++) {
      if ((flags >>> bit & 1) != 0 && LETTERS[bit] != null) {
        text.append(text.isEmpty() ? "" : " ").append(LETTERS[bit]);
      }
    }
    return text.toString();
  }

  /** {@code rwxp} as /proc/PID/maps has it. */
  static String perms(long flags) {
    return ""
        + ((flags & READ) != 0 ? 'r' : '-')
        + ((flags & WRITE) != 0 ? 'w' : '-')
        + ((flags & EXEC) != 0 ? 'x' : '-')
        + ((flags & MAYSHARE) != 0 ? 's' : 'p');
  }
}
