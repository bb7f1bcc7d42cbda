/**
 * Memory traces: what a program did to its memory, one access after another, read from the formats
 * of other tools, written in our own, or generated. {@link dev.pagewalk.trace.TraceFiles} opens and
 * creates them by name.
 *
 * <p>Imports {@code arch}, and the libraries of xz and Zstandard where such a file is read or
 * written. Imported by {@code machine}, which replays traces, and by the edges.
 */
package dev.pagewalk.trace;
