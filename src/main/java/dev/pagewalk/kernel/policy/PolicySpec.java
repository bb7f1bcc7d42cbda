package dev.pagewalk.kernel.policy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The name of a policy and values of its parameters, as people write them: {@code name} or {@code
 * name:key=value,key=value}.
 */
final class PolicySpec {
  private final PolicyInfo policy;
  private final Map<String, Long> values;

  private PolicySpec(PolicyInfo policy, Map<String, Long> values) {
    this.policy = policy;
    this.values = values;
  }

  /**
   * Reads a spec.
   *
   * @throws IllegalArgumentException one line that says what was expected
   */
  static PolicySpec parse(String spec, List<PolicyInfo> policies) {
    int colon = spec.indexOf(':');
    String name = colon < 0 ? spec : spec.substring(0, colon);
    PolicyInfo policy =
        policies.stream()
            .filter(info -> info.isCalled(plain(name)))
            .findFirst()
            .orElseThrow(() ->
                new IllegalArgumentException(
                    "unknown policy '" + name + "': expected " + names(policies)));
    Map<String, Long> values = new LinkedHashMap<>();
    policy.parameters().forEach(parameter -> values.put(parameter.name(), parameter.usual()));
    if (colon >= 0) {
      for (String part : spec.substring(colon + 1).split(",", -1)) {
        assign(policy, values, part);
      }
    }
    return new PolicySpec(policy, values);
  }

  /** Without what people put between the words of a name. */
  static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_ ]", "");
  }

  /** The policy's own name. */
  String name() {
    return policy.name();
  }

  PolicyInfo policy() {
    return policy;
  }

  /** The value of a parameter, given or usual. */
  long value(String parameter) {
    return values.get(parameter);
  }

  /** The value of a parameter that is below 2^31. */
  int small(String parameter) {
    return Math.toIntExact(value(parameter));
  }

  /** The name and all that differs from what is usual: the same text for the same policy. */
  @Override
  public String toString() {
    String given =
        policy.parameters().stream()
            .filter(parameter -> value(parameter.name()) != parameter.usual())
            .map(parameter -> parameter.name() + "=" + value(parameter.name()))
            .collect(Collectors.joining(","));
    return given.isEmpty() ? name() : name() + ":" + given;
  }

  private static void assign(PolicyInfo policy, Map<String, Long> values, String part) {
    int equals = part.indexOf('=');
    String key = equals < 0 ? part : part.substring(0, equals);
    PolicyInfo.Parameter parameter =
        policy.parameters().stream()
            .filter(candidate -> candidate.name().equals(key))
            .findFirst()
            .orElseThrow(() -> unknownParameter(policy, key));
    String text = equals < 0 ? "" : part.substring(equals + 1);
    long value = 0;
    boolean isNumber = true;
    try {
      value = Long.parseLong(text);
    } catch (NumberFormatException _) {
      isNumber = false;
    }
    if (!isNumber || value < parameter.least() || value > parameter.most()) {
      throw new IllegalArgumentException(
          "policy %s: %s: expected %d to %d, not '%s'"
              .formatted(policy.name(), key, parameter.least(), parameter.most(), text));
    }
    values.put(key, value);
  }

  private static IllegalArgumentException unknownParameter(PolicyInfo policy, String key) {
    String expected =
        policy.parameters().stream()
            .map(PolicyInfo.Parameter::name)
            .collect(Collectors.joining(", "));
    return new IllegalArgumentException(
        "policy %s: unknown parameter '%s': expected %s"
            .formatted(policy.name(), key, expected.isEmpty() ? "none" : expected));
  }

  private static String names(List<PolicyInfo> policies) {
    return policies.stream().map(PolicyInfo::name).collect(Collectors.joining(", "));
  }
}
