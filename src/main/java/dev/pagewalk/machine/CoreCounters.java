package dev.pagewalk.machine;

/**
 * What a {@link Core} has done for context switches and invalidations.
 *
 * @param switches address spaces loaded
 * @param switchFlushes those of them that dropped what the TLB held for the PCID: a new address
 *     space, or one that missed invalidations while it was away
 * @param invlpgs pages dropped one by one
 * @param flushes loads of CR3 that dropped a whole PCID, in place of many pages
 * @param interrupts interrupts by which other cores asked for invalidations, each acknowledged
 */
public record CoreCounters(
    long switches, long switchFlushes, long invlpgs, long flushes, long interrupts) {}
