package dev.pagewalk.mmu;

/** What becomes of an access that {@link TranslationPath} does not decide by the hint for it. */
abstract class MissPath {
  /**
   * What {@link Mmu#translate} does.
   *
   * @param tag of the 4 KiB page, under the current PCID
   * @param hint the hint for the page
   */
  abstract long translate(long linearAddress, int access, long tag, long hint);
}
