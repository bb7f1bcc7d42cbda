package dev.pagewalk.spec;

import dev.pagewalk.arch.EntryKind;
import java.util.List;

/** One thing that a walk did, in the order in which it was done. */
public sealed interface WalkStep {
  /**
   * The linear address was checked, after linear-address masking.
   *
   * @param asUsed the address as software used it
   * @param linearAddress the address that is translated; differs from {@code asUsed} under LAM
   * @param width of a linear address in bits, 48 or 57
   * @param canonical whether the check passed
   */
  record AddressChecked(long asUsed, long linearAddress, int width, boolean canonical)
      implements WalkStep {}

  /**
   * A paging-structure entry was read.
   *
   * @param kind its format, by the level and its PS bit
   * @param physicalAddress where it was read
   * @param entry the 64-bit word
   * @param inHole whether no memory answers there, so that the word is all ones
   */
  record EntryRead(EntryKind kind, long physicalAddress, long entry, boolean inHole)
      implements WalkStep {}

  /**
   * The walk ended without a translation: before it began, or at the entry read last.
   *
   * @param rule {@link Rule#CANONICAL}, {@link Rule#PRESENT} or {@link Rule#RESERVED}
   * @param bits the bits of the entry to blame: P, or the reserved bits that are set
   */
  record Stopped(Rule rule, long bits) implements WalkStep {}

  /**
   * The access was held against the rights of the translation.
   *
   * @param rights the flags of all entries, combined
   * @param leaf the entry that maps the page: its key, and for shadow stacks its D and R/W
   * @param violated every rule that forbids the access; empty if it is allowed
   */
  record RightsChecked(Rights rights, long leaf, List<Rule> violated) implements WalkStep {}

  /**
   * Accessed or dirty bits were set in an entry by a locked update.
   *
   * @param physicalAddress of the entry
   * @param before the word as it was
   * @param after the word as it is now, or would be in a walk without side effects
   */
  record Marked(long physicalAddress, long before, long after) implements WalkStep {}

  /**
   * The entry at this address had changed since it was read, so the walk began anew.
   *
   * @param physicalAddress of the entry
   */
  record Restarted(long physicalAddress) implements WalkStep {}
}
