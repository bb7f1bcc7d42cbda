package dev.pagewalk.vectors;

import dev.pagewalk.arch.EntryKind;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.RegisterWrite;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.spec.Rule;
import dev.pagewalk.spec.WalkResult;
import dev.pagewalk.spec.WalkStep;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Which situations vectors have been in: what rule decided, at which level, for which kind of
 * access, under which registers.
 */
final class FuzzCoverage {
  private final Set<String> seen = new HashSet<>();
  private final Set<String> ofThis = new HashSet<>();
  private final Map<Rule, Long> rules = new EnumMap<>(Rule.class);

  /** A vector begins. */
  void begin() {
    ofThis.clear();
  }

  /** Takes what the last vector covers into account; how much of it is new. */
  int take() {
    int before = seen.size();
    seen.addAll(ofThis);
    return seen.size() - before;
  }

  /** The situations that the last vector has been in. */
  Set<String> ofLast() {
    return Set.copyOf(ofThis);
  }

  /** How many situations there have been. */
  int size() {
    return seen.size();
  }

  /** How often each rule decided. */
  Map<Rule, Long> rules() {
    return rules;
  }

  /** An access within a page, and what comes of it. */
  void add(Action.Touch touch, WalkResult result, Registers registers) {
    String who = touch.access().kind() + (touch.access().mode().isUser() ? " 3" : " 0");
    who += touch.access().mode() == Mode.IMPLICIT_SUPERVISOR ? " implicit " + touch.cpl() : "";
    EntryKind last = null;
    StringBuilder marks = new StringBuilder();
    for (WalkStep step : result.steps()) {
      switch (step) {
        case WalkStep.EntryRead read -> last = read.kind();
        case WalkStep.Stopped stopped -> {
          count(stopped.rule());
          int bit = Long.numberOfTrailingZeros(stopped.bits());
          ofThis.add(who + " " + last + " " + stopped.rule() + " " + bit);
        }
        case WalkStep.RightsChecked checked -> {
          checked.violated().forEach(this::count);
          ofThis.add(who + " " + last + " " + checked.violated() + " " + checked.rights());
          ofThis.add(who + " " + checked.violated() + settings(touch, registers));
        }
        case WalkStep.Marked marked -> marks.append(' ').append(marked.after() & ~marked.before());
        case WalkStep.AddressChecked _, WalkStep.Restarted _ -> {}
      }
    }
    ofThis.add(who + " " + last + marks);
  }

  private void count(Rule rule) {
    rules.merge(rule, 1L, Long::sum);
  }

  private static String settings(Action.Touch touch, Registers registers) {
    return " wp "
        + registers.wp()
        + (" smep " + registers.smep())
        + (" smap " + registers.smap())
        + (" ac " + touch.access().ac())
        + (" nxe " + registers.nxe());
  }

  /** An instruction, and what comes of it. */
  void add(Action.Instruction instruction, RegisterWrite write) {
    String name = instruction.getClass().getSimpleName();
    ofThis.add(
        switch (write) {
          case RegisterWrite.Accepted _ -> name;
          case RegisterWrite.Refused refused -> name + " " + refused.reason();
        });
  }
}
