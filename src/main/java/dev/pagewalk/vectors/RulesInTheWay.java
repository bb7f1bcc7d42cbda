package dev.pagewalk.vectors;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.physmem.PhysicalMemory;
import dev.pagewalk.spec.Rule;
import dev.pagewalk.spec.WalkStep;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which rules stand in the way of each access of a vector: those that decide it, and those that one
 * of them hides. An entry that ends the walk is mended, and the walk done once more.
 */
final class RulesInTheWay implements AutoCloseable {
  private final PhysicalMemory memory = PhysicalMemory.ofSize(PhysicalMemory.MAX_BYTES);
  private final SpecEngine engine = new SpecEngine(memory);

  /** The rules in the way of an access, ordinary or of an extension. */
  record Rules(Optional<Extension> extension, Set<Rule> rules) {}

  /** The rules by access, in order. */
  List<Rules> of(WalkVector vector) {
    memory.clear();
    engine.reset(vector.cpu().with(ModelPresets.SDM), vector.state());
    Words words = vector.memory();
    for (int i = 0; i < words.size(); i++) {
      memory.write64(words.address(i), words.value(i));
    }
    List<Rules> all = new ArrayList<>();
    for (Step step : vector.steps()) {
      if (step.action() instanceof Action.Touch touch) {
        Set<Rule> rules = EnumSet.noneOf(Rule.class);
        for (long page : KvmPlan.pages(touch)) {
          inTheWay(touch.access().at(page), words, rules);
        }
        all.add(new Rules(Optional.ofNullable(Extension.of(touch.access())), rules));
      }
      engine.perform(step.action());
    }
    return all;
  }

  private void inTheWay(Access access, Words named, Set<Rule> rules) {
    Map<Long, Long> mended = new HashMap<>();
    while (walkOnce(access, named, rules, mended)) {
      // Each round mends an entry, and there are five at most, with two things wrong.
    }
    mended.forEach(memory::write64);
  }

  /** Walks; true if an entry was mended, so that there may be more to see. */
  private boolean walkOnce(Access access, Words named, Set<Rule> rules, Map<Long, Long> mended) {
    WalkStep.EntryRead last = null;
    for (WalkStep step : engine.referenceWalk().probe(access).steps()) {
      switch (step) {
        case WalkStep.EntryRead read -> last = read;
        case WalkStep.RightsChecked checked -> rules.addAll(checked.violated());
        case WalkStep.Stopped(Rule rule, long bits) -> {
          if (last == null || mended.isEmpty() || named.indexOf(last.physicalAddress()) >= 0) {
            rules.add(rule);
          }
          return last != null && mend(last, rule, bits, new Mending(named, mended));
        }
        case WalkStep.AddressChecked _, WalkStep.Marked _, WalkStep.Restarted _ -> {}
      }
    }
    return false;
  }

  /** The words that may be mended, and what those were that are. */
  private record Mending(Words named, Map<Long, Long> before) {}

  private boolean mend(WalkStep.EntryRead read, Rule rule, long bits, Mending mending) {
    long at = read.physicalAddress();
    if (mending.named.indexOf(at) < 0) {
      return false;
    }
    mending.before.putIfAbsent(at, read.entry());
    memory.write64(at, rule == Rule.PRESENT ? read.entry() | Entry.P : read.entry() & ~bits);
    return true;
  }

  @Override
  public void close() {
    memory.close();
  }
}
