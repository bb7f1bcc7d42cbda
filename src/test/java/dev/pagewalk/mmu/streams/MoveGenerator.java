package dev.pagewalk.mmu.streams;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Outcome;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Draws the moves of a stream, one after another, as the tables and registers then are. */
final class MoveGenerator {
  private static final int[] PCIDS = {0, 1, 5, 0xfff};
  private static final long[] CR4_BITS = {
    Cr4.SMEP, Cr4.SMAP, Cr4.PKE, Cr4.PKS, Cr4.CET, Cr4.LAM_SUP, Cr4.PCIDE, Cr4.PGE, Cr4.UMIP,
  };

  /**
   * Where accesses go again and again.
   *
   * @param mapped whether it was mapped when it was chosen
   * @param user whether it was a user-mode address then
   */
  private record Place(long address, boolean mapped, boolean user) {}

  private final Scenario scenario;
  private final Layout layout;
  private final Habits habits;
  private final SplittableRandom random;
  private final EntryGenerator entries;
  private final Place[] places;
  private TableReader tables;
  private Registers now;

  /** The place of the last access or edit; it is given up if an access to it faults. */
  private int lastPlace;

  MoveGenerator(Scenario scenario, Habits habits) {
    this.scenario = scenario;
    this.layout = scenario.layout();
    this.habits = habits;
    this.random = new SplittableRandom(~scenario.seed());
    this.entries = new EntryGenerator(layout, scenario.cpu().maxPhyAddr(), habits, random);
    this.places = new Place[habits.places()];
    Arrays.fill(places, new Place(0, false, false));
  }

  /** The next move after those that {@code pair} has performed. */
  Move next(Pair pair) {
    if (!pair.registers().equals(now)) {
      now = pair.registers();
      tables = new TableReader(scenario, pair.memory(), now);
    }
    if (pair.expected() instanceof Outcome.Fault && chance(70)) {
      places[lastPlace] = mapped();
    }
    int kind = random.nextInt(1000) - habits.edits();
    if (kind < 0) {
      return edit();
    }
    kind -= habits.switches();
    if (kind < 0) {
      return change();
    }
    kind -= habits.invalidations();
    if (kind < 0) {
      return new Move.Plain(invalidation());
    }
    kind -= habits.registers();
    return new Move.Plain(kind < 0 ? registerWrite() : new Op.Touch(access()));
  }

  /** A value for PKRU or PKRS: a few keys are restricted. */
  static int keyRegister(SplittableRandom random) {
    int restricted = 0;
    for (int key = random.nextInt(4) == 0 ? 0 : 1; key < ProtectionKeys.KEYS; key++) {
      int bits = random.nextInt(8);
      restricted |= bits < 4 ? bits << (2 * key) : 0;
    }
    return restricted;
  }

  private Access access() {
    long address = address();
    AccessKind kind =
        switch (random.nextInt(40)) {
          case 0, 1, 2, 3, 4, 5, 6, 7 -> AccessKind.FETCH;
          case 8 -> shadowStack(AccessKind.SHADOW_STACK_READ);
          case 9 -> shadowStack(AccessKind.SHADOW_STACK_WRITE);
          case 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23 -> AccessKind.WRITE;
          default -> AccessKind.READ;
        };
    boolean user = places[lastPlace].user ^ chance(12);
    Mode mode = user ? Mode.USER : chance(20) ? Mode.IMPLICIT_SUPERVISOR : Mode.SUPERVISOR;
    return new Access(address, kind, mode, random.nextBoolean(), random.nextInt(8) == 0);
  }

  /** {@code kind} if there are shadow stacks, else an ordinary write. */
  private AccessKind shadowStack(AccessKind kind) {
    boolean enabled = (now.cr4() & Cr4.CET) != 0 && scenario.cpu().has(Feature.CET_SS);
    return enabled ? kind : AccessKind.WRITE;
  }

  private long address() {
    lastPlace = chance(40) ? lastPlace : random.nextInt(places.length);
    if (!chance(habits.locality())) {
      places[lastPlace] = mapped();
    }
    long address = places[lastPlace].address;
    if (chance(20)) {
      address ^= random.nextLong() & (chance(80) ? 0xfff : 0x1f_ffff);
    }
    return switch (random.nextInt(50)) {
      case 0 -> address ^ Long.MIN_VALUE >>> random.nextInt(18);
      case 1 -> tagged(address, 48);
      case 2, 3 -> tagged(address, 57);
      default -> address;
    };
  }

  /** A pointer with data in bits 62 to {@code low}, as under linear-address masking. */
  private long tagged(long address, int low) {
    boolean masks =
        (now.cr3() & (Cr3.LAM_U48 | Cr3.LAM_U57)) != 0 || (now.cr4() & Cr4.LAM_SUP) != 0;
    return masks || chance(10)
        ? address ^ (random.nextLong() & Long.MAX_VALUE & -(1L << low))
        : address;
  }

  /** A place that is mapped, if a few tries find one. */
  private Place mapped() {
    Place place = somewhere();
    for (int tries = 0; tries < 5 && !place.mapped; tries++) {
      place = somewhere();
    }
    return place;
  }

