package dev.pagewalk.kernel;

import java.util.Locale;

/** What {@link VmStat} counts, by the names of {@code /proc/vmstat}. */
public enum VmEvent {
  /** Page faults that were resolved, major ones among them. */
  PGFAULT,
  /** Faults that waited for a device. */
  PGMAJFAULT,
  /** Pages read from swap. */
  PSWPIN,
  /** Pages written to swap. */
  PSWPOUT,
  /** Pages read from swap before anybody asked for them. */
  SWAP_RA,
  /** Pages of these that somebody asked for later. */
  SWAP_RA_HIT,
  /** Pages written back to files. */
  NR_WRITTEN,
  /** Pages that reclaim wrote, to files or to swap. */
  NR_VMSCAN_WRITE,
  /** Pages that background reclaim looked at. */
  PGSCAN_KSWAPD,
  /** Pages that were looked at for someone who waited. */
  PGSCAN_DIRECT,
  /** Pages that background reclaim took. */
  PGSTEAL_KSWAPD,
  /** Pages that were taken for someone who waited. */
  PGSTEAL_DIRECT,
  /** Anonymous pages that were looked at. */
  PGSCAN_ANON,
  /** Pages of files that were looked at. */
  PGSCAN_FILE,
  /** Anonymous pages that were taken. */
  PGSTEAL_ANON,
  /** Pages of files that were taken. */
  PGSTEAL_FILE,
  /** Victims that could not be given up. */
  PGROTATED,
  /** Offered pages (MADV_FREE) that were dropped without being written. */
  PGLAZYFREED,
  /** Times that somebody had to wait for reclaim. */
  ALLOCSTALL,
  /** Times that background reclaim ran. */
  PAGEOUTRUN,
  /** Anonymous pages that came back while reclaim still knew of them. */
  WORKINGSET_REFAULT_ANON,
  /** The same for pages of files. */
  WORKINGSET_REFAULT_FILE,
  /** Anonymous pages that came back so soon that they belong to the working set. */
  WORKINGSET_ACTIVATE_ANON,
  /** The same for pages of files. */
  WORKINGSET_ACTIVATE_FILE,
  /** Locked pages that reclaim met and set aside. */
  UNEVICTABLE_PGS_CULLED,
  /** Pages that came back from there. */
  UNEVICTABLE_PGS_RESCUED,
  /** Huge pages that were cut into small ones. */
  THP_SPLIT_PAGE,
  /** Processes that were killed for their memory. */
  OOM_KILL;

  /** The name in {@code /proc/vmstat}. */
  public String linuxName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
