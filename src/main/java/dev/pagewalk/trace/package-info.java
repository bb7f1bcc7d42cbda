/**
 * Memory traces: what a program did to its memory, one access after another, read from the formats
 * of other tools, written in our own, or generated.
 *
 * <p>Imports {@code arch}. Imported by {@code machine}, which replays traces, and by the edges.
 */
package dev.pagewalk.trace;
