package dev.pagewalk.spec;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.arch.Field;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Outcome;
import java.util.List;
import java.util.StringJoiner;

/** A walk told to a person, a line or two for each step. */
public final class WalkExplanation {
  private WalkExplanation() {}

  /** The steps of {@code result} and its outcome, as lines that end with {@code \n}. */
  public static String of(WalkResult result) {
    StringBuilder text = new StringBuilder();
    for (WalkStep step : result.steps()) {
      for (String line : lines(step)) {
        text.append(line).append('\n');
      }
    }
    return text.append("=> ").append(outcome(result.outcome())).append('\n').toString();
  }

  /** One step in lines without line ends. */
  public static List<String> lines(WalkStep step) {
    return switch (step) {
      case WalkStep.AddressChecked checked -> List.of(address(checked));
      case WalkStep.EntryRead read -> List.of(entry(read));
      case WalkStep.Stopped stopped ->
          List.of(
              "      stops: " + reason(stopped),
              "      rule: " + stopped.rule().text() + cite(stopped.rule()));
      case WalkStep.RightsChecked checked -> rights(checked);
      case WalkStep.Marked marked ->
          List.of(
              "mark  ["
                  + Hex.of(marked.physicalAddress())
                  + "] "
                  + Hex.word(marked.before())
                  + " -> "
                  + Hex.word(marked.after())
                  + ": sets "
                  + bits(marked.after() & ~marked.before()));
      case WalkStep.Restarted restarted ->
          List.of(
              "again ["
                  + Hex.of(restarted.physicalAddress())
                  + "] has changed since it was read; the walk begins anew");
    };
  }

  private static String reason(WalkStep.Stopped stopped) {
    return switch (stopped.rule()) {
      case CANONICAL -> "the address is not canonical";
      case PRESENT -> "P is 0";
      default -> "reserved bits " + Hex.of(stopped.bits()) + " are set";
    };
  }

  /** The names of the bits that are set in an entry of {@code kind}, lowest last. */
  public static String names(EntryKind kind, long entry) {
    StringJoiner names = new StringJoiner(" ");
    for (Field field : kind.fields()) {
      boolean named = field.role() == Field.Role.DEFINED && field.in(entry) != 0;
      if (named) {
        names.add(field.width() == 1 ? field.name() : field.name() + "=" + field.in(entry));
      }
    }
    return names.length() == 0 ? "no bit" : names.toString();
  }

  /** The outcome in words. */
  public static String outcome(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Done done -> "done";
      case Outcome.Reached reached -> "physical address " + Hex.of(reached.physicalAddress());
      case Outcome.PageFault fault ->
          "#PF, error code "
              + Hex.of(fault.error())
              + " ("
              + errorNames(fault.error())
              + "), CR2 "
              + Hex.of(fault.cr2());
      case Outcome.Fault fault -> fault.vector();
    };
  }

  private static String errorNames(int error) {
    StringJoiner names = new StringJoiner(" ");
    for (Field field : ErrorCode.FIELDS) {
      if (field.role() == Field.Role.DEFINED && field.in(error) != 0) {
        names.add(field.name());
      }
    }
    return names.length() == 0 ? "no flag" : names.toString();
  }

  private static String address(WalkStep.AddressChecked checked) {
    String masked =
        checked.asUsed() == checked.linearAddress()
            ? ""
            : ", masked from " + Hex.of(checked.asUsed());
    return "addr  "
        + Hex.word(checked.linearAddress())
        + masked
        + " is "
        + (checked.canonical() ? "" : "not ")
        + "canonical in "
        + checked.width()
        + " bits";
  }

  private static String entry(WalkStep.EntryRead read) {
    EntryKind kind = read.kind();
    boolean present = Entry.has(read.entry(), Entry.P);
    String target = "";
    if (present) {
      target =
          kind.isLeaf()
              ? " -> page " + Hex.of(Entry.page(read.entry(), kind.level()))
              : " -> " + kind.level().next() + " at " + Hex.of(Entry.table(read.entry()));
    }
    String hole = read.inHole() ? "  (no memory there: reads as all ones)" : "";
    return "read  "
        + pad(kind.level().entryName())
        + " ["
        + Hex.of(read.physicalAddress())
        + "] = "
        + Hex.word(read.entry())
        + target
        + (present ? "  " + names(kind, read.entry()) : "")
        + hole;
  }

  private static List<String> rights(WalkStep.RightsChecked checked) {
    Rights rights = checked.rights();
    String summary =
        "check all levels: U/S "
            + bit(rights.userMode())
            + ", R/W "
            + bit(rights.writable())
            + ", XD "
            + bit(rights.executeDisable())
            + ", key "
            + Entry.key(checked.leaf());
    if (checked.violated().isEmpty()) {
      return List.of(summary + ": allowed");
    }
    if (checked.violated().contains(Rule.SHADOW_STACK_PAGE)) {
      summary +=
          "; R/W of the tables "
              + bit(rights.tablesWritable())
              + ", of the page "
              + bit(Entry.has(checked.leaf(), Entry.RW))
              + ", its D "
              + bit(Entry.has(checked.leaf(), Entry.D));
    }
    String[] lines = new String[checked.violated().size() + 1];
    lines[0] = summary + ": refused";
    for (int i = 1; i < lines.length; i++) {
      Rule rule = checked.violated().get(i - 1);
      lines[i] = "      rule: " + rule.text() + cite(rule);
    }
    return List.of(lines);
  }

  private static String cite(Rule rule) {
    return " (SDM \"" + rule.section() + "\")";
  }

  private static String bits(long bits) {
    StringJoiner names = new StringJoiner(" and ");
    if ((bits & Entry.A) != 0) {
      names.add("A");
    }
    if ((bits & Entry.D) != 0) {
      names.add("D");
    }
    return names.toString();
  }

  private static String pad(String name) {
    return name + " ".repeat(5 - name.length());
  }

  private static int bit(boolean value) {
    return value ? 1 : 0;
  }
}
