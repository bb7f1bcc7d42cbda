package dev.pagewalk.vectors;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.spec.Leaf;
import dev.pagewalk.spec.Translation;
import dev.pagewalk.spec.WalkResult;
import java.util.Optional;

/**
 * A line of a snapshot's truth: a page, or the answer to one address.
 *
 * @param va the linear address
 * @param source {@code tlb} for a page listed, {@code gva2gpa} for one address asked
 * @param text the answer in the form that {@link #of} gives, for comparison
 * @param address the answer's address in the form that {@link #address(long, Outcome)} gives
 */
record TruthLine(long va, String source, String text, String address) {
  /** Reads one. */
  static TruthLine parse(Cursor in) throws InputException {
    Optional<Long> va = Optional.empty();
    Optional<Long> pa = Optional.empty();
    int size = 0;
    String flags = "";
    String source = "";
    int nulls = 0;
    in.openObject();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      switch (key) {
        case "va" -> va = Optional.of(in.paddedHex());
        case "pa" -> {
          nulls += in.nextIsNull() ? 1 : 0;
          pa = in.isNull() ? Optional.empty() : Optional.of(in.hexHere());
        }
        case "size" -> {
          nulls += in.nextIsNull() ? 1 : 0;
          size = in.isNull() ? 0 : in.numberHere(1, Integer.MAX_VALUE);
        }
        case "flags" -> {
          nulls += in.nextIsNull() ? 1 : 0;
          flags = in.isNull() ? "" : in.stringHere();
        }
        case "src" -> source = in.string();
        default -> throw in.expected("unknown key; expected va, pa, size, flags or src");
      }
    }
    in.end();
    in.at("");
    if (va.isEmpty() || !(source.equals("tlb") || source.equals("gva2gpa"))) {
      throw in.expected("expected the keys va and src, and src to be tlb or gva2gpa");
    }
    boolean page = size == 1 << 12 || size == 1 << 21 || size == 1 << 30;
    boolean whole = pa.isPresent() && page && flags.length() == 9;
    boolean none = nulls == 3 && source.equals("gva2gpa");
    if (!whole && !none) {
      throw in.expected("expected pa, a size of 4096, 2097152 or 1073741824 and nine flags");
    }
    if (pa.isEmpty()) {
      return new TruthLine(va.get(), source, unmapped(va.get()), unmapped(va.get()));
    }
    String text = mapped(va.get(), pa.get(), size, flags);
    return new TruthLine(va.get(), source, text, reached(va.get(), pa.get()));
  }

  /** What we say of a page. */
  static String of(Leaf leaf) {
    return mapped(
        leaf.linearAddress(), leaf.physicalAddress(), leaf.pageBytes(), LeafFlags.of(leaf.entry()));
  }

  /** What we say of one address. */
  static String of(long va, WalkResult result) {
    if (!(result.outcome() instanceof Outcome.Reached(long pa))) {
      return unmapped(va);
    }
    Translation translation = result.translation().orElseThrow();
    return mapped(va, pa, translation.pageBytes(), LeafFlags.of(translation.entry()));
  }

  /** What we say of the address alone that an access reached. */
  static String address(long va, Outcome outcome) {
    return outcome instanceof Outcome.Reached(long pa) ? reached(va, pa) : unmapped(va);
  }

  private static String mapped(long va, long pa, long size, String flags) {
    return reached(va, pa) + ", " + size + " bytes, " + flags;
  }

  private static String reached(long va, long pa) {
    return Hex.of(va) + " -> " + Hex.of(pa);
  }

  private static String unmapped(long va) {
    return Hex.of(va) + " -> not mapped";
  }
}
