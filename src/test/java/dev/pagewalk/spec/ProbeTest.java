package dev.pagewalk.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.pagewalk.TestSize;
import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A probe changes nothing and predicts what the access then does. */
class ProbeTest {
  /** Tables that reference each other and themselves at random, each of a few entries. */
  private static final int TABLES = 6;

  private static final int ENTRIES = 8;
  private static final long BASE = 0x10_0000;

  private final PhysicalMemory memory = PhysicalMemory.ofSize(1L << 40);
  private int reached;
  private int faults;
  private int marked;

  @ParameterizedTest
  @ValueSource(strings = {"sdm", "intel", "amd", "bochs-2.7", "qemu-7.2"})
  void aProbePredictsTheAccessOnRandomTables(String preset) {
    SplittableRandom random = new SplittableRandom(0x9a6e_0001);
    Cpu cpu = Cpu.withEverything(40, ModelPresets.of(preset).orElseThrow());
    int rounds = TestSize.pick(20_000, 1_000_000);
    for (int i = 0; i < rounds; i++) {
      if (i % 8 == 0) {
        fill(random);
      }
      check(i, new ReferenceWalk(memory, cpu, registers(random)), access(random));
    }
    memory.close();
    // The tables are of use only if walks end in every way.
    assertTrue(reached > rounds / 20, reached + " accesses reached a page");
    assertTrue(faults > rounds / 20, faults + " page faults");
    assertTrue(marked > rounds / 20, marked + " accesses changed a table");
  }

  private void check(int round, ReferenceWalk walk, Access access) {
    long[] before = words();
    WalkResult probe = walk.probe(access);
    String what = "round " + round + ", " + access;
    assertEquals(Arrays.toString(before), Arrays.toString(words()), what);
    WalkResult result = walk.access(access);
    assertEquals(probe.outcome(), result.outcome(), what);
    long[] after = words();
    assertEquals(Arrays.toString(afterMarks(before, probe)), Arrays.toString(after), what);
    reached += result.reached() ? 1 : 0;
    faults += result.reached() ? 0 : 1;
    marked += Arrays.equals(before, after) ? 0 : 1;
  }

  /** The words with the updates that {@code result} tells of. */
  private static long[] afterMarks(long[] words, WalkResult result) {
    long[] after = words.clone();
    for (WalkStep step : result.steps()) {
      if (step instanceof WalkStep.Marked(long address, long from, long to)) {
        int i = indexOf(address);
        assertEquals(after[i], from);
        after[i] = to;
      }
    }
    return after;
  }

  private static int indexOf(long address) {
    long table = (address - BASE) >>> 12;
    return (int) (table * ENTRIES + (address & 0xfff) / 8);
  }

  private long[] words() {
    long[] words = new long[TABLES * ENTRIES];
    for (int i = 0; i < words.length; i++) {
      words[i] = memory.read64(addressOf(i));
    }
    return words;
  }

  private static long addressOf(int word) {
    return BASE + (long) (word / ENTRIES) * 4096 + word % ENTRIES * 8L;
  }

  private void fill(SplittableRandom random) {
    for (int i = 0; i < TABLES * ENTRIES; i++) {
      long entry = BASE + random.nextInt(TABLES) * 4096L;
      entry |= random.nextInt(12) == 0 ? 0 : Entry.P;
      entry |= random.nextInt(4) == 0 ? 0 : Entry.RW;
      entry |= random.nextInt(4) == 0 ? 0 : Entry.US;
      entry |= random.nextInt(8) == 0 ? Entry.XD : 0;
      entry |= random.nextInt(2) == 0 ? Entry.A : 0;
      entry |= random.nextInt(2) == 0 ? Entry.D : 0;
      entry |= random.nextInt(24) == 0 ? 1L << 45 : 0;
      entry |= random.nextInt(24) == 0 ? Entry.G : 0;
      entry |= random.nextInt(4) == 0 ? (long) random.nextInt(16) << Entry.KEY_SHIFT : 0;
      if (random.nextInt(12) == 0) {
        // A page of any size: without low address bits.
        entry = (entry & ~Entry.ADDRESS) | Entry.PS | 0x40_0000_0000L;
      }
      memory.write64(addressOf(i), entry);
    }
  }

  private static Registers registers(SplittableRandom random) {
    long cr0 = Cr0.PG | Cr0.ET | Cr0.PE | (random.nextInt(3) == 0 ? 0 : Cr0.WP);
    long cr4 =
        Cr4.PAE
            | (random.nextLong()
                & (Cr4.LA57 | Cr4.SMEP | Cr4.SMAP | Cr4.PKE | Cr4.PKS | Cr4.LAM_SUP));
    long efer = Efer.LME | Efer.LMA | (random.nextInt(4) == 0 ? 0 : Efer.NXE);
    int some = random.nextInt();
    int keys = some & (some >>> 7) & (some << 5);
    return new Registers(cr0, BASE, cr4, efer, keys, keys >>> 3);
  }

  private static Access access(SplittableRandom random) {
    long va = random.nextInt(4096);
    for (int shift = 12; shift <= 48; shift += 9) {
      va |= (long) random.nextInt(ENTRIES) << shift;
    }
    va &= random.nextInt(3) == 0 ? -1L : 0x7fff_ffff_ffffL;
    AccessKind kind = AccessKind.values()[random.nextInt(AccessKind.values().length)];
    Mode mode = Mode.values()[random.nextInt(Mode.values().length)];
    return new Access(va, kind, mode, random.nextBoolean(), random.nextInt(8) == 0);
  }
}
