/**
 * The kernel: address spaces and a page-fault handler that answer as Linux does.
 *
 * <p>May import {@code arch} and {@code physmem}; imported by {@code machine}, {@code vectors} and
 * the edges, never by the MMU. It speaks Linux's words. A mapping lives in VMAs, in the records of
 * frames and in the page tables, which are entries in physical memory, and nowhere else. {@link
 * dev.pagewalk.kernel.Kernel} is the way in; {@link dev.pagewalk.kernel.AddressSpace} is a process.
 *
 * <p>MODEL: one operation runs at a time, as if under one lock.
 */
package dev.pagewalk.kernel;
