/**
 * The architecture as data: bits, registers, processors and the choices that the manuals leave
 * open.
 *
 * <p>Imports nothing of Pagewalk; imported by every other package. All that is here is stateless:
 * masks and functions over {@code long}, records and enumerations. It says which bits there are and
 * which values a register takes, never how a linear address is translated: that is told twice, once
 * in {@link dev.pagewalk.spec} and once in the MMU, so that each can check the other.
 */
package dev.pagewalk.arch;
