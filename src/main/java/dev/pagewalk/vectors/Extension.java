package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Accesses that format 1 has by an extension alone: the key {@code as} of an access, which a vector
 * that uses it announces by the key {@code requires}, and a subject that performs them offers by
 * the key {@code accesses}.
 */
enum Extension {
  /** Implicit supervisor-mode accesses, to a GDT, LDT, IDT or TSS, whatever CPL is. */
  IMPLICIT,
  /** Accesses of shadow-stack machinery: CALL, RET, WRSS and their like, at CPL 3 or below. */
  SHADOW_STACK;

  /** Its name in vectors. */
  String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** All names. */
  static List<String> ids() {
    List<String> ids = new ArrayList<>();
    for (Extension extension : values()) {
      ids.add(extension.id());
    }
    return ids;
  }

  /** The one of that name, or nothing. */
  static Optional<Extension> of(String id) {
    for (Extension extension : values()) {
      if (extension.id().equals(id)) {
        return Optional.of(extension);
      }
    }
    return Optional.empty();
  }

  /** The one by which format 1 has {@code access}; null if it needs none. */
  static Extension of(Access access) {
    if (access.kind().isShadowStack()) {
      return SHADOW_STACK;
    }
    return access.mode() == Mode.IMPLICIT_SUPERVISOR ? IMPLICIT : null;
  }

  /** Those that {@code vector} uses. */
  static Set<Extension> of(WalkVector vector) {
    Set<Extension> used = EnumSet.noneOf(Extension.class);
    for (Step step : vector.steps()) {
      Extension extension =
          step.action() instanceof Action.Touch(var access, _, _) ? of(access) : null;
      if (extension != null) {
        used.add(extension);
      }
    }
    return used;
  }

  /**
   * What is wrong with a sequence that uses one; null if nothing is. There are no shadow-stack
   * accesses unless CR4.CET is 1, with which CR0.WP is 1 and stays so.
   */
  static String whyNot(Cpu cpu, Registers state, List<Action> actions) {
    boolean used = false;
    boolean keepsCet = (state.cr4() & Cr4.CET) != 0;
    for (Action action : actions) {
      if (action instanceof Action.Touch touch && touch.access().kind().isShadowStack()) {
        used = true;
        if (touch.size() < 4 || (touch.access().linearAddress() & 3) != 0) {
          return "a shadow-stack access has 4 or 8 bytes at a multiple of 4";
        }
      }
      keepsCet &= !(action instanceof Action.MovCr4(long value)) || (value & Cr4.CET) != 0;
    }
    if (used && !(cpu.has(Feature.CET_SS) && keepsCet && state.wp())) {
      return "shadow-stack accesses need the feature cet_ss, and CR0.WP and CR4.CET to be 1 and"
          + " stay so";
    }
    return null;
  }
}
