/**
 * Page tables of other shapes, for comparison only: radix trees of one to five levels, hashed and
 * inverted tables, and what each would read and weigh for a trace. No processor here uses them.
 *
 * <p>Imports {@code arch} and {@code trace}. Imported by the edges.
 */
package dev.pagewalk.machine.tables;
