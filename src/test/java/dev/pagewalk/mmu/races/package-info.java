/**
 * Several cores, each with an MMU of its own, on one set of tables that a kernel changes under
 * them.
 *
 * <p>{@link dev.pagewalk.mmu.races.SharedTables} holds entries of which every value is known by its
 * version, {@link dev.pagewalk.mmu.races.Kernel} changes them by compare-and-set, {@link
 * dev.pagewalk.mmu.races.Core} accesses pages and checks that each answer rests on versions that
 * were there.
 */
package dev.pagewalk.mmu.races;
