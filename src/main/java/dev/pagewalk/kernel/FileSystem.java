package dev.pagewalk.kernel;

/** The kinds of file system there are, in what they mean to memory. */
public enum FileSystem {
  /** On a disk: pages can be written back and read again; the first store to a page is noticed. */
  EXT4(true),
  /** In memory and swap: a hole is filled when it is touched. */
  TMPFS(false);

  private final boolean disk;

  FileSystem(boolean disk) {
    this.disk = disk;
  }

  /** Whether a store to a clean page of a shared mapping faults, so that it is seen. */
  boolean tracksDirtyPages() {
    return disk;
  }

  /** Whether pages live on a device and can be dropped from memory when clean. */
  boolean hasDevice() {
    return disk;
  }
}
