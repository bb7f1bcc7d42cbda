package dev.pagewalk.mmu;

import dev.pagewalk.arch.Access;
import dev.pagewalk.arch.AccessKind;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.Cr0;
import dev.pagewalk.arch.Cr3;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Efer;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Feature;
import dev.pagewalk.arch.InvpcidOperand;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.Mode;
import dev.pagewalk.arch.Pat;
import dev.pagewalk.arch.ProtectionKeys;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.mmu.TwinTables.Page;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Random steps of software that invalidates as it must, or, if told so, forgets to.
 *
 * <p>After an edit of a table everything is invalidated; after one of a page of the lower half
 * INVLPG may do.
 */
final class TwinStream {
  private static final long[] CR4_BITS = {
    Cr4.PGE,
    Cr4.PCIDE,
    Cr4.PCIDE,
    Cr4.SMEP,
    Cr4.SMAP,
    Cr4.PKE,
    Cr4.PKS,
    Cr4.CET,
    Cr4.LAM_SUP,
    Cr4.LA57,
    Cr4.OSFXSR
  };

  /**
   * What kind of stream it is.
   *
   * @param calm accesses for each register write, invalidation or edit
   * @param window how many pages most accesses go to
   * @param shadowStacks whether there are shadow-stack accesses
   * @param forgetful whether invalidations are left out
   */
  record Habits(int calm, int window, boolean shadowStacks, boolean forgetful) {}

  private final RandomGenerator random;
  private final Cpu cpu;
  private final TwinTables tables;
  private final Habits habits;
  private final PhysicalMemory memory;
  private final Deque<TwinStep> planned = new ArrayDeque<>();

  /** The root whose translations may be cached under a PCID. */
  private final Map<Integer, Long> rootOfPcid = new HashMap<>();

  private int windowStart;

  /** Steps over {@code tables}, which are read in {@code memory} as they have become. */
  TwinStream(RandomGenerator random, TwinTables tables, PhysicalMemory memory, Habits habits) {
    this.random = random;
    this.cpu = tables.cpu();
    this.tables = tables;
    this.memory = memory;
    this.habits = habits;
  }

  /** The next step, {@code now} being the registers. */
  TwinStep next(Registers now) {
    rootOfPcid.put(now.pcide() ? (int) (now.cr3() & Cr3.PCID) : 0, now.root());
    if (!planned.isEmpty()) {
      return planned.poll();
    }
    if (random.nextInt(habits.calm()) != 0) {
      return new TwinStep.Touch(access(now));
    }
    return switch (random.nextInt(20)) {
      case 0, 1, 2, 3, 4 -> new TwinStep.MovCr3(cr3(now));
      case 5 -> new TwinStep.MovCr4(now.cr4() ^ CR4_BITS[random.nextInt(CR4_BITS.length)]);
      case 6 -> new TwinStep.MovCr4(now.cr4() ^ CR4_BITS[random.nextInt(3)]);
      case 7 -> new TwinStep.MovCr0(cr0(now));
      case 8, 9 -> new TwinStep.Wrpkru(keys());
      case 10 -> wrmsr(now);
      case 11, 12, 13 -> new TwinStep.Invlpg(address(now, false));
      case 14, 15, 16 -> invpcid(now);
      case 17, 18 -> edit(now);
      default -> rare(now);
    };
  }

  private TwinStep rare(Registers now) {
    return switch (random.nextInt(30)) {
      case 0 -> new TwinStep.Reset();
      case 1, 2 -> new TwinStep.ResetCounters();
      case 3, 4, 5 -> new TwinStep.MovCr3(random.nextLong());
      default -> new TwinStep.Touch(access(now));
    };
  }

  private Access access(Registers now) {
    AccessKind kind = kind(now);
    Mode mode = random.nextBoolean() ? Mode.USER : Mode.SUPERVISOR;
    if (chance(5) && (kind == AccessKind.READ || kind == AccessKind.WRITE)) {
      mode = Mode.IMPLICIT_SUPERVISOR;
    }
    long address = address(now, true);
    return new Access(address, kind, mode, random.nextBoolean(), chance(10));
  }

  private AccessKind kind(Registers now) {
    boolean cet = (now.cr4() & Cr4.CET) != 0;
    if (habits.shadowStacks() && cet && chance(20)) {
      return chance(50) ? AccessKind.SHADOW_STACK_READ : AccessKind.SHADOW_STACK_WRITE;
    }
    return switch (random.nextInt(6)) {
      case 0 -> AccessKind.FETCH;
      case 1, 2 -> AccessKind.WRITE;
      default -> AccessKind.READ;
    };
  }

  /** An address of a page, of a table, of nothing, or one that is not canonical. */
  private long address(Registers now, boolean metadata) {
    if (random.nextInt(500) == 0) {
      windowStart = random.nextInt(tables.pages.size());
    }
    int pages = tables.pages.size();
    Page page = tables.pages.get((windowStart + random.nextInt(habits.window())) % pages);
    if (chance(5)) {
      page = tables.pages.get(random.nextInt(pages));
    }
    // Few pieces of large pages, so that broken-up ones are met again.
    long offset = random.nextInt(0x3000);
    offset += (long) random.nextInt(3) << 21;
    long address = page.linearAddress() + (offset & (page.level().span() - 1));
    return switch (random.nextInt(100)) {
      case 0 -> tables.root() == Level.PML4 ? tables.recursiveAddress() : address;
      case 1 -> address ^ (1L << random.nextInt(64));
      case 2 -> address ^ (1L << (40 + random.nextInt(24)));
      case 3, 4, 5, 6 -> metadata ? tagged(now, address) : address;
      default -> address;
    };
  }

