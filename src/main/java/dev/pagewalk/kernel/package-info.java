/**
 * The kernel: address spaces, the fault handler, frames, swap, page cache.
 *
 * <p>May import {@code arch} and {@code physmem}; imported by {@code machine} and everything above
 * it.
 */
package dev.pagewalk.kernel;
