/**
 * Sweeps: a grid of machines, policies, numbers of frames and models of processors over traces,
 * each cell a replay by itself, in parts if one machine does not suffice.
 *
 * <p>Imports {@code trace}, {@code kernel.policy} and the rest of {@code machine}. Imported by the
 * edges.
 */
package dev.pagewalk.machine.sweep;
