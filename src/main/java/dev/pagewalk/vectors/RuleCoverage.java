package dev.pagewalk.vectors;

import dev.pagewalk.spec.Rule;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Which rules, and which pairs of rules that can stand in the way of one access, vectors have
 * shown.
 */
final class RuleCoverage implements AutoCloseable {
  private final RulesInTheWay rulesInTheWay = new RulesInTheWay();
  private final List<RulesInTheWay.Rules> all = new ArrayList<>();
  private final int rules;
  private final BitSet seen = new BitSet();

  /** Of what there is in {@code space} of such accesses: ordinary ones, or those of extensions. */
  RuleCoverage(RightsSpace space, Collection<Optional<Extension>> kinds) {
    for (Optional<Extension> kind : kinds) {
      space.rules(kind).forEach(rule -> all.add(new RulesInTheWay.Rules(kind, EnumSet.of(rule))));
    }
    rules = all.size();
    for (Optional<Extension> kind : kinds) {
      space.pairs(kind).forEach(pair -> all.add(new RulesInTheWay.Rules(kind, pair)));
    }
  }

  /** How many rules and pairs there are. */
  int size() {
    return all.size();
  }

  /** Takes a vector into account; the indices of the rules and pairs that it shows. */
  BitSet add(WalkVector vector) {
    BitSet shown = new BitSet();
    for (RulesInTheWay.Rules inTheWay : rulesInTheWay.of(vector)) {
      for (int i = 0; i < all.size(); i++) {
        RulesInTheWay.Rules wanted = all.get(i);
        if (inTheWay.extension().equals(wanted.extension())
            && inTheWay.rules().containsAll(wanted.rules())) {
          shown.set(i);
        }
      }
    }
    seen.or(shown);
    return shown;
  }

  /** The first rule that stands in the way of the last access that one does; null if none does. */
  Rule first(BitSet shown) {
    int at = shown.nextSetBit(0);
    return at < 0 || at >= rules ? null : all.get(at).rules().iterator().next();
  }

  /** How many rules there are. */
  int rules() {
    return rules;
  }

  /** How many pairs of rules there are. */
  int pairs() {
    return all.size() - rules;
  }

  /** How many rules were shown. */
  int rulesSeen() {
    return seen.get(0, rules).cardinality();
  }

  /** How many pairs of rules were shown. */
  int pairsSeen() {
    return seen.get(rules, all.size()).cardinality();
  }

  /** The rules and pairs that were not shown, in words. */
  List<String> missing() {
    List<String> missing = new ArrayList<>();
    for (int i = seen.nextClearBit(0); i < all.size(); i = seen.nextClearBit(i + 1)) {
      missing.add(name(all.get(i)));
    }
    return missing;
  }

  private static String name(RulesInTheWay.Rules which) {
    String rules =
        String.join(
            " with ",
            which.rules().stream()
                .map(rule -> rule.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toList());
    return which.extension().map(extension -> rules + ", " + extension.id()).orElse(rules);
  }

  @Override
  public void close() {
    rulesInTheWay.close();
  }
}
