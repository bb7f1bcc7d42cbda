package dev.pagewalk.mmu;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Hex;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.LinearAddress;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;

/**
 * One stream performed on two machines, which must give the same answers and leave the same words.
 *
 * <p>A difference is searched again with a look at everything after each step, and then with as few
 * steps as show it.
 */
final class TwinRun {
  private static final long MEMORY_BYTES = 1L << 30;
  private static final Pattern NUMBER = Pattern.compile("(?<==)-?\\d+");

  /**
   * Everything that a stream depends on but its seed.
   *
   * @param root where walks begin
   * @param flat whether memory is in one piece, in which some models have a short walk
   */
  record Plan(
      CpuModel model,
      Cpu cpu,
      Level root,
      TwinTables.Size size,
      TwinStream.Habits habits,
      int steps,
      boolean flat) {
    /** Over flat memory, streams begin with PCIDs on: pages of several share a hint. */
    Registers firstRegisters(long rootTable) {
      Registers registers = Registers.longMode(rootTable);
      long la57 = root == Level.PML5 ? Cr4.LA57 : 0;
      long pcide = flat && cpu.has(Feature.PCID) ? Cr4.PCIDE : 0;
      return registers.withCr4(registers.cr4() | la57 | pcide);
    }

    PhysicalMemory newMemory() {
      return flat
          ? PhysicalMemory.builder().ram(0, MEMORY_BYTES).flat().build()
          : PhysicalMemory.ofSize(MEMORY_BYTES);
    }
  }

  private final Plan plan;
  private final long seed;
  private final TwinKind left;
  private final TwinKind right;
  private final List<TwinStep> steps = new ArrayList<>();

  TwinRun(Plan plan, long seed, TwinKind left, TwinKind right) {
    this.plan = plan;
    this.seed = seed;
    this.left = left;
    this.right = right;
  }

  /** Two machines at the start of the stream. */
  private final class Pair implements AutoCloseable {
    final TwinTables tables =
        new TwinTables(new Random(seed), plan.cpu(), plan.root(), plan.size());
    final PhysicalMemory leftMemory = leftMemory();
    final PhysicalMemory rightMemory = plan.newMemory();
    final TwinSide one;
    final TwinSide other;

    Pair() {
      tables.writeTo(leftMemory);
      tables.writeTo(rightMemory);
      Registers registers = plan.firstRegisters(tables.roots.getFirst());
      one = left.make(plan.model(), plan.cpu(), leftMemory, registers);
      other = right.make(plan.model(), plan.cpu(), rightMemory, registers);
    }

    @Override
    public void close() {
      leftMemory.close();
      rightMemory.close();
    }
  }

  /** Flat for every other seed, so that the MMU under test walks there by its short path too. */
  private PhysicalMemory leftMemory() {
    return seed % 2 == 0
        ? plan.newMemory()
        : PhysicalMemory.builder().ram(0, MEMORY_BYTES).flat().build();
  }

  /** Performs the stream; the first difference in words, or nothing. */
  Optional<String> run() {
    try (Pair pair = new Pair()) {
      TwinStream stream =
          new TwinStream(new Random(~seed), pair.tables, pair.leftMemory, plan.habits());
      for (int i = 0; i < plan.steps(); i++) {
        TwinStep step = stream.next(pair.one.registers());
        steps.add(step);
        boolean counters = i % 8 == 0 || i == plan.steps() - 1;
        boolean everything = i % 256 == 255 || i == plan.steps() - 1;
        Optional<String> difference = difference(pair, step, counters, everything);
        if (difference.isPresent()) {
          return Optional.of(explain());
        }
      }
      return wordsDiffer(pair) ? Optional.of(explain()) : Optional.empty();
    }
  }

  private Optional<String> difference(
      Pair pair, TwinStep step, boolean counters, boolean everything) {
    Object one = pair.one.perform(step);
    Object other = pair.other.perform(step);
    if (!one.equals(other)) {
      return TwinDifference.of("answers", one, other);
    }
    if (!pair.one.registers().equals(pair.other.registers())) {
      return TwinDifference.of("registers", pair.one.registers(), pair.other.registers());
    }
    if (step instanceof TwinStep.Touch touch) {
      Optional<String> words = pathDiffers(pair, touch.access().linearAddress());
      if (words.isPresent()) {
        return words;
      }
    }
    boolean bothMmus = pair.one instanceof TwinSide.OfMmu && pair.other instanceof TwinSide.OfMmu;
    return bothMmus ? structuresDiffer(pair, counters, everything) : Optional.empty();
  }

