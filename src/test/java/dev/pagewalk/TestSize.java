package dev.pagewalk;

/** How much the enumerations and random tests do: system property {@code pagewalk.tests}. */
public enum TestSize {
  /** What every build runs. */
  DEFAULT,
  /** Minutes of it, in the Maven profile {@code long}. */
  FULL;

  /** The size asked for; {@link #DEFAULT} if nobody asked. */
  public static TestSize get() {
    String size = System.getProperty("pagewalk.tests", "default");
    return switch (size) {
      case "default" -> DEFAULT;
      case "full" -> FULL;
      default ->
          throw new IllegalArgumentException(
              "pagewalk.tests is \"default\" or \"full\", not \"" + size + "\"");
    };
  }

  /** {@code small} in every build, {@code full} in the profile {@code long}. */
  public static int pick(int small, int full) {
    return get() == FULL ? full : small;
  }
}
