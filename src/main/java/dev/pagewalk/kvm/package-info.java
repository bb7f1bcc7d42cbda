/**
 * The machine underneath: a guest of Linux's KVM, driven by its own ioctls, that performs single
 * accesses and instructions through page tables.
 *
 * <p>May import {@code physmem} and everything below; imported by {@code vectors}.
 */
package dev.pagewalk.kvm;
