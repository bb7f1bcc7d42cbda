package dev.pagewalk.machine;

/**
 * What the constructors of records that are read from files ask of their components. Each throws
 * IllegalArgumentException, which says what was expected.
 */
final class Checks {
  private Checks() {}

  static void expect(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** A value that there must be. */
  static <T> T need(T value, String key) {
    expect(value != null, "expected the key " + key);
    return value;
  }

  /** A text that there must be. */
  static void needText(String text, String key) {
    checkText(need(text, key), key);
  }

  /** A text that may be null. */
  static void checkText(String text, String key) {
    if (text != null) {
      boolean shown = !text.isBlank() && text.chars().noneMatch(Character::isISOControl);
      expect(shown, key + ": expected a text without control characters, and not blank");
    }
  }
}
