/**
 * What one pass over a trace tells of all memory sizes at once: faults of LRU by number of frames,
 * working-set sizes by window.
 *
 * <p>Imports {@code trace} and {@code kernel.policy}. Imported by the edges.
 */
package dev.pagewalk.machine.curve;
