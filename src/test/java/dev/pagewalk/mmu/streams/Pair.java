package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * The machine under test beside the reference, each over a memory of its own.
 *
 * <p>An operation is performed on both; then their answers, registers and named words are compared.
 */
final class Pair {
  private final Scenario scenario;
  private final PhysicalMemory memory;
  private final PhysicalMemory referenceMemory;
  private final Subject subject;
  private final SpecSubject reference;
  private final long[] before;
  private final Map<Class<? extends Op>, Long> performed = new HashMap<>();
  private Registers registersBefore;
  private Outcome expected;
  private Outcome actual;

  Pair(Scenario scenario, Subject.Maker maker, Memories memories) {
    this.scenario = scenario;
    this.memory = memories.subject(scenario);
    this.referenceMemory = memories.reference(scenario);
    this.subject = maker.make(scenario, memory);
    this.reference = new SpecSubject(scenario, referenceMemory);
    this.before = new long[scenario.layout().words()];
  }

  /** Performs {@code op} on both machines; false if they differ afterwards. */
  boolean perform(Op op) {
    performed.merge(op.getClass(), 1L, Long::sum);
    registersBefore = reference.registers();
    if (op instanceof Op.Store store) {
      memory.write64(store.pa(), store.value());
      referenceMemory.write64(store.pa(), store.value());
      expected = new Outcome.Done();
      actual = expected;
      return true;
    }
    boolean touch = op instanceof Op.Touch;
    for (int i = 0; touch && i < before.length; i++) {
      before[i] = referenceMemory.read64(scenario.layout().word(i));
    }
    expected = reference.perform(op);
    actual = subject.perform(op);
    return actual.equals(expected)
        && (touch ? wordsAgree() : subject.registers().equals(reference.registers()));
  }

  /** Whether the named words of both memories are the same. */
  boolean wordsAgree() {
    Layout layout = scenario.layout();
    for (int i = 0; i < before.length; i++) {
      if (memory.read64(layout.word(i)) != referenceMemory.read64(layout.word(i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether all words of all tables are the same in both memories. */
  boolean tablesAgree() {
    for (long frame : scenario.layout().frames()) {
      for (int offset = 0; offset < PhysicalMemory.FRAME_BYTES; offset += Long.BYTES) {
        if (memory.read64(frame + offset) != referenceMemory.read64(frame + offset)) {
          return false;
        }
      }
    }
    return true;
  }

  /** Makes the reference's named words those of the machine under test. */
  void adoptWords() {
    Layout layout = scenario.layout();
    for (int i = 0; i < before.length; i++) {
      long value = memory.read64(layout.word(i));
      if (referenceMemory.read64(layout.word(i)) != value) {
        referenceMemory.write64(layout.word(i), value);
      }
    }
  }

  /** The words that the last access has changed in the subject's memory: address to bits set. */
  Map<Long, Long> marks() {
    return changes(memory);
  }

  /** The words that the last access has changed in the reference's memory. */
  Map<Long, Long> expectedMarks() {
    return changes(referenceMemory);
  }

  private Map<Long, Long> changes(PhysicalMemory machine) {
    Map<Long, Long> changes = new TreeMap<>();
    for (int i = 0; i < before.length; i++) {
      long pa = scenario.layout().word(i);
      long value = machine.read64(pa);
      if (value != before[i]) {
        changes.put(pa, value ^ before[i]);
      }
    }
    return changes;
  }

  /** How many operations of each kind have been performed. */
  Map<Class<? extends Op>, Long> performed() {
    return performed;
  }

  /** What the reference answered to the last operation. */
  Outcome expected() {
    return expected;
  }

  /** What the machine under test answered. */
  Outcome actual() {
    return actual;
  }

  Subject subject() {
    return subject;
  }

  SpecSubject reference() {
    return reference;
  }

  Scenario scenario() {
    return scenario;
  }

  /** The reference's registers. */
  Registers registers() {
    return reference.registers();
  }

  /** The reference's registers before the last operation. */
  Registers registersBefore() {
    return registersBefore;
  }

  /** The reference's memory; between operations the subject's is the same. */
  PhysicalMemory memory() {
    return referenceMemory;
  }

  /** How the machines differ after {@code op}, for a person. */
  String difference(Op op) {
    return "%s%n  registers %s%n  expected  %s, words %s%n  got       %s, words %s%n%s"
        .formatted(
            op,
            reference.registers(),
            expected,
            describe(expectedMarks()),
            actual,
            describe(marks()),
            op instanceof Op.Touch ? reference.explanation() : "");
  }

  private static String describe(Map<Long, Long> marks) {
    StringBuilder text = new StringBuilder();
    marks.forEach(
        (pa, bits) -> text.append(" [").append(Hex.of(pa)).append("] ^").append(Hex.of(bits)));
    return text.isEmpty() ? "unchanged" : text.toString();
  }
}
