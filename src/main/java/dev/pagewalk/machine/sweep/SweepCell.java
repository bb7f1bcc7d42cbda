package dev.pagewalk.machine.sweep;

/**
 * One replay of a sweep.
 *
 * @param number its place in the grid, from 0
 * @param trace as the user named it
 * @param machine a machine's name or file, or {@link SweepPlan#ALONE}
 * @param cpu a model of processor; empty for the machine's own
 * @param policy a policy, as {@code Policies.canonical} writes it
 * @param frames how many pages of user memory are resident at a time
 */
public record SweepCell(
    int number, String trace, String machine, String cpu, String policy, int frames) {
  /** Whether the policy is simulated by itself, without a machine. */
  public boolean isAlone() {
    return machine.equals(SweepPlan.ALONE);
  }
}
