package dev.pagewalk.kernel;

import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import java.util.List;

/**
 * Entries that map pages as Linux reads them on x86-64: its own bits where P is 1, and the whole
 * word where P is 0, at which the processor does not look any further.
 *
 * <p>The layouts are those of {@link Pte}, told for people.
 */
public final class LinuxEntry {
  private static final long SLOTS = Pte.swap(0, 0);
  private static final long AREAS = Pte.swap(-1, -1);
  private static final int MARKERS = Pte.swapType(Pte.GUARD);

  /** The bits of a present entry that the processor ignores and Linux uses. */
  public static final List<Field> PRESENT =
      List.of(
          field(
              "saved dirty",
              Pte.SAVED_DIRTY,
              "the page was written and is read-only now; D = 1 with R/W = 0 would make a"
                  + " shadow-stack page"),
          field("soft-dirty", 1L << 11, "written since the tracker last asked; not modelled"),
          field("uffd-wp", 1L << 10, "userfaultfd wants to hear of writes; not modelled"),
          field("special", Pte.SPECIAL, "no page that is counted: the zero page"));

  /** An entry that has a frame which PROT_NONE hides from the processor. */
  public static final List<Field> PROT_NONE =
      List.of(
          zero(63, 63),
          new Field("key", 62, 59, Field.Role.IGNORED, "protection key of the mapping"),
          field("saved dirty", Pte.SAVED_DIRTY, "the page was written"),
          zero(57, 52),
          new Field("frame", 51, 12, Field.Role.IGNORED, "page frame number, inverted"),
          zero(11, 10),
          field("special", Pte.SPECIAL, "no page that is counted: the zero page"),
          field("PROT_NONE", Pte.PROTNONE, "1: there is a frame"),
          field("PS", Pte.HUGE, "1 in a page directory: a huge page"),
          zero(6, 6),
          field("A", Pte.ACCESSED, "as it was when the rights were taken"),
          new Field("PCD, PWT", 4, 3, Field.Role.IGNORED, "as they were"),
          zero(2, 1),
          field("P", Pte.PRESENT, "0"));

  /** An entry of a page in swap; with the last type, a marker. */
  public static final List<Field> SWAP =
      List.of(
          field("type", AREAS, "which swap area; " + MARKERS + ": a marker"),
          field("offset", SLOTS, "the slot, or what is marked, inverted"),
          field("PROT_NONE", Pte.PROTNONE, "0"),
          field("PS", Pte.HUGE, "0, or a page directory would seem to have a huge page"),
          new Field("D, A", 6, 5, Field.Role.IGNORED, "0; some processors set them in any entry"),
          zero(4, 4),
          field(
              "exclusive",
              Pte.swapExclusive(0),
              "the page is of this process alone, which may write it without a copy"),
          field("uffd-wp", 1L << 2, "userfaultfd wants to hear of writes; not modelled"),
          field("soft-dirty", 1L << 1, "written since the tracker last asked; not modelled"),
          field("P", Pte.PRESENT, "0"));

  private LinuxEntry() {}

  private static Field field(String name, long mask, String meaning) {
    int high = 63 - Long.numberOfLeadingZeros(mask);
    return new Field(name, high, Long.numberOfTrailingZeros(mask), Field.Role.IGNORED, meaning);
  }

  private static Field zero(int high, int low) {
    return new Field("unused", high, low, Field.Role.IGNORED, "0");
  }

  /** An entry of each kind, for documentation: frame 0x12345, slot 0x123 of area 0. */
  public static List<Long> examples() {
    long rights = Pte.prot(VmFlag.READ | VmFlag.WRITE);
    long written = Pte.dirty(Pte.of(0x12345, rights));
    return List.of(
        Pte.writable(written),
        Pte.readOnly(written),
        Pte.of(0x12345, rights) | Pte.SPECIAL,
        Pte.modify(written, Pte.prot(0)),
        Pte.swap(0, 0x123),
        Pte.swapExclusive(Pte.swap(0, 0x123)),
        Pte.GUARD);
  }

  /** What Linux reads in an entry of a page table, in one line without a full stop. */
  public static String describe(long entry) {
    if (Pte.isNone(entry)) {
      return "nothing";
    }
    if (!Pte.isPresent(entry)) {
      return notPresent(entry);
    }
    String text = "frame " + Hex.of(Pte.pfn(entry));
    text += (entry & Pte.PRESENT) == 0 ? ", hidden by PROT_NONE" : rights(entry);
    text += Pte.isDirty(entry) ? ", dirty" : ", clean";
    text += Pte.isYoung(entry) ? ", young" : ", old";
    return (entry & Pte.SPECIAL) == 0 ? text : text + ", special";
  }

  private static String rights(long entry) {
    return Pte.isWritable(entry) ? ", writable" : ", read-only";
  }

  private static String notPresent(long entry) {
    if (Pte.isGuard(entry)) {
      return "guard page";
    }
    if (Pte.isMarker(entry)) {
      return "marker " + Hex.of(Pte.swapOffset(entry));
    }
    String where =
        "in swap, slot %s of area %d".formatted(Hex.of(Pte.swapOffset(entry)), Pte.swapType(entry));
    return Pte.isSwapExclusive(entry) ? where + ", exclusive" : where;
  }
}
