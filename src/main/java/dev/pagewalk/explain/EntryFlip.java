package dev.pagewalk.explain;

import static dev.pagewalk.arch.ErrorCode.ID;
import static dev.pagewalk.arch.ErrorCode.P;
import static dev.pagewalk.arch.ErrorCode.US;
import static dev.pagewalk.arch.ErrorCode.WR;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import java.util.ArrayList;
import java.util.List;

/**
 * What would be different if one bit of an entry were the other way round.
 *
 * @param field the bit, or a field of which any one bit is flipped
 * @param change {@code 0 -> 1}, {@code 1 -> 0} or {@code any bit}
 * @param effect one clause without a full stop
 */
public record EntryFlip(Field field, String change, String effect) {
  /** The effect of every bit that the processor looks at, from bit 63 down. */
  public static List<EntryFlip> of(EntryExplanation entry) {
    List<EntryFlip> flips = new ArrayList<>();
    for (Field field : entry.fields()) {
      String effect = entry.reservedSet() != 0 ? amongReserved(entry, field) : effect(entry, field);
      if (!effect.isEmpty()) {
        flips.add(new EntryFlip(field, change(entry, field), effect));
      }
    }
    return flips;
  }

  private static String change(EntryExplanation entry, Field field) {
    long value = field.in(entry.entry());
    if (field.width() == 1) {
      return value == 0 ? "0 -> 1" : "1 -> 0";
    }
    boolean one = entry.reservedSet() != 0 && Long.bitCount(value) == 1;
    return one ? "1 -> 0" : "any bit";
  }

  /** While a reserved bit is set, only P and the last such bit make a difference. */
  private static String amongReserved(EntryExplanation entry, Field field) {
    if (field.name().equals("P")) {
      return "the page fault would report P = 0 and no RSVD";
    }
    long left = entry.reservedSet() & ~field.mask();
    if (field.role() != Field.Role.RESERVED || field.in(entry.entry()) == 0) {
      return field.name().equals("PS") ? sizeFlip(entry) : "";
    }
    return left == 0 && Long.bitCount(field.in(entry.entry())) == 1
        ? "no reserved bit would be left: it would " + entry.flipped(entry.reservedSet()).target("")
        : "every access would still fault with RSVD";
  }

  private static String effect(EntryExplanation entry, Field field) {
    return switch (field.name()) {
      case "P" -> presentFlip(entry);
      case "R/W" -> writeFlip(entry);
      case "U/S" -> userFlip(entry);
      case "XD" -> executeFlip(entry);
      case "PWT", "PCD", "PAT" -> memoryTypeFlip(entry, field);
      case "A" ->
          entry.has(Entry.A)
              ? "it would count as unused; the next use sets A again"
              : "it would count as used; the processor never clears A";
      case "D" -> dirtyFlip(entry);
      case "PS" -> sizeFlip(entry);
      case "G" ->
          entry.has(Entry.G)
              ? "a load of CR3 would drop the translation"
              : "the translation would survive a load of CR3 (CR4.PGE = 1)";
      case "R" -> "nothing, except under HLAT paging";
      case "key" -> "another protection key: " + neighbouringKeys(entry);
      case "address" -> "another " + (entry.kind().isLeaf() ? "page" : "table") + distance(field);
      case "reserved" -> "every access would fault with RSVD (error 0x9 read, 0xd by user mode)";
      default -> "";
    };
  }

  private static String presentFlip(EntryExplanation entry) {
    if (entry.isPresent()) {
      return "every access would fault (error "
          + Hex.of(0)
          + " read, "
          + Hex.of(WR)
          + " write, "
          + Hex.of(ID)
          + " fetch; by user mode "
          + Hex.of(US)
          + ", "
          + Hex.of(US | WR)
          + ", "
          + Hex.of(US | ID)
          + ")";
    }
    EntryExplanation other = entry.flipped(Entry.P);
    String then = "it would be " + other.title();
    return other.reservedSet() == 0
        ? then
        : then
            + ", but fault with RSVD: "
            + Words.setFields(other.fields(), other.reservedSet())
            + " must be 0";
  }

  private static String writeFlip(EntryExplanation entry) {
    boolean user = entry.has(Entry.US);
    String region = entry.kind().isLeaf() ? "" : " anywhere in the region";
    if (!entry.has(Entry.RW)) {
      return "writes" + region + " would be allowed";
    }
    return "writes"
        + region
        + " would fault (error "
        + (user ? Hex.of(P | WR | US) + " for user mode, " : "")
        + Hex.of(P | WR)
        + " for supervisor mode while CR0.WP = 1)"
        + (entry.kind().isLeaf() && entry.has(Entry.D)
            ? "; a shadow-stack page if CR4.CET = 1"
            : "");
  }

  private static String userFlip(EntryExplanation entry) {
    if (!entry.has(Entry.US)) {
      return entry.kind().isLeaf()
          ? "user mode could use the page; SMEP, SMAP and PKRU would apply"
          : "user-mode accesses would get through to the entries below";
    }
    return "user mode would fault (error "
        + Hex.of(P | US)
        + " read, "
        + Hex.of(P | US | WR)
        + " write, "
        + Hex.of(P | US | ID)
        + " fetch); SMEP, SMAP and PKRU would no longer apply";
  }

  private static String executeFlip(EntryExplanation entry) {
    boolean user = entry.has(Entry.US);
    String region = entry.kind().isLeaf() ? "" : " anywhere in the region";
    if (!entry.has(Entry.XD)) {
      return "instruction fetches"
          + region
          + " would fault (error "
          + (user ? Hex.of(P | US | ID) + " for user mode, " : "")
          + Hex.of(P | ID)
          + " for supervisor mode)";
    }
    String who = user ? "" : " by supervisor mode";
    String smep = user && entry.kind().isLeaf() ? ", by supervisor mode while CR4.SMEP = 0" : "";
    return "instruction fetches" + region + " would be allowed" + who + smep;
  }

  private static String memoryTypeFlip(EntryExplanation entry, Field field) {
    EntryExplanation other = entry.flipped(field.mask());
    return "memory type from "
        + Words.memoryType(other.patIndex())
        + " instead of entry "
        + entry.patIndex();
  }

  private static String dirtyFlip(EntryExplanation entry) {
    if (entry.has(Entry.D)) {
      return entry.has(Entry.RW)
          ? "the page would count as clean; the next write sets D again"
          : "the page would count as clean, and be no shadow-stack page";
    }
    return entry.has(Entry.RW)
        ? "the page would count as written; the processor never clears D"
        : "the page would count as written, and be a shadow-stack page if CR4.CET = 1";
  }

  private static String sizeFlip(EntryExplanation entry) {
    EntryExplanation other = entry.flipped(Entry.PS);
    return other.reservedSet() == 0
        ? "it would " + other.target("")
        : "every access would fault with RSVD: "
            + Words.setFields(other.fields(), other.reservedSet())
            + " must be 0 then";
  }

  private static String neighbouringKeys(EntryExplanation entry) {
    int key = Entry.key(entry.entry());
    return (key ^ 8) + ", " + (key ^ 4) + ", " + (key ^ 2) + " or " + (key ^ 1);
  }

  private static String distance(Field field) {
    return ", "
        + Words.size(1L << field.low())
        + " (bit "
        + field.low()
        + ") to "
        + Words.size(1L << field.high())
        + " (bit "
        + field.high()
        + ") away";
  }
}
