package dev.pagewalk.mmu.races;

import static dev.pagewalk.mmu.races.SharedTables.PAGES;
import static dev.pagewalk.mmu.races.SharedTables.REGIONS;

import dev.pagewalk.arch.Entry;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.races.SharedTables.Kind;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * One core: it accesses pages, with and without INVLPG before, and checks each answer.
 *
 * <p>An answer may be as old as the core's last INVLPG of the page, and no older. If the kernel has
 * left an entry alone from before an INVLPG to after the access, the access must have marked it.
 */
final class Core implements Callable<Core> {
  private static final int ENTRIES = 5;

  private final SharedTables tables;
  private final Mmu mmu;
  private final SplittableRandom random;
  private final int accesses;

  /** By region and page: versions of the PDE and of both PTEs at the last INVLPG. */
  private final long[][][] floors = new long[REGIONS][PAGES][ENTRIES];

  private final long[] tokens = new long[ENTRIES];
  private long reached;
  private long marksProved;

  Core(SharedTables tables, Mmu mmu, long seed, int accesses) {
    this.tables = tables;
    this.mmu = mmu;
    this.random = new SplittableRandom(seed);
    this.accesses = accesses;
  }

  /** Makes all accesses. */
  @Override
  public Core call() {
    for (int i = 0; i < accesses; i++) {
      int access =
          switch (random.nextInt(5)) {
            case 0 -> AccessCode.USER_FETCH;
            case 1, 2 -> AccessCode.USER_WRITE;
            default -> AccessCode.USER_READ;
          };
      access(random.nextInt(REGIONS), random.nextInt(PAGES), access);
    }
    return this;
  }

  Mmu mmu() {
    return mmu;
  }

  /** Accesses that reached memory. */
  long reached() {
    return reached;
  }

  /** Entries that had to be marked by an access, and were. */
  long marksProved() {
    return marksProved;
  }

  private void access(int region, int page, int access) {
    VersionedEntry[] path = {
      tables.pml4e(),
      tables.pdpte(),
      tables.pde(region),
      tables.pte(region, 0, page),
      tables.pte(region, 1, page)
    };
    long[] floor = floors[region][page];
    long linearAddress = SharedTables.linearAddress(region, page);
    boolean invalidate = random.nextInt(3) == 0;
    if (invalidate) {
      for (int i = 0; i < ENTRIES; i++) {
        tokens[i] = path[i].changes();
        floor[i] = path[i].atLeast();
      }
      mmu.invlpg(linearAddress);
    }
    long offset = random.nextInt(4096);
    long result = mmu.translate(linearAddress | offset, access);
    Versions pde = new Versions(floor[2], path[2].atMost());
    Versions pte0 = new Versions(floor[3], path[3].atMost());
    Versions pte1 = new Versions(floor[4], path[4].atMost());
    Attempt attempt = new Attempt(region, page, access, pde, pte0, pte1);
    if (!attempt.allows(result, offset)) {
      throw new AssertionError("0x%x, INVLPG %s, %s".formatted(result, invalidate, attempt));
    }
    if (!Faults.isFault(result)) {
      reached++;
      if (invalidate) {
        checkMarks(path, access == AccessCode.USER_WRITE);
      }
    }
  }

  private void checkMarks(VersionedEntry[] path, boolean write) {
    checkMark(path, 0, false);
    checkMark(path, 1, false);
    Kind kind = SharedTables.kind(path[2].atLeast());
    if (checkMark(path, 2, write && kind == Kind.LARGE) && kind != Kind.LARGE) {
      checkMark(path, kind == Kind.TABLE_0 ? 3 : 4, write);
    }
  }

  /** Whether the kernel has left the {@code i}th entry alone; then it must have its marks. */
  private boolean checkMark(VersionedEntry[] path, int i, boolean dirty) {
    long entry = path[i].read();
    if (!path[i].isUntouchedSince(tokens[i])) {
      return false;
    }
    if (!Entry.has(entry, dirty ? Entry.A | Entry.D : Entry.A)) {
      throw new AssertionError("entry %d is not marked: 0x%x".formatted(i, entry));
    }
    marksProved++;
    return true;
  }
}
