package dev.pagewalk;

/** How much the enumerations and random tests do: system property {@code pagewalk.tests}. */
public enum TestSize {
  /** A small part of it, once for each mutant: in the Maven profile {@code mutation}. */
  MUTATION,
  /** What every build runs. */
  DEFAULT,
  /** Minutes of it, in the Maven profile {@code long}. */
  FULL;

  private static final int MUTATION_SHARE = 20;

  /** How many times shorter, and more, the streams are that are played for each mutant. */
  private static final int SHORTER = 8;

  /** The size asked for; {@link #DEFAULT} if nobody asked. */
  public static TestSize get() {
    String size = System.getProperty("pagewalk.tests", "default");
    return switch (size) {
      case "default" -> DEFAULT;
      case "full" -> FULL;
      case "mutation" -> MUTATION;
      default ->
          throw new IllegalArgumentException(
              "pagewalk.tests is \"default\", \"full\" or \"mutation\", not \"" + size + "\"");
    };
  }

  /**
   * {@code small} in every build, {@code full} in the profile {@code long}, a small part of {@code
   * small} in the profile {@code mutation}.
   */
  public static int pick(int small, int full) {
    return switch (get()) {
      case FULL -> full;
      case DEFAULT -> small;
      case MUTATION -> Math.max(1, small / MUTATION_SHARE);
    };
  }

  /** How many streams of {@link #stepsOf} steps: {@link #pick}, or as much in shorter ones. */
  public static int pickStreams(int small, int full) {
    return get() == MUTATION ? SHORTER * pick(small, full) : pick(small, full);
  }

  /** Steps of a stream that has {@code usual} steps in every build. */
  public static int stepsOf(int usual) {
    return get() == MUTATION ? usual / SHORTER : usual;
  }
}
