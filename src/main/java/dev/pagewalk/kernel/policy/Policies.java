package dev.pagewalk.kernel.policy;

import dev.pagewalk.kernel.policy.PolicyInfo.Parameter;
import dev.pagewalk.kernel.policy.PolicyInfo.Sees;
import java.util.List;

/** All policies, by name. A spec is a name, or {@code name:parameter=value,parameter=value}. */
public final class Policies {
  private static final Parameter SEED =
      new Parameter("seed", Long.MIN_VALUE, Long.MAX_VALUE, 1, "of the choices");

  private static final Parameter EVERY =
      new Parameter("every", 1, 1_000_000, 1, "ticks after which accessed bits are cleared");
  private static final Parameter BITS = new Parameter("bits", 1, 12, 8, "of a counter");
  private static final Parameter TAU =
      new Parameter("tau", 0, Long.MAX_VALUE, 10_000, "the window, in accesses");
  private static final Parameter WRITES =
      new Parameter("writes", 1, 1_000_000, 32, "write-backs scheduled for one victim, at most");
  private static final Parameter SCAN =
      new Parameter("scan", 1, Integer.MAX_VALUE, 1024, "pages looked at in a round, at most");
  private static final Parameter SWAPPINESS =
      new Parameter("swappiness", 0, 200, 60, "100: swap costs what file pages cost; 0: no swap");
  private static final Parameter KIN =
      new Parameter("kin", 1, 99, 25, "share of A1in, in percent of the frames");
  private static final Parameter KOUT =
      new Parameter("kout", 1, 1000, 50, "names in A1out, in percent of the frames");

  private static final List<PolicyInfo> ALL =
      List.of(
          info("fifo", "the page that came first", Sees.FAULTS),
          info("second-chance", "FIFO, but accessed pages go round once more", Sees.ACCESSED),
          info("clock", "second chance with a hand that goes round", Sees.ACCESSED),
          info("lru", "exactly the least recently used page", Sees.ACCESSES),
          info("nru", "a page of the lowest class by accessed and dirty bits", Sees.DIRTY, EVERY),
          info(
                  "aging",
                  "the lowest counter of accessed bits, shifted each tick",
                  Sees.ACCESSED,
                  BITS)
              .alsoCalled("nfu", "nfuaging"),
          info("wsclock", "a clean page outside of the working set", Sees.DIRTY, TAU, WRITES, SCAN),
          info("linux", "Linux's active and inactive lists", Sees.DIRTY, SWAPPINESS)
              .alsoCalled("linuxlists", "twolists", "activeinactive"),
          info("mglru", "Linux's generations", Sees.ACCESSED, SWAPPINESS).alsoCalled("multigenlru"),
          info("2q", "pages used once in one queue, others in another", Sees.ACCESSED, KIN, KOUT)
              .alsoCalled("twoq", "twoqueues"),
          info("arc", "two clocks that adapt their sizes (CAR)", Sees.ACCESSED).alsoCalled("car"),
          info("clock-pro", "hot and cold pages in a clock with three hands", Sees.ACCESSED),
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
      case "nru" -> new Nru(frames, view, wanted.small("every"));
      case "aging" -> new Aging(frames, view, wanted.small("bits"));
      case "wsclock" -> new WsClock(frames, view, wanted);
      case "linux" -> new LinuxLists(frames, view, wanted.small("swappiness"));
      case "mglru" -> new MgLru(frames, view, wanted.small("swappiness"));
      case "2q" -> new TwoQueues(frames, view, wanted.small("kin"), wanted.small("kout"));
      case "arc" -> new Arc(frames, view);
      case "clock-pro" -> new ClockPro(frames, view);
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