  private Place somewhere() {
    long address = random.nextInt(Level.TABLE_BYTES);
    long table = now.root();
    long rights = Entry.US;
    for (Level level = layout.rootLevel(); ; level = level.next()) {
      int index = layout.index(random.nextInt(layout.indices()));
      for (int tries = 0; tries < 6 && !isUsable(table, index, level); tries++) {
        index = layout.index(random.nextInt(layout.indices()));
      }
      if (random.nextInt(100) == 0) {
        index = random.nextInt(Level.ENTRIES);
      }
      address |= (long) index << level.shift();
      long entry = tables.entry(table, index);
      rights &= entry;
      if (TableReader.isLeaf(entry, level) || !tables.isUsable(entry, level)) {
        address |= random.nextLong() & (level.span() - 1);
        boolean mapped = tables.isUsable(entry, level);
        return new Place(tables.canonical(address), mapped, rights != 0);
      }
      table = Entry.table(entry);
    }
  }

  private boolean isUsable(long table, int index, Level level) {
    return layout.isTable(table) && tables.isUsable(tables.entry(table, index), level);
  }

  private Move edit() {
    List<Op.Store> stores = new ArrayList<>();
    int count = chance(15) ? random.nextInt(2, 4) : 1;
    for (int i = 0; i < count; i++) {
      long pa = chance(60) ? wordInUse() : layout.word(random.nextInt(layout.words()));
      if (layout.level(pa) == layout.rootLevel() && entries.isKernel(pa) && chance(95)) {
        // The kernel's part of every root table, as operating systems keep it.
        long value = value(pa) | Entry.A | Entry.D;
        long offset = pa & (Level.TABLE_BYTES - 1);
        layout
            .tables(layout.rootLevel())
            .forEach(root -> stores.add(new Op.Store(root | offset, value)));
      } else {
        stores.add(new Op.Store(pa, value(pa)));
      }
    }
    return new Move.Edit(stores, random.nextInt());
  }

  /** An entry on the way to an address that was used lately, and may well be used next. */
  private long wordInUse() {
    lastPlace = random.nextInt(places.length);
    long address = places[lastPlace].address;
    long word = layout.word(random.nextInt(layout.words()));
    long table = now.root();
    Level level = Level.root(now.la57());
    int depth = random.nextInt(1, 6);
    for (int i = 0; i < depth && layout.isTable(table); i++) {
      if (layout.wordAt(table + 8L * level.index(address)) >= 0) {
        word = table + 8L * level.index(address);
      }
      if (level == Level.PT) {
        break;
      }
      table = Entry.table(tables.entry(table, level.index(address)));
      level = level.next();
    }
    return word;
  }

  private long value(long pa) {
    long old = tables.entry(pa, 0);
    boolean usable = tables.isUsable(old, layout.level(pa));
    return chance(usable ? 65 : 10) ? entries.flip(pa, old) : entries.draw(pa);
  }

  private Move change() {
    List<Long> roots = layout.tables(layout.rootLevel());
    int which = random.nextInt(PCIDS.length);
    long root = roots.get((chance(85) ? which : random.nextInt(8)) % roots.size());
    if (habits.chaos() > 0 && chance(5)) {
      root = layout.frames().get(random.nextInt(layout.frames().size()));
    }
    long low = chance(25) ? random.nextInt(Level.TABLE_BYTES) : 0;
    long cr3 = root | (now.pcide() ? PCIDS[which] : low);
    if (scenario.cpu().has(Feature.LAM) && chance(40)) {
      cr3 |= random.nextLong() & (Cr3.LAM_U48 | Cr3.LAM_U57);
    }
    if (chance(2)) {
      // Mostly refused.
      return new Move.Switch(now.cr3() | 1L << random.nextInt(36, 63), false, random.nextInt());
    }
    return new Move.Switch(cr3, chance(60), random.nextInt());
  }

  private Op invalidation() {
    long address = places[random.nextInt(places.length)].address ^ (random.nextLong() & 0xfff);
    if (chance(5)) {
      address = random.nextLong();
    }
    if (chance(50)) {
      return new Op.Invlpg(address);
    }
    if (chance(10)) {
      return new Op.MovCr3(now.cr3());
    }
    int type = chance(3) ? 4 : chance(15) ? 2 : new int[] {0, 0, 0, 1, 1, 3}[random.nextInt(6)];
    int pcid = chance(5) ? random.nextInt(0x2000) : PCIDS[random.nextInt(PCIDS.length)];
    return Op.invpcid(type, now.pcide() || chance(10) ? pcid : 0, address);
  }

  private Op registerWrite() {
    return switch (random.nextInt(8)) {
      case 0 -> new Op.MovCr0(now.cr0() ^ (chance(90) ? Cr0.WP : 1L << random.nextInt(64)));
      case 1, 2 -> new Op.Wrpkru(keyRegister(random) & 0xffff_ffffL);
      case 3 -> new Op.Wrmsr(ProtectionKeys.PKRS_MSR, keyRegister(random) & 0xffff_ffffL);
      case 4 -> efer();
      default -> cr4();
    };
  }

  private Op efer() {
    if (chance(70)) {
      return new Op.Wrmsr(Efer.MSR, now.efer() ^ (chance(30) ? Efer.SCE : Efer.NXE));
    }
    long value = random.nextInt(1 << 16);
    return new Op.Wrmsr(chance(50) ? Efer.MSR : ProtectionKeys.PKRS_MSR, now.efer() ^ value);
  }

  private Op cr4() {
    long bit = chance(15) ? Cr4.PCIDE : CR4_BITS[random.nextInt(CR4_BITS.length)];
    if (chance(4)) {
      bit = 1L << random.nextInt(64);
    }
    return new Op.MovCr4(now.cr4() ^ bit);
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