  private Optional<String> structuresDiffer(Pair pair, boolean counters, boolean everything) {
    AnyMmu one = ((TwinSide.OfMmu) pair.one).mmu();
    AnyMmu other = ((TwinSide.OfMmu) pair.other).mmu();
    if (counters) {
      MmuCounters first = one.counters();
      MmuCounters second = other.counters();
      if (!first.equals(second)) {
        return TwinDifference.of(first, second);
      }
    }
    if (everything) {
      MmuSnapshot first = one.snapshot();
      MmuSnapshot second = other.snapshot();
      boolean same = first.equals(second) && inOneOrder(first.tlbs(), second.tlbs());
      if (!same || !inOneOrder(first.pagingStructureCaches(), second.pagingStructureCaches())) {
        return TwinDifference.of(first, second).or(() -> Optional.of("orders differ"));
      }
    }
    return Optional.empty();
  }

  private static boolean inOneOrder(Map<?, ?> one, Map<?, ?> other) {
    return List.copyOf(one.keySet()).equals(List.copyOf(other.keySet()));
  }

  /** Compares the entries that the walk to {@code pointer} reads. */
  private Optional<String> pathDiffers(Pair pair, long pointer) {
    Registers registers = pair.one.registers();
    long address = LinearAddress.signExtend(pointer, registers.linearWidth());
    long table = registers.root();
    for (Level level = plan.root(); ; level = level.next()) {
      long at = table + 8L * level.index(address);
      long one = pair.leftMemory.read64(at);
      long other = pair.rightMemory.read64(at);
      if (one != other) {
        return Optional.of("[0x%x] is 0x%x or 0x%x".formatted(at, one, other));
      }
      boolean last = level == Level.PT || Entry.has(one, Entry.PS);
      if (last || !Entry.has(one, Entry.P)) {
        return Optional.empty();
      }
      table = Entry.table(one);
    }
  }

  private static boolean wordsDiffer(Pair pair) {
    for (long at = pair.tables.firstTable(); at < pair.tables.endOfTables(); at += 8) {
      if (pair.leftMemory.read64(at) != pair.rightMemory.read64(at)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The shortest list of steps that still differs, with what differs in the end; the seed alone
   * where nobody reads it, in the profile {@code mutation}.
   */
  private String explain() {
    if (TestSize.get() == TestSize.MUTATION) {
      return "seed " + seed;
    }
    List<TwinStep> shortest = new ArrayList<>(steps);
    String difference = replay(shortest);
    if (difference == null) {
      return "seed " + seed + ": words of tables differ in the end\n" + plan;
    }
    int chunk = Math.max(1, shortest.size() / 2);
    while (chunk >= 1) {
      for (int end = shortest.size(); end >= chunk; end = Math.min(end - chunk, shortest.size())) {
        List<TwinStep> fewer = new ArrayList<>(shortest);
        fewer.subList(end - chunk, end).removeIf(this::isRemovable);
        String still = replay(fewer);
        if (still != null && fewer.size() < shortest.size()) {
          shortest = fewer;
          difference = still;
        }
      }
      chunk /= 2;
    }
    StringBuilder text = new StringBuilder("seed " + seed + ", " + plan + "\n");
    shortest.forEach(step -> text.append("  ").append(inHexadecimal(step)).append('\n'));
    return text.append(difference).toString();
  }

  private static String inHexadecimal(TwinStep step) {
    return NUMBER.matcher(step.toString()).replaceAll(n -> Hex.of(Long.parseLong(n.group())));
  }

  /** Whether the stream without {@code step} still invalidates as it must. */
  private boolean isRemovable(TwinStep step) {
    boolean needed = left == TwinKind.REFERENCE || right == TwinKind.REFERENCE;
    return !needed || step instanceof TwinStep.Touch;
  }

  /** Performs {@code some} steps from the start; what differs first, or {@code null}. */
  private String replay(List<TwinStep> some) {
    try (Pair pair = new Pair()) {
      for (int i = 0; i < some.size(); i++) {
        Optional<String> difference = difference(pair, some.get(i), true, true);
        if (difference.isPresent()) {
          some.subList(i + 1, some.size()).clear();
          return difference.get();
        }
      }
      return null;
    }
  }
}