  /** A pointer to {@code address} with metadata in its upper bits. */
  private long tagged(Registers now, long address) {
    boolean all48 = address >= 0 && (now.cr3() & (Cr3.LAM_U48 | Cr3.LAM_U57)) == Cr3.LAM_U48;
    int width = all48 || (address < 0 && !now.la57()) ? 48 : 57;
    long metadata = -(1L << width) & Long.MAX_VALUE;
    return (address & ~metadata) | (random.nextLong() & metadata);
  }

  private long cr0(Registers now) {
    return switch (random.nextInt(8)) {
      case 0 -> now.cr0() ^ Cr0.CD;
      case 1 -> now.cr0() ^ Cr0.PG;
      default -> now.cr0() ^ Cr0.WP;
    };
  }

  private long cr3(Registers now) {
    long root = tables.roots.get(random.nextInt(tables.roots.size()));
    long value = root;
    if (cpu.has(Feature.LAM) && chance(30)) {
      value |= random.nextLong() & (Cr3.LAM_U48 | Cr3.LAM_U57);
    }
    if (!now.pcide()) {
      return chance(5) ? value | Cr3.PWT : value;
    }
    int pcid = chance(10) ? 0xfff : random.nextInt(4);
    boolean mayStay = habits.forgetful() || rootOfPcid.getOrDefault(pcid, root) == root;
    return value | pcid | (mayStay && chance(80) ? Cr3.NO_FLUSH : 0);
  }

  private long keys() {
    long value = random.nextLong(1L << 32);
    value &= random.nextLong();
    return chance(3) ? value | 1L << 40 : value;
  }

  private TwinStep wrmsr(Registers now) {
    return switch (random.nextInt(8)) {
      case 0 -> new TwinStep.Wrmsr(Efer.MSR, now.efer() ^ Efer.NXE);
      case 1 -> new TwinStep.Wrmsr(Efer.MSR, now.efer() ^ Efer.SCE);
      case 2 -> new TwinStep.Wrmsr(Efer.MSR, random.nextLong());
      case 3 -> new TwinStep.Wrmsr(Pat.MSR, random.nextLong() & 0x0707_0707_0707_0707L);
      default -> new TwinStep.Wrmsr(ProtectionKeys.PKRS_MSR, keys());
    };
  }

  private TwinStep invpcid(Registers now) {
    long type = chance(5) ? 4 : chance(70) ? 0 : random.nextInt(4);
    long pcid = now.pcide() || chance(10) ? random.nextInt(4) : 0;
    pcid |= chance(3) ? 0x1000 : 0;
    return new TwinStep.Invpcid(new InvpcidOperand(type, pcid, address(now, false)));
  }

  /** An edit of an entry and, planned after it, its invalidation. */
  private TwinStep edit(Registers now) {
    Page page = tables.pages.get(random.nextInt(tables.pages.size()));
    long address = page.linearAddress();
    int depth = page.level().ordinal() - tables.root().ordinal();
    // Most edits are of the last entry; the walk down may end before it.
    int steps = chance(70) ? depth : random.nextInt(depth + 1);
    long table = now.root();
    Level level = tables.root();
    for (int i = 0; i < steps; i++) {
      long entry = memory.read64(table + 8L * level.index(address));
      if (!Entry.has(entry, Entry.P) || Entry.has(entry, Entry.PS)) {
        break;
      }
      table = Entry.table(entry) & ~cpu.unimplementedAddressBits();
      level = level.next();
    }
    long at = table + 8L * level.index(address);
    boolean common = level == tables.root() && TwinTables.isShared(address);
    long value = edited(page, level, memory.read64(at)) | (common ? Entry.A : 0);
    TwinStep.Store store = new TwinStep.Store(at, value);
    if (common) {
      tables.roots.forEach(root -> planned.add(new TwinStep.Store(root + (at & 0xfff), value)));
    }
    if (habits.forgetful() && chance(60)) {
      return store;
    }
    boolean lastOfLower = level == Level.PT && !TwinTables.isShared(address);
    if (lastOfLower && chance(70)) {
      planned.add(new TwinStep.Invlpg(address));
      rootOfPcid.replaceAll((pcid, root) -> root == now.root() ? -1L : root);
    } else {
      planInvalidationOfAll(now);
    }
    return store;
  }

  private long edited(Page page, Level level, long before) {
    if (level == page.level()) {
      long bits = Entry.P | Entry.RW | Entry.US | Entry.XD | Entry.A | Entry.D;
      return chance(50) ? tables.leaf(page) : before ^ (random.nextLong() & bits);
    }
    // The tables below stay where they are.
    return (before & Entry.ADDRESS & ~cpu.unimplementedAddressBits())
        | tables.tableFlags(page.linearAddress());
  }

  private void planInvalidationOfAll(Registers now) {
    if (cpu.has(Feature.INVPCID) && random.nextBoolean()) {
      planned.add(new TwinStep.Invpcid(new InvpcidOperand(2, 0, 0)));
    } else {
      planned.add(new TwinStep.MovCr4(now.cr4() ^ Cr4.PGE));
      planned.add(new TwinStep.MovCr4(now.cr4()));
    }
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }
}
