package dev.pagewalk.kernel.policy;

import java.util.List;

/**
 * What there is to know of a policy before one is made.
 *
 * @param name as people write it; upper case and the characters between words do not matter
 * @param others names that are understood besides
 * @param description one line
 * @param sees what it goes by
 * @param parameters in the order of {@code --help}
 */
public record PolicyInfo(
    String name, List<String> others, String description, Sees sees, List<Parameter> parameters) {
  /** Copies the lists. */
  public PolicyInfo {
    others = List.copyOf(others);
    parameters = List.copyOf(parameters);
  }

  /** What a policy goes by. */
  public enum Sees {
    /** Pages that come and go. */
    FAULTS("faults"),
    /** Faults and accessed bits. */
    ACCESSED("faults, accessed bits"),
    /** Faults, accessed and dirty bits. */
    DIRTY("faults, accessed and dirty bits"),
    /** Each access: no kernel does. */
    ACCESSES("each access (oracle)"),
    /** Accesses that have not been made: nobody does. */
    FUTURE("accesses to come (oracle)");

    private final String words;

    Sees(String words) {
      this.words = words;
    }

    /** For people. */
    public String words() {
      return words;
    }

    /** Whether a policy is told more than a kernel can know. */
    public boolean isOracle() {
      return this == ACCESSES || this == FUTURE;
    }
  }

  /**
   * A parameter, which is a whole number.
   *
   * @param name as people write it
   * @param least the least value
   * @param most the greatest value
   * @param usual the value unless another is given
   * @param description one line
   */
  public record Parameter(String name, long least, long most, long usual, String description) {}

  /** The same with other names that are understood, in lower case and without hyphens. */
  PolicyInfo alsoCalled(String... names) {
    return new PolicyInfo(name, List.of(names), description, sees, parameters);
  }

  /** Whether it has this name, in lower case and without what stands between words. */
  boolean isCalled(String plain) {
    return PolicySpec.plain(name).equals(plain) || others.contains(plain);
  }
}
