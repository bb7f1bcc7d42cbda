package dev.pagewalk.explain;

import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Pat;
import java.util.ArrayList;
import java.util.List;

/** Small pieces of English and of the manual's vocabulary that explanations share. */
public final class Words {
  private static final String[] SIZES = {"bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};

  private Words() {}

  /** {@code a}, {@code a and b}, {@code a, b and c}. */
  public static String list(List<String> items) {
    var text = new StringBuilder();
    for (int i = 0; i < items.size(); i++) {
      if (i > 0) {
        text.append(i == items.size() - 1 ? " and " : ", ");
      }
      text.append(items.get(i));
    }
    return text.toString();
  }

  /** A size in the largest binary unit that divides it: {@code 4 KiB}, {@code 512 GiB}. */
  public static String size(long bytes) {
    int unit = bytes == 0 ? 0 : Long.numberOfTrailingZeros(bytes) / 10;
    return (bytes >>> (10 * unit)) + " " + SIZES[unit];
  }

  /** The manual's name of the paging structure at {@code level}. */
  public static String table(Level level) {
    return switch (level) {
      case PML5 -> "PML5 table";
      case PML4 -> "PML4 table";
      case PDPT -> "page-directory-pointer table";
      case PD -> "page directory";
      case PT -> "page table";
    };
  }

  /** {@code PAT entry 3 (UC after reset)}. */
  public static String memoryType(int pat) {
    return "PAT entry " + pat + " (" + Pat.POWER_UP.of(pat).mnemonic() + " after reset)";
  }

  /** {@code bit 63} or {@code bits 62:59}. */
  public static String bits(Field field) {
    return (field.width() == 1 ? "bit " : "bits ") + field.position();
  }

  /**
   * {@code fields} for a processor with {@code maxPhyAddr}: the part of the address above it, which
   * is reserved, as a field of its own.
   */
  public static List<Field> splitAddress(List<Field> fields, int maxPhyAddr) {
    List<Field> split = new ArrayList<>(fields.size() + 1);
    for (Field field : fields) {
      if (field.role() == Field.Role.ADDRESS && maxPhyAddr <= field.high()) {
        split.add(
            new Field(
                "reserved",
                field.high(),
                maxPhyAddr,
                Field.Role.RESERVED,
                "must be 0: from MAXPHYADDR upwards"));
        split.add(
            new Field(field.name(), maxPhyAddr - 1, field.low(), field.role(), field.meaning()));
      } else {
        split.add(field);
      }
    }
    return split;
  }

  /** The fields of which a bit is set in {@code bits}, as {@code bits 51:46 and bit 7}. */
  public static String setFields(List<Field> fields, long bits) {
    List<String> names = new ArrayList<>();
    for (Field field : fields) {
      if (field.in(bits) != 0) {
        names.add(bits(field));
      }
    }
    return list(names);
  }
}
