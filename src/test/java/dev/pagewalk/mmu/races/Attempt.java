package dev.pagewalk.mmu.races;

import dev.pagewalk.arch.ErrorCode;
import dev.pagewalk.mmu.AccessCode;
import dev.pagewalk.mmu.Faults;
import dev.pagewalk.mmu.races.SharedTables.Kind;
import java.util.function.LongPredicate;

/**
 * An access and the versions of the entries that its answer may rest on.
 *
 * @param region of the page
 * @param page its number in the region
 * @param access a user-mode access, see {@link AccessCode}
 * @param pde versions of the region's PDE
 * @param pte0 versions of the PTE in the one page table
 * @param pte1 versions of the PTE in the other
 */
record Attempt(int region, int page, int access, Versions pde, Versions pte0, Versions pte1) {
  /** Whether {@code result} may be what the MMU says of the address {@code offset} in the page. */
  boolean allows(long result, long offset) {
    return Faults.isFault(result) ? allowsFault(result) : allowsAddress(result, offset);
  }

  private boolean isWrite() {
    return access == AccessCode.USER_WRITE;
  }

  private boolean allowsAddress(long result, long offset) {
    long version = SharedTables.version(result);
    if (SharedTables.isLarge(result)) {
      long within = SharedTables.linearAddress(0, page) | offset;
      return result == (SharedTables.large(region, version) | within)
          && pde.has(version)
          && SharedTables.kind(version) == Kind.LARGE
          && (!isWrite() || SharedTables.isPdeWritable(version));
    }
    int table = SharedTables.table(result);
    return result == (SharedTables.piece(region, table, page, version) | offset)
        && pte(table).has(version)
        && SharedTables.isPresent(version)
        && pde.any(n -> references(n, table) && (!isWrite() || SharedTables.isPdeWritable(n)))
        && (!isWrite() || SharedTables.isWritable(version));
  }

  private boolean allowsFault(long result) {
    int error = ErrorCode.US | (isWrite() ? ErrorCode.WR : 0);
    error |= access == AccessCode.USER_FETCH ? ErrorCode.ID : 0;
    if (!Faults.isPageFault(result)) {
      return false;
    }
    if (Faults.errorCode(result) == error) {
      return pde.any(n -> SharedTables.kind(n) == Kind.ABSENT)
          || anyPte(n -> true, n -> !SharedTables.isPresent(n));
    }
    return isWrite() && Faults.errorCode(result) == (error | ErrorCode.P) && isRefusedWrite();
  }

  private boolean isRefusedWrite() {
    return pde.any(n -> SharedTables.kind(n) == Kind.LARGE && !SharedTables.isPdeWritable(n))
        || anyPte(n -> !SharedTables.isPdeWritable(n), SharedTables::isPresent)
        || anyPte(n -> true, n -> SharedTables.isPresent(n) && !SharedTables.isWritable(n));
  }

  /** Whether some PDE as {@code upper} says leads to some PTE as {@code lower} says. */
  private boolean anyPte(LongPredicate upper, LongPredicate lower) {
    boolean any = false;
    for (int table = 0; table < 2; table++) {
      int one = table;
      any |= pde.any(n -> references(n, one) && upper.test(n)) && pte(table).any(lower);
    }
    return any;
  }

  private Versions pte(int table) {
    return table == 0 ? pte0 : pte1;
  }

  private static boolean references(long pde, int table) {
    return SharedTables.kind(pde) == (table == 0 ? Kind.TABLE_0 : Kind.TABLE_1);
  }
}
