package dev.pagewalk.kernel;

import java.util.Optional;

/**
 * A VMA as /proc shows it.
 *
 * @param start first address, in bytes
 * @param end the address after the last
 * @param perms {@code rwxp}
 * @param pgoff offset in the object, in pages; 0 for private anonymous memory
 * @param file the object mapped, if it is not private anonymous memory
 * @param flags VmFlags as smaps shows them, {@code rd wr mr mw me ac}
 */
public record VmaView(
    long start, long end, String perms, long pgoff, Optional<FileObject> file, String flags) {

  static VmaView of(Vma vma) {
    return new VmaView(
        vma.start,
        vma.end,
        VmFlag.perms(vma.flags()),
        vma.isAnonymous() ? 0 : vma.pgoff,
        Optional.ofNullable(vma.file),
        VmFlag.letters(vma.flags()));
  }
}
