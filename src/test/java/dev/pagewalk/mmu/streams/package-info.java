/**
 * The MMU's proof by streams: seeded programs of table edits, register writes, invalidations and
 * accesses, held against the reference walk.
 *
 * <p>{@link dev.pagewalk.mmu.streams.DifferentialStreamTest} invalidates as the manual demands and
 * wants equality; {@link dev.pagewalk.mmu.streams.WithheldInvalidationTest} does not, and asks
 * {@link dev.pagewalk.mmu.streams.Permitted} whether an answer may be that old. {@link
 * dev.pagewalk.mmu.streams.Shrinker} makes a failure small, {@link
 * dev.pagewalk.mmu.streams.VectorPrinter} makes it a vector.
 */
package dev.pagewalk.mmu.streams;
