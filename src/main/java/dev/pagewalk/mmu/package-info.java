/**
 * The MMU of one core: TLBs, paging-structure caches, PCIDs and the fast walk.
 *
 * <p>May import {@code arch} and {@code physmem}; imported by {@code machine}, {@code vectors} and
 * the edges, never by {@code spec}, which judges it, nor by the kernel, which meets it only in
 * physical memory. {@link dev.pagewalk.mmu.Mmu} is the way in.
 */
package dev.pagewalk.mmu;
