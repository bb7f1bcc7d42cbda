package dev.pagewalk.kernel.policy;

import dev.pagewalk.kernel.policy.PolicyInfo.Parameter;
import dev.pagewalk.kernel.policy.PolicyInfo.Sees;
import java.util.List;

/** All policies, by name. A spec is a name, or {@code name:parameter=value,parameter=value}. */
public final class Policies {
  private static final Parameter SEED =
      new Parameter("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1, "of the choices");

  private static final List<PolicyInfo> ALL =
      List.of(
          info("fifo", "the page that came first", Sees.FAULTS),
          info("second-chance", "FIFO, but accessed pages go round once more", Sees.ACCESSED),
          info("clock", "second chance with a hand that goes round", Sees.ACCESSED),
          info("lru", "exactly the least recently used page", Sees.ACCESSES),
          info("random", "any page", Sees.FAULTS, SEED),
          info("opt", "the page whose next access is farthest away", Sees.FUTURE)
              .alsoCalled("belady", "min", "optimal"));

  private Policies() {}

  /** All policies, in the order in which they are told of. */
  public static List<PolicyInfo> all() {
    return ALL;
  }

  /** The names of all policies. */
  public static List<String> names() {
    return ALL.stream().map(PolicyInfo::name).toList();
  }

  /**
   * What there is to know of the policy that a spec names.
   *
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static PolicyInfo info(String spec) {
    return PolicySpec.parse(spec, ALL).policy();
  }

  /**
   * The same text for all specs of the same policy: its name, and the parameters that are not as
   * usual.
   *
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static String canonical(String spec) {
    return PolicySpec.parse(spec, ALL).toString();
  }

  /**
   * Whether the policy must be given the {@link FutureUses} of its trace.
   *
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static boolean needsFuture(String spec) {
    return info(spec).sees() == Sees.FUTURE;
  }

  /**
   * Makes a policy that does not need the future.
   *
   * @param spec a name, with values of parameters
   * @param frames frames are numbered below this
   * @param view where it finds the bits
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static ReplacementPolicy create(String spec, int frames, PageView view) {
    return create(spec, frames, view, null);
  }

  /**
   * Makes a policy.
   *
   * @param spec a name, with values of parameters
   * @param frames frames are numbered below this
   * @param view where it finds the bits
   * @param future of the trace, for policies that need it; otherwise it may be null
   * @throws IllegalArgumentException one line that says what was expected
   */
  public static ReplacementPolicy create(
      String spec, int frames, PageView view, FutureUses future) {
    PolicySpec wanted = PolicySpec.parse(spec, ALL);
    return switch (wanted.name()) {
      case "fifo" -> new Fifo(frames);
      case "second-chance" -> new SecondChance(frames, view);
      case "clock" -> new Clock(frames, view);
      case "lru" -> new Lru(frames);
      case "random" -> RandomChoice.seeded(frames, wanted.value("seed"));
      case "opt" -> opt(frames, future);
      default -> throw new IllegalStateException(wanted.name());
    };
  }

  private static ReplacementPolicy opt(int frames, FutureUses future) {
    if (future == null) {
      throw new IllegalArgumentException(
          "policy opt needs the whole trace before it starts: expected a trace that can be read"
              + " twice");
    }
    return new Opt(frames, future);
  }

  private static PolicyInfo info(
      String name, String description, Sees sees, Parameter... parameters) {
    return new PolicyInfo(name, List.of(), description, sees, List.of(parameters));
  }
}
