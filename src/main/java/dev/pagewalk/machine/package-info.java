/**
 * Machines: cores, memory and kernel put together, and the models of processor that they can have.
 *
 * <p>May import all rooms below; imported by {@code vectors} and the edges.
 */
package dev.pagewalk.machine;
