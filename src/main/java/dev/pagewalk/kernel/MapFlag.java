package dev.pagewalk.kernel;

/** Flags of {@code mmap}, as Linux numbers them on x86-64. */
public final class MapFlag {
  /** Stores are seen by all who map the object. */
  public static final int SHARED = 1;

  /** Stores are private: copy-on-write. */
  public static final int PRIVATE = 2;

  /** As SHARED, and unknown flags are refused. */
  public static final int SHARED_VALIDATE = 3;

  /** Exactly at the address, over what is there. */
  public static final int FIXED = 0x10;

  /** Of no file: zero-filled. */
  public static final int ANONYMOUS = 0x20;

  /** A stack: grows down at a fault below it. */
  public static final int GROWSDOWN = 0x100;

  /** Locked in memory, as by {@code mlock}. */
  public static final int LOCKED = 0x2000;

  /** Not charged against the memory there is. */
  public static final int NORESERVE = 0x4000;

  /** Pages are brought in at once. */
  public static final int POPULATE = 0x8000;

  /** With POPULATE: brings nothing in. */
  public static final int NONBLOCK = 0x10000;

  /** Of huge pages from the pool. */
  public static final int HUGETLB = 0x40000;

  /** Exactly at the address, and nothing may be there. */
  public static final int FIXED_NOREPLACE = 0x10_0000;

  /** Where the binary logarithm of the size of a huge page stands, from bit 26. */
  public static final int HUGE_SHIFT = 26;

  /** Which kind of sharing. */
  static final int TYPE = 0xf;

  private MapFlag() {}
}
