package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.InputException;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.ProtectionKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads one step of a vector of format 1. Not thread-safe: it keeps the step being read. */
final class StepParser {
  private static final List<String> KEYS =
      List.of(
          "do",
          "va",
          "pa",
          "value",
          "msr",
          "type",
          "pcid",
          "size",
          "cpl",
          "ac",
          "as",
          "expect",
          "permits",
          "memory_after",
          "memory_after_masked");
  private static final int DO = bits("do");
  private static final int STORE = bits("pa", "value");
  private static final int INVLPG = bits("va");
  private static final int INVPCID = bits("type", "pcid", "va");
  private static final int WRMSR = bits("msr", "value");
  private static final int TOUCH = bits("va", "size", "cpl", "ac");
  private static final int AS = bits("as");
  private static final int VALUE = bits("value");
  private static final int PERMITS = bits("permits");
  private static final int OUTCOME_KEYS = bits("expect", "permits");
  private static final int MEMORY_KEYS = bits("memory_after", "memory_after_masked");
  private static final List<Outcome> DONE = List.of(new Outcome.Done());

  private int seen;
  private String verb;
  private long va;
  private long pa;
  private long value;
  private long msr;
  private long type;
  private long pcid;
  private int size;
  private int cpl;
  private boolean ac;
  private Extension as;
  private boolean asked;
  private List<Outcome> allowed;
  private Words after;

  /** Reads the step whose opening brace the cursor stands on. */
  Step parse(Cursor in, Words named) throws InputException {
    asked = false;
    Action action = read(in, named);
    if (seenAll(OUTCOME_KEYS) || seenAll(MEMORY_KEYS)) {
      throw in.expected(
          "expected one of expect and permits, and one of memory_after and memory_after_masked");
    }
    checkOutcomes(in, action);
    return new Step(action, allowed == null ? DONE : allowed, Optional.ofNullable(after));
  }

  /** Reads a step that does not say what was observed. */
  Action parseQuestion(Cursor in, Words named) throws InputException {
    asked = true;
    Action action = read(in, named);
    if ((seen & (OUTCOME_KEYS | MEMORY_KEYS)) != 0) {
      throw in.expected("expected a step without what was observed");
    }
    return action;
  }

