package dev.pagewalk.mmu;

import dev.pagewalk.arch.Level;
import java.util.List;
import java.util.Map;

/**
 * All that an MMU's structures hold at one moment.
 *
 * @param tlbs contents by the TLB's name, first level first, entries by set and way
 * @param pagingStructureCaches contents by the level of the cached entries
 */
public record MmuSnapshot(
    Map<String, List<TlbEntry>> tlbs,
    Map<Level, List<PagingStructureCacheEntry>> pagingStructureCaches) {}
