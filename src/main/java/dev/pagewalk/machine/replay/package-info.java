/**
 * Replay: a trace's accesses go through cores, TLBs, page tables and the kernel of a machine, and
 * what happened is counted and priced.
 *
 * <p>May import what {@code machine} may; imported by the edges. {@link
 * dev.pagewalk.machine.replay.Replayer} is where to begin.
 */
package dev.pagewalk.machine.replay;