  private Action read(Cursor in, Words named) throws InputException {
    seen = 0;
    allowed = null;
    after = null;
    as = null;
    if (!in.isObject()) {
      throw in.expected("expected a step, found " + in.found());
    }
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      seen = VectorParser.once(in, KEYS, key, seen);
      readKey(in, named, key);
    }
    in.at("");
    if ((seen & DO) == 0) {
      throw in.expected("expected the key do");
    }
    return action(in);
  }

  /**
   * An access reaches memory or faults by paging; an instruction may be refused with #GP or #UD.
   */
  private void checkOutcomes(Cursor in, Action action) throws InputException {
    boolean access = action instanceof Action.Touch;
    if (!access && (seen & PERMITS) != 0) {
      throw in.expected("a step " + verb + " has no key permits");
    }
    if (allowed == null) {
      return;
    }
    for (Outcome outcome : allowed) {
      boolean fits =
          switch (outcome) {
            case Outcome.Done done -> !access;
            case Outcome.Reached reached -> access;
            case Outcome.PageFault fault -> access;
            case Outcome.StackFault fault -> access;
            case Outcome.InvalidOpcode fault -> !access;
            case Outcome.GeneralProtection fault -> true;
          };
      if (!fits) {
        throw in.expected("a step " + verb + " has no outcome " + Describe.outcome(outcome));
      }
    }
  }

  private void readKey(Cursor in, Words named, String key) throws InputException {
    switch (key) {
      case "do" -> verb = in.string();
      case "va" -> va = in.hex();
      case "pa" -> pa = VectorParser.wordAddress(in, in.hex());
      case "value" -> value = in.hex();
      case "msr" -> msr = msr(in);
      case "type" -> type = in.number(0, Integer.MAX_VALUE);
      case "pcid" -> pcid = in.hex();
      case "size" -> size = size(in);
      case "cpl" -> cpl = cpl(in);
      case "ac" -> ac = in.number(0, 1) == 1;
      case "as" -> as = extension(in, in.string());
      case "expect" -> {
        in.openObject();
        allowed = List.of(outcome(in));
      }
      case "permits" -> allowed = outcomes(in);
      case "memory_after" -> after = memoryAfter(in, named, 2);
      default -> after = memoryAfter(in, named, 3);
    }
  }

  private Action action(Cursor in) throws InputException {
    return switch (verb) {
      case "read", "write", "fetch" -> touch(in);
      case "store" -> {
        keys(in, STORE);
        yield new Action.Store(pa, value);
      }
      case "invlpg" -> {
        keys(in, INVLPG);
        yield new Action.Invlpg(va);
      }
      case "invpcid" -> {
        keys(in, INVPCID);
        yield new Action.Invpcid(new InvpcidOperand(type, pcid, va));
      }
      case "wrmsr" -> {
        keys(in, WRMSR);
        yield new Action.Wrmsr(msr, value);
      }
      case "mov_cr0", "mov_cr3", "mov_cr4", "wrpkru" -> registerWrite(in);
      default -> {
        in.at("do");
        throw in.expected(
            "unknown step \""
                + verb
                + "\"; expected read, write, fetch, store, invlpg, invpcid, mov_cr0, mov_cr3,"
                + " mov_cr4, wrpkru or wrmsr");
      }
    };
  }

  private Action touch(Cursor in) throws InputException {
    keys(in, TOUCH | (seen & AS));
    if (!asked && (seen & OUTCOME_KEYS) == 0) {
      throw in.expected("expected the key expect or permits");
    }
    AccessKind kind =
        switch (verb) {
          case "read" -> AccessKind.READ;
          case "write" -> AccessKind.WRITE;
          default -> AccessKind.FETCH;
        };
    if (as == null) {
      return new Action.Touch(new Access(va, kind, Mode.atCpl(cpl), ac, false), size, cpl);
    }
    if (kind == AccessKind.FETCH) {
      throw in.expected("a step fetch has no key as");
    }
    Access access =
        switch (as) {
          case IMPLICIT -> new Access(va, kind, Mode.IMPLICIT_SUPERVISOR, ac, false);
          case SHADOW_STACK -> new Access(va, kind.ofShadowStack(), Mode.atCpl(cpl), ac, false);
        };
    return new Action.Touch(access, size, cpl);
  }

  /** The extension {@code id}, which the cursor has just read. */
  static Extension extension(Cursor in, String id) throws InputException {
    Optional<Extension> known = Extension.of(id);
    if (known.isEmpty()) {
      throw in.expected(
          "expected " + String.join(" or ", Extension.ids()) + ", found \"" + id + '"');
    }
    return known.get();
  }

  private Action registerWrite(Cursor in) throws InputException {
    keys(in, VALUE);
    return switch (verb) {
      case "mov_cr0" -> new Action.MovCr0(value);
      case "mov_cr3" -> new Action.MovCr3(value);
      case "mov_cr4" -> new Action.MovCr4(value);
      default -> new Action.Wrpkru(value);
    };
  }

  /** The step must have just {@code wanted} besides do, an outcome and the memory. */
  private void keys(Cursor in, int wanted) throws InputException {
    int operands = seen & ~(DO | OUTCOME_KEYS | MEMORY_KEYS);
    int wrong = operands ^ wanted;
    if (wrong != 0) {
      String key = KEYS.get(Integer.numberOfTrailingZeros(wrong));
      boolean missing = (wanted & Integer.lowestOneBit(wrong)) != 0;
      throw in.expected(
          missing
              ? "expected the key " + key + " in a step " + verb
              : "a step " + verb + " has no key " + key);
    }
  }

  private static long msr(Cursor in) throws InputException {
    long index = in.hex();
    if (index != Efer.MSR && index != ProtectionKeys.PKRS_MSR) {
      throw in.expected("expected 0xc0000080 (EFER) or 0x6e1 (PKRS), found " + in.found());
    }
    return index;
  }

  private static int size(Cursor in) throws InputException {
    int bytes = in.number(1, 8);
    if (Integer.bitCount(bytes) != 1) {
      throw in.expected("expected 1, 2, 4 or 8, found " + bytes);
    }
    return bytes;
  }

  private static int cpl(Cursor in) throws InputException {
    int level = in.number(0, 3);
    if (level == 1 || level == 2) {
      throw in.expected("expected 0 or 3, found " + level);
    }
    return level;
  }

  private static List<Outcome> outcomes(Cursor in) throws InputException {
    List<Outcome> outcomes = new ArrayList<>(2);
    in.openArray();
    while (in.nextElement()) {
      if (!in.isObject()) {
        throw in.expected("expected an outcome, found " + in.found());
      }
      outcomes.add(outcome(in));
      in.at("permits");
    }
    if (outcomes.isEmpty()) {
      throw in.expected("expected at least one outcome");
    }
    return outcomes;
  }

  /** The outcome whose opening brace has been read. */
  private static Outcome outcome(Cursor in) throws InputException {
    OutcomeDraft draft = new OutcomeDraft();
    for (String key = in.nextKey(); key != null; key = in.nextKey()) {
      if (!draft.take(in, key)) {
        throw in.expected("unknown key; expected pa, exception, error or cr2");
      }
    }
    in.at("expect");
    return draft.outcome(in);
  }

  /** Words that changed, which must be among those named. */
  static Words memoryAfter(Cursor in, Words named, int width) throws InputException {
    Words words = in.words(width);
    for (int i = 0; i < words.size(); i++) {
      if (named.indexOf(words.address(i)) < 0) {
        throw in.expected("expected a word that memory names, found " + Hex.of(words.address(i)));
      }
    }
    if (width == 3 && words.size() != named.size()) {
      throw in.expected("expected every word that memory names, " + named.size() + " of them");
    }
    return words;
  }

  private boolean seenAll(int keys) {
    return (seen & keys) == keys;
  }

  private static int bits(String... keys) {
    int bits = 0;
    for (String key : keys) {
      bits |= 1 << KEYS.indexOf(key);
    }
    return bits;
  }
}
