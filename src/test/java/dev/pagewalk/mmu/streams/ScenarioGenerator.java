package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices;
import dev.pagewalk.arch.ModelChoices.AbsentOneGigabytePages;
import dev.pagewalk.arch.ModelChoices.AccessedOnFault;
import dev.pagewalk.arch.ModelChoices.Bit8;
import dev.pagewalk.arch.ModelChoices.DirtyOnReadOnly;
import dev.pagewalk.arch.ModelChoices.KeyToggle;
import dev.pagewalk.arch.ModelChoices.NonCanonicalStack;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;

/** Draws what a stream starts from: a processor, its registers and a small set of tables. */
final class ScenarioGenerator {
  private static final long UPPER_HALF = Level.ENTRIES / 2;

  /** Streams with neighbouring seeds that share a model: to make an MMU takes time. */
  private static final int STREAMS_PER_MODEL = 8;

  private final long seed;
  private final SplittableRandom random;
  private final Habits habits;
  private final CpuModel model;
  private final boolean plain;
  private final Scenario scenario;

  ScenarioGenerator(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
    SplittableRandom group = new SplittableRandom(~(seed / STREAMS_PER_MODEL));
    this.plain = group.nextInt(3) == 0;
    ModelGenerator models = new ModelGenerator(group);
    boolean published = group.nextInt(12) == 0;
    this.model = plain ? models.plain() : published ? models.published() : models.draw();
    boolean sharing = !plain && random.nextInt(5) == 0;
    Habits drawn = sharing ? Habits.sharing(random) : Habits.draw(random);
    this.habits = plain && random.nextInt(4) != 0 ? drawn.plain() : drawn;
    this.scenario = draw();
  }

  /** What the stream starts from. */
  Scenario scenario() {
    return scenario;
  }

  private Scenario draw() {
    Cpu cpu = cpu();
    boolean la57 = cpu.has(Feature.LA57) && random.nextInt(plain ? 8 : 2) == 0;
    boolean flat = plain || random.nextInt(4) == 0;
    Layout layout = layout(flat ? 0 : cpu.maxPhyAddr(), Level.root(la57));
    long root = layout.tables(Level.root(la57)).getFirst();
    Registers registers = registers(cpu, la57, root);
    List<Op.Store> words = words(layout, cpu.maxPhyAddr());
    return new Scenario(seed, cpu, model, registers, flat, layout, words);
  }

  /** What the stream does how often. */
  Habits habits() {
    return habits;
  }

  private Cpu cpu() {
    Set<Feature> features = EnumSet.allOf(Feature.class);
    if (random.nextBoolean()) {
      features.removeIf(feature -> random.nextInt(5) == 0);
    }
    int maxPhyAddr = random.nextInt(Cpu.MIN_MAXPHYADDR, Cpu.MAX_MAXPHYADDR + 1);
    return new Cpu(maxPhyAddr, features, choices());
  }

  private ModelChoices choices() {
    List<ModelChoices> presets = List.copyOf(ModelPresets.all().values());
    ModelChoices choices = presets.get(random.nextInt(presets.size())).with(KeyToggle.CURRENT);
    if (random.nextInt(4) == 0) {
      choices =
          choices.with(
              pick(AccessedOnFault.values()),
              pick(Bit8.values()),
              pick(DirtyOnReadOnly.values()),
              pick(NonCanonicalStack.values()),
              pick(AbsentOneGigabytePages.values()),
              pick(ModelChoices.LargePages.values()));
    }
    return choices;
  }

  /** A layout with one table in the region at the top, if there is one. */
  private Layout layout(int maxPhyAddr, Level root) {
    List<Long> frames = new ArrayList<>();
    for (long frame = 0x1000; frame != Layout.LOW_BYTES; frame += Level.TABLE_BYTES) {
      frames.add(frame);
    }
    Collections.shuffle(frames, new Random(random.nextLong()));
    if (maxPhyAddr != 0) {
      frames.add(4, Layout.top(maxPhyAddr) + 0x1000);
    }
    Map<Level, List<Long>> tables = new EnumMap<>(Level.class);
    for (Level level : Level.values()) {
      int count = level.compareTo(root) < 0 ? 0 : random.nextInt(2, 4);
      List<Long> own = frames.subList(0, count);
      tables.put(level, List.copyOf(own));
      own.clear();
    }
    Set<Integer> hot = new TreeSet<>(List.of(0, Level.ENTRIES - 1));
    List<Integer> others = List.of(1, 2, 255, 256, 510, random.nextInt(Level.ENTRIES));
    while (hot.size() < 6) {
      hot.add(others.get(random.nextInt(others.size())));
    }
    return new Layout(tables, hot.stream().mapToInt(Integer::intValue).toArray());
  }

  private Registers registers(Cpu cpu, boolean la57, long root) {
    long cr4 = Cr4.PAE | (la57 ? Cr4.LA57 : 0);
    cr4 |= some(cpu, Feature.PGE, Cr4.PGE) | some(cpu, Feature.PCID, Cr4.PCIDE);
    cr4 |= some(cpu, Feature.SMEP, Cr4.SMEP) | some(cpu, Feature.SMAP, Cr4.SMAP);
    cr4 |= some(cpu, Feature.PKU, Cr4.PKE) | some(cpu, Feature.PKS, Cr4.PKS);
    cr4 |= some(cpu, Feature.LAM, Cr4.LAM_SUP) | some(cpu, Feature.CET, Cr4.CET);
    boolean wp = (cr4 & Cr4.CET) != 0 || random.nextBoolean();
    long cr0 = Cr0.PG | Cr0.ET | Cr0.PE | (wp ? Cr0.WP : 0);
    long efer =
        Efer.LME | Efer.LMA | (cpu.has(Feature.NX) && random.nextInt(8) != 0 ? Efer.NXE : 0);
    int pkru = MoveGenerator.keyRegister(random);
    int pkrs = cpu.has(Feature.PKS) ? MoveGenerator.keyRegister(random) : 0;
    return new Registers(cr0, root, cr4, efer, pkru, pkrs);
  }

  private long some(Cpu cpu, Feature feature, long bit) {
    boolean needed = habits.isSharing() && (bit == Cr4.PGE || bit == Cr4.PCIDE);
    return cpu.has(feature) && (needed || random.nextInt(3) != 0) ? bit : 0;
  }

  /** The first words: entries of the upper half of each root are the same, and accessed. */
  private List<Op.Store> words(Layout layout, int maxPhyAddr) {
    EntryGenerator entries = new EntryGenerator(layout, maxPhyAddr, habits, random);
    Map<Integer, Long> shared = new HashMap<>();
    List<Op.Store> words = new ArrayList<>();
    for (int i = 0; i < layout.words(); i++) {
      long pa = layout.word(i);
      Level level = layout.level(pa);
      int index = (int) (pa >>> 3) & (Level.ENTRIES - 1);
      long drawn = entries.draw(pa);
      boolean isShared = level == layout.rootLevel() && index >= UPPER_HALF;
      long entry =
          isShared ? shared.computeIfAbsent(index, key -> drawn | Entry.A | Entry.D) : drawn;
      if (entry != 0) {
        words.add(new Op.Store(pa, entry));
      }
    }
    return words;
  }

  private <T> T pick(T[] values) {
    return values[random.nextInt(values.length)];
  }
}
