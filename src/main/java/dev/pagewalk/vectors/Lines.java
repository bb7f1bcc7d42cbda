package dev.pagewalk.vectors;

import java.util.ArrayList;
import java.util.List;

/** Two lists of lines that should be the same, told by where they differ. */
final class Lines {
  private static final int MOST = 6;

  private Lines() {}

  /**
   * The part of {@code list} between the beginning and the end that it shares with {@code other}.
   */
  static String only(List<?> list, List<?> other) {
    int from = 0;
    int shorter = Math.min(list.size(), other.size());
    while (from < shorter && list.get(from).equals(other.get(from))) {
      from++;
    }
    int same = 0;
    while (same < shorter - from
        && list.get(list.size() - 1 - same).equals(other.get(other.size() - 1 - same))) {
      same++;
    }
    List<String> text = new ArrayList<>();
    for (int i = from; i < list.size() - same && text.size() < MOST; i++) {
      text.add((list.size() > 1 ? i + ": " : "") + list.get(i));
    }
    int more = list.size() - same - from - text.size();
    if (more > 0) {
      text.add("and " + more + " more");
    }
    return text.isEmpty() ? "nothing" : String.join("; ", text);
  }
}
