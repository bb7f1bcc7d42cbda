package dev.pagewalk.bench;

import dev.pagewalk.arch.CacheGeometry;
import dev.pagewalk.arch.Cpu;
import dev.pagewalk.arch.CpuModel;
import dev.pagewalk.arch.Cr4;
import dev.pagewalk.arch.Entry;
import dev.pagewalk.arch.Level;
import dev.pagewalk.arch.ModelChoices.LargePages;
import dev.pagewalk.arch.ModelPresets;
import dev.pagewalk.arch.PageSize;
import dev.pagewalk.arch.Port;
import dev.pagewalk.arch.Registers;
import dev.pagewalk.arch.Replacement;
import dev.pagewalk.arch.TlbGeometry;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.physmem.PhysicalMemory;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * MMUs of many geometries in one process, which do all that an MMU can do to a page.
 *
 * <p>They keep the JIT honest: a method that has seen one geometry, one size of page or no fault is
 * compiled for that alone. Each has eight regions of 1 GiB to access, user and supervisor, read,
 * written and fetched from: pages of all sizes, not present, read-only, execute-disable, supervisor
 * ones, dirty and clean.
 */
final class Company implements AutoCloseable {
  /** Most members. */
  static final int MOST = 8;

  /** Accesses of each member in one {@link #work}. */
  static final int ACCESSES = 20_000;

  private static final long BYTES = 16L << 30;
  private static final long ROOT = 0x1000;
  private static final long TABLE_BITS = Entry.P | Entry.RW | Entry.US | Entry.A;
  private static final int REGIONS = 8;

  /** Codes of kinds and modes that {@link dev.pagewalk.mmu.AccessCode} documents. */
  private static final int[] KINDS = {8, 9, 8, 9, 10, 0, 1, 2};

  private final List<PhysicalMemory> memories = new ArrayList<>();
  private final List<Mmu> members = new ArrayList<>();
  private long rng = Workload.SEED;

  /** The first {@code count} of the members, 0 to {@link #MOST}. */
  Company(int count) {
    List<CpuModel> models = models().subList(0, count);
    Cpu cpu = Cpu.withEverything(46, ModelPresets.SDM);
    for (CpuModel model : models) {
      PhysicalMemory memory = tables();
      memories.add(memory);
      Registers registers = Registers.longMode(ROOT);
      boolean odd = members.size() % 2 == 1;
      long cr4 = odd ? Cr4.PAE | Cr4.PGE | Cr4.SMEP : Cr4.PAE | Cr4.PCIDE;
      members.add(Mmu.create(model, cpu, memory, registers.withCr4(cr4)));
    }
  }

  /** The first {@code count} models over the tables of a {@link Workload}. */
  static List<Mmu> over(PhysicalMemory memory, int count) {
    List<Mmu> mmus = new ArrayList<>();
    for (CpuModel model : models().subList(0, count)) {
      mmus.add(Mmu.create(model, Workload.cpu(), memory, Workload.registers()));
    }
    return mmus;
  }

  /** The members. */
  List<Mmu> members() {
    return members;
  }

  /** Has each member make {@link #ACCESSES}. */
  long work() {
    long sum = 0;
    for (int i = 0; i < members.size(); i++) {
      sum += work(members.get(i), ACCESSES);
    }
    return sum;
  }

  /** Has {@code mmu} make {@code accesses}; about one in five faults. */
  long work(Mmu mmu, int accesses) {
    long state = rng;
    long sum = 0;
    for (int k = 0; k < accesses; k++) {
      state = Workload.next(state);
      long x = Workload.drawn(state);
      long page = ((x >>> 59 & 7) << 18) | ((x >>> 48 & 0x3f) << (x >>> 40 & 8));
      sum += mmu.translate((page << 12) | (x & 0xff8), KINDS[(int) (x >>> 20) & 7]);
    }
    rng = state;
    return sum;
  }

  @Override
  public void close() {
    memories.forEach(PhysicalMemory::close);
  }

