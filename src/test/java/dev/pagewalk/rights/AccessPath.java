package dev.pagewalk.rights;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.rights.ManualRules.Walked;
import dev.pagewalk.spec.ReferenceWalk;

/**
 * How an access comes to its answer: by a walk of its own, or by what an access before it has left
 * in a cache. The rules are the same for all.
 */
public interface AccessPath {
  /** The reference walk. */
  AccessPath REFERENCE =
      rig ->
          (setting, registers, access) -> {
            ReferenceWalk walk = new ReferenceWalk(rig.memory(), rig.cpu(), registers);
            return walked -> walk.access(access).outcome();
          };

  /** A machine that goes this way, over the tables of {@code rig}. */
  Machine over(RightsRig rig);

  /** Whether an access to tables in which a walk ends as {@code walked} can go this way. */
  default boolean exists(Walked walked) {
    return true;
  }

  /** Marks, as in {@link ManualRules#marks}, that earlier accesses on this way have left. */
  default long marksBefore(ManualRules rules, Walked walked, long setting) {
    return 0;
  }

  /** What performs accesses. */
  interface Machine {
    /** Makes ready the access that the bits {@code setting} name. */
    Attempt prepare(long setting, Registers registers, Access access);
  }

  /** One access, which may be made under many tables. */
  interface Attempt {
    /**
     * Makes it.
     *
     * @param walked the walk that it would make, with D of the page as it is by then
     */
    Outcome make(Walked walked);
  }
}