  /** Regions 0 and 1 are 1 GiB pages, 2 and 3 have 2 MiB pages, the others 4 KiB pages. */
  private static PhysicalMemory tables() {
    PhysicalMemory memory = PhysicalMemory.builder().ram(0, BYTES).flat().build();
    memory.write64(ROOT, 0x2000 | TABLE_BITS);
    long free = 0x3000;
    for (int region = 0; region < REGIONS; region++) {
      long at = 0x2000 + 8L * region;
      long start = region * PageSize.SIZE_1G.bytes();
      if (region < 2) {
        memory.write64(at, start | TABLE_BITS | Entry.PS | (region == 0 ? Entry.D : 0));
        continue;
      }
      long pd = free;
      memory.write64(at, pd | TABLE_BITS);
      free += PhysicalMemory.FRAME_BYTES;
      for (int i = 0; i < 512; i++) {
        long va = start + i * PageSize.SIZE_2M.bytes();
        if (region < 4) {
          memory.write64(pd + 8L * i, va | leaf(i) | Entry.PS);
        } else if (i < 32) {
          memory.write64(pd + 8L * i, free | TABLE_BITS);
          for (int k = 0; k < 512; k++) {
            memory.write64(free + 8L * k, va | ((long) k << 12) | leaf(i + k));
          }
          free += PhysicalMemory.FRAME_BYTES;
        }
      }
    }
    return memory;
  }

  private static long leaf(int i) {
    return switch (i % 16) {
      case 3 -> 0;
      case 5 -> Entry.P | Entry.RW;
      case 7 -> Entry.P | Entry.US;
      case 11 -> TABLE_BITS | Entry.XD | Entry.D;
      case 13 -> TABLE_BITS | Entry.G;
      default -> TABLE_BITS | Entry.D;
    };
  }

  private static List<CpuModel> models() {
    Set<PageSize> all = EnumSet.allOf(PageSize.class);
    Set<PageSize> small = EnumSet.of(PageSize.SIZE_4K);
    Set<PageSize> two = EnumSet.of(PageSize.SIZE_4K, PageSize.SIZE_2M);
    Map<Level, CacheGeometry> none = Map.of();
    Map<Level, CacheGeometry> one = Map.of(Level.PD, lru(1, 16));
    Map<Level, CacheGeometry> three =
        Map.of(
            Level.PML4, lru(1, 2),
            Level.PDPT, lru(1, 4),
            Level.PD, shape(4, 8, Replacement.TREE_PLRU));
    return List.of(
        model(new Shape(small, lru(1, 4)), null, none, LargePages.FRACTURED),
        model(new Shape(two, lru(256, 1)), new Shape(all, lru(2048, 1)), three, LargePages.WHOLE),
        model(
            new Shape(all, shape(1, 64, Replacement.TREE_PLRU)),
            new Shape(two, lru(128, 8)),
            three,
            LargePages.WHOLE),
        model(
            new Shape(two, shape(8, 3, Replacement.NMRU)),
            new Shape(two, lru(64, 5)),
            none,
            LargePages.SMASHED_1G),
        model(
            new Shape(all, shape(16, 8, Replacement.RANDOM)),
            new Shape(all, shape(256, 6, Replacement.TREE_PLRU)),
            three,
            LargePages.WHOLE),
        model(new Shape(small, lru(16, 4)), new Shape(two, lru(128, 12)), three, LargePages.WHOLE),
        model(new Shape(all, lru(1, 128)), new Shape(all, lru(4096, 4)), one, LargePages.WHOLE),
        model(new Shape(two, lru(4, 2)), new Shape(all, lru(16, 16)), none, LargePages.WHOLE));
  }

  private record Shape(Set<PageSize> sizes, CacheGeometry geometry) {}

  /** Loads and stores share a first level, all ports the second; none if {@code l2} is null. */
  private static CpuModel model(
      Shape l1, Shape l2, Map<Level, CacheGeometry> caches, LargePages largePages) {
    List<TlbGeometry> first =
        List.of(
            new TlbGeometry("L1I", EnumSet.of(Port.FETCH), l1.sizes, l1.geometry),
            new TlbGeometry("L1D", EnumSet.of(Port.LOAD, Port.STORE), l1.sizes, l1.geometry));
    List<TlbGeometry> second =
        l2 == null
            ? List.of()
            : List.of(new TlbGeometry("L2", EnumSet.allOf(Port.class), l2.sizes, l2.geometry));
    return new CpuModel("one of many", first, second, caches, largePages, 1);
  }

  private static CacheGeometry lru(int sets, int ways) {
    return shape(sets, ways, Replacement.LRU);
  }

  private static CacheGeometry shape(int sets, int ways, Replacement replacement) {
    return new CacheGeometry(sets, ways, replacement);
  }
}
